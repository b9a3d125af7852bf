//! A mail server that keeps what it gets, or refuses it as it is told; and reading a mail as a person does.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mailin_embedded::{Handler, Response, Server, response};

/// A mail as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// Whom it was for.
    pub to: String,
    /// The whole of it.
    pub raw: String,
}

impl Received {
    /// From the text of a file.
    pub fn from_raw(raw: &str) -> Self {
        let to = header(raw, "To").unwrap_or_default();
        Self {
            to: to.trim_matches(['<', '>']).to_owned(),
            raw: raw.to_owned(),
        }
    }

    /// What it is about.
    pub fn subject(&self) -> String {
        header(&self.raw, "Subject").unwrap_or_default()
    }

    /// The first link in it.
    pub fn link(&self) -> String {
        let from = self
            .raw
            .find("http")
            .unwrap_or_else(|| panic!("no link: {}", self.raw));
        self.raw[from..].split_whitespace().next().unwrap().to_owned()
    }

    /// What stands behind the `#` of the link.
    pub fn token(&self) -> String {
        self.link().split_once('#').unwrap().1.to_owned()
    }
}

fn header(raw: &str, name: &str) -> Option<String> {
    let start = format!("{name}: ");
    let line = raw.lines().find(|line| line.starts_with(&start))?;
    Some(line[start.len()..].trim().to_owned())
}

#[derive(Default)]
struct State {
    mails: Vec<Received>,
    refusal: Option<u16>,
    refused: usize,
}

/// The server; it goes away with the program.
#[derive(Clone)]
pub struct MailServer {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl MailServer {
    /// On a free port of this computer.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::<Mutex<State>>::default();
        let clerk = Clerk {
            state: Arc::clone(&state),
            to: String::new(),
            raw: Vec::new(),
        };
        std::thread::spawn(move || {
            let mut server = Server::new(clerk);
            server.with_name("mail.test").with_tcp_listener(listener);
            drop(server.serve());
        });
        Self { port, state }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on every mail is refused with this code, or taken.
    pub fn refuse(&self, code: Option<u16>) {
        self.state().refusal = code;
    }

    /// How many were refused.
    pub fn refused(&self) -> usize {
        self.state().refused
    }

    /// What has come.
    pub fn mails(&self) -> Vec<Received> {
        self.state().mails.clone()
    }
}

/// Takes the mails of one connection.
#[derive(Clone)]
struct Clerk {
    state: Arc<Mutex<State>>,
    to: String,
    raw: Vec<u8>,
}

impl Handler for Clerk {
    fn rcpt(&mut self, to: &str) -> Response {
        to.clone_into(&mut self.to);
        self.raw.clear();
        response::OK
    }

    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.raw.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(code) = state.refusal {
            state.refused += 1;
            return Response::custom(code, "as it was told".to_owned());
        }
        state.mails.push(Received {
            to: self.to.clone(),
            raw: String::from_utf8_lossy(&self.raw).into_owned(),
        });
        response::OK
    }
}
