//! Signing in.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use hearth_shared::endpoint::API_BASE;
use serde_json::{Value, json};

use super::http::{self, Connection};
use crate::setup::Setup;
use crate::world::PASSWORD;

/// Sign-ins under way at a time.
const AT_ONCE: usize = 16;

/// An access token; it lasts ten minutes, so each row gets its own.
pub(crate) type Token = Arc<str>;

/// Registers the person whose password hash becomes everybody's.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn register_first(address: SocketAddr) -> Result<()> {
    let body = json!({
        "username": "first", "email": "first@hearth.example", "password": PASSWORD, "display_name": "First",
    });
    let request = http::request(
        "POST",
        &format!("{API_BASE}/auth/register"),
        None,
        &body.to_string(),
    );
    let mut connection = Connection::open(address).await?;
    let answer = connection.call(&request).await?;
    if answer.status != 201 {
        bail!(
            "register: {} {}",
            answer.status,
            String::from_utf8_lossy(answer.body)
        );
    }
    Ok(())
}

/// Signs people in, each on the node that the client of that place uses.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn sign_in(setup: &Setup, people: impl IntoIterator<Item = u64>) -> Result<Vec<Token>> {
    let people: Vec<(usize, u64)> = people.into_iter().enumerate().collect();
    let mut tasks = Vec::new();
    let share = people.len().div_ceil(AT_ONCE).max(1);
    for some in people.chunks(share) {
        let some: Vec<_> = some
            .iter()
            .map(|(place, person)| (setup.node_of(*place), setup.world.username(*person)))
            .collect();
        tasks.push(tokio::spawn(async move {
            let mut tokens = Vec::new();
            for (address, username) in some {
                tokens.push(sign_in_as(address, &username).await?);
            }
            anyhow::Ok(tokens)
        }));
    }
    let mut tokens = Vec::new();
    for task in tasks {
        tokens.extend(task.await??);
    }
    Ok(tokens)
}

/// Signs somebody in.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn sign_in_as(address: SocketAddr, username: &str) -> Result<Token> {
    let body = json!({ "login": username, "password": PASSWORD });
    let request = http::request("POST", &format!("{API_BASE}/auth/login"), None, &body.to_string());
    let mut connection = Connection::open(address).await?;
    let answer = connection.call(&request).await?;
    if answer.status != 200 {
        bail!(
            "sign-in: {} {}",
            answer.status,
            String::from_utf8_lossy(answer.body)
        );
    }
    let session: Value = serde_json::from_slice(answer.body)?;
    let token = session["access_token"].as_str().context("no access token")?;
    Ok(token.into())
}
