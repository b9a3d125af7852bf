//! A mail server that keeps what it gets, or refuses it as it is told; and reading a mail as a person does.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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

    /// A header field as it was meant: one that was folded is one line again.
    pub fn header(&self, name: &str) -> String {
        let (head, _) = self.raw.split_once("\n\n").unwrap_or((&self.raw, ""));
        let head = head.replace("\r", "").replace("\n ", " ");
        header(&head, name).unwrap_or_default()
    }

    /// The text for programs that show no HTML.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The text laid out.
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    fn part(&self, kind: &str) -> String {
        let boundary = self.raw.split("boundary=\"").nth(1).unwrap();
        let boundary = format!("--{}", boundary.split('"').next().unwrap());
        let mut parts = self.raw.split(boundary.as_str());
        let part = parts
            .find(|part| part.contains(&format!("Content-Type: {kind}")))
            .unwrap_or_else(|| panic!("no {kind}: {}", self.raw));
        let (head, body) = part.trim_start().split_once("\n\n").unwrap();
        if head.contains("quoted-printable") {
            unquoted(body)
        } else {
            assert!(!head.contains("base64"), "not read here: {head}");
            body.to_owned()
        }
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

/// Quoted-printable (RFC 2045, 6.7) read back.
fn unquoted(body: &str) -> String {
    let body = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'=', [high, low, after @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap();
                bytes.push(u8::try_from(digit(high) * 16 + digit(low)).unwrap());
                rest = after;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[derive(Default)]
struct State {
    mails: Vec<Received>,
    /// It thinks for so long before it says that it has taken one.
    pause: Duration,
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
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state) = (stream.unwrap(), Arc::clone(&shared));
                // Whoever hangs up in the middle has not sent anything.
                std::thread::spawn(move || drop(serve(&stream, &state)));
            }
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

    /// From now on it thinks for so long between taking a mail and saying so.
    pub fn think(&self, pause: Duration) {
        self.state().pause = pause;
    }

    /// How many have come.
    pub fn count(&self) -> usize {
        self.state().mails.len()
    }

    /// What has come.
    pub fn mails(&self) -> Vec<Received> {
        self.state().mails.clone()
    }
}

/// One connection (RFC 5321), as far as a client needs it.
fn serve(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut writer = stream;
    let mut lines = BufReader::new(stream).lines();
    let mut to = String::new();
    writer.write_all(b"220 mail.test\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let verb = line.split([' ', ':']).next().unwrap_or_default();
        let answer = match verb.to_ascii_uppercase().as_str() {
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                address.clone_into(&mut to);
                250
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n")?;
                let mut raw = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    // A dot at the beginning has been doubled.
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    raw.push('\n');
                }
                take(state, &to, raw)
            }
            "QUIT" => {
                writer.write_all(b"221 goodbye\r\n")?;
                return Ok(());
            }
            _ => 250,
        };
        writer.write_all(format!("{answer} as it was told\r\n").as_bytes())?;
    }
    Ok(())
}

fn take(state: &Mutex<State>, to: &str, raw: String) -> u16 {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(code) = state.refusal {
        state.refused += 1;
        return code;
    }
    let to = to.to_owned();
    state.mails.push(Received { to, raw });
    let pause = state.pause;
    drop(state);
    std::thread::sleep(pause);
    250
}
