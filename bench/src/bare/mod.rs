//! What Hearth is compared with: the least that could do the same work on the same machine. The servers run as
//! programs of their own, so that their processor time can be told apart from the load generator's.

pub(crate) mod commit;
pub(crate) mod feed;
pub(crate) mod pgbench;
pub(crate) mod search;
pub(crate) mod sockets;
pub(crate) mod statements;

use std::io::Write;

use actix_web::{App, HttpServer, web};
use anyhow::{Context, Result};

/// Serves until it is ended; says where it listens as Hearth does.
fn serve(configure: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static) -> Result<()> {
    actix_web::rt::System::new().block_on(async move {
        let server =
            HttpServer::new(move || App::new().configure(configure.clone())).bind(("127.0.0.1", 0))?;
        let address = *server.addrs().first().context("no address to listen on")?;
        let server = server.run();
        writeln!(std::io::stdout(), "ready: http://{address}")?;
        Ok(server.await?)
    })
}
