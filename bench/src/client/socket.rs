//! A WebSocket's client end (RFC 6455), just enough of it: text frames of the server are counted where they lie in the
//! buffer, not copied.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use hearth_shared::endpoint::API_BASE;
use hearth_shared::realtime::{SOCKET_PATH, SUBPROTOCOL};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::http::find;

/// The mask of what we send. It protects proxies from pages, and here is neither.
const MASK: [u8; 4] = [1, 2, 3, 4];
const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// An open socket.
pub(crate) struct Socket {
    stream: TcpStream,
    input: Vec<u8>,
}

impl Socket {
    /// Opens a socket at a path, with a sub-protocol if one is asked for.
    ///
    /// # Errors
    /// When the server does not want one.
    pub(crate) async fn open(address: SocketAddr, path: &str, protocol: Option<&str>) -> Result<Self> {
        let mut stream = TcpStream::connect(address).await.context("cannot connect")?;
        stream.set_nodelay(true)?;
        let protocol =
            protocol.map_or_else(String::new, |name| format!("sec-websocket-protocol: {name}\r\n"));
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{protocol}\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut input = Vec::with_capacity(8 * 1024);
        let end = loop {
            if stream.read_buf(&mut input).await? == 0 {
                bail!("the server closed the connection");
            }
            if let Some(end) = find(&input, b"\r\n\r\n") {
                break end;
            }
        };
        if !input.starts_with(b"HTTP/1.1 101") {
            bail!("no socket: {}", String::from_utf8_lossy(&input));
        }
        input.drain(..end + 4);
        Ok(Self { stream, input })
    }

    /// Opens a socket of Hearth for somebody, up to `ready`.
    ///
    /// # Errors
    /// As `open`, and when the token is refused.
    pub(crate) async fn of_person(address: SocketAddr, token: &str) -> Result<Self> {
        let path = format!("{API_BASE}{SOCKET_PATH}");
        let mut socket = Self::open(address, &path, Some(SUBPROTOCOL)).await?;
        let auth = json!({ "type": "auth", "token": token });
        socket.send(&auth.to_string()).await?;
        let mut ready = false;
        while !ready {
            socket
                .receive(|frame| ready |= frame.starts_with(br#"{"type":"ready""#))
                .await?;
        }
        Ok(socket)
    }

    /// Sends a text frame.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(crate) async fn send(&mut self, text: &str) -> Result<()> {
        self.send_frame(TEXT, text.as_bytes()).await
    }

    async fn send_frame(&mut self, opcode: u8, bytes: &[u8]) -> Result<()> {
        let mut frame = vec![0x80 | opcode];
        match u16::try_from(bytes.len())? {
            short @ 0..126 => frame.push(0x80 | u8::try_from(short)?),
            long => {
                frame.push(0x80 | 126);
                frame.extend(long.to_be_bytes());
            }
        }
        frame.extend(MASK);
        frame.extend(
            bytes
                .iter()
                .zip(MASK.iter().cycle())
                .map(|(byte, mask)| byte ^ mask),
        );
        Ok(self.stream.write_all(&frame).await?)
    }

    /// Waits for bytes and hands every whole text frame over; answers pings.
    ///
    /// # Errors
    /// When the server closes the socket; the error says with which code.
    pub(crate) async fn receive(&mut self, mut on_text: impl FnMut(&[u8])) -> Result<()> {
        // What came together with the handshake, or with the frame that was waited for, is not waited for again.
        let mut used = self.take_frames(&mut on_text).await?;
        if used == 0 {
            if self.stream.read_buf(&mut self.input).await? == 0 {
                bail!("the server closed the connection");
            }
            used = self.take_frames(&mut on_text).await?;
        }
        self.input.drain(..used);
        Ok(())
    }

    /// Hands whole frames over. Gives how many bytes they were.
    async fn take_frames(&mut self, on_text: &mut impl FnMut(&[u8])) -> Result<usize> {
        let mut at = 0;
        while let Some((opcode, from, to)) = frame(&self.input[at..]) {
            let (from, to) = (at + from, at + to);
            match opcode {
                TEXT => on_text(&self.input[from..to]),
                PING => {
                    let bytes = self.input[from..to].to_vec();
                    self.send_frame(PONG, &bytes).await?;
                }
                CLOSE => {
                    let code = self.input.get(from..from + 2);
                    bail!(
                        "closed with {code:?}: {}",
                        String::from_utf8_lossy(&self.input[from..to])
                    );
                }
                _ => {}
            }
            at = to;
        }
        Ok(at)
    }
}

/// The first frame in some bytes, if it is whole: its kind, and where its content begins and ends. A server's frames
/// have no mask.
fn frame(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let opcode = bytes.first()? & 0x0f;
    let (from, length) = match bytes.get(1)? & 0x7f {
        126 => (
            4,
            u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?)),
        ),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    let to = from + usize::try_from(length).ok()?;
    (bytes.len() >= to).then_some((opcode, from, to))
}

/// The number after a key in a frame, such as `"seq":`.
pub(crate) fn number_after(frame: &[u8], key: &[u8]) -> Option<u64> {
    let from = find(frame, key)? + key.len();
    let digits = frame[from..].iter().take_while(|byte| byte.is_ascii_digit());
    digits
        .map(|digit| u64::from(digit - b'0'))
        .reduce(|sum, digit| sum * 10 + digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_all_lengths() {
        assert_eq!(frame(&[]), None);
        assert_eq!(frame(&[0x81, 2, b'h']), None);
        assert_eq!(frame(&[0x81, 2, b'h', b'i', 0x81]), Some((TEXT, 2, 4)));
        let mut long = vec![0x81, 126, 1, 0];
        long.resize(4 + 256, b'x');
        assert_eq!(frame(&long), Some((TEXT, 4, 260)));
        assert_eq!(frame(&long[..259]), None);
    }

    #[test]
    fn numbers_in_frames() {
        let text = br#"{"type":"event","stream":"c:7","seq":1203,"x":1}"#;
        assert_eq!(number_after(text, b"\"seq\":"), Some(1203));
        assert_eq!(number_after(text, b"\"number\":"), None);
    }
}
