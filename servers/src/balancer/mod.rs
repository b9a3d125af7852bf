//! A balancer of TCP connections in front of nodes: each new connection goes to the next node that is ready, and
//! to another one when it cannot be made. It knows nothing of HTTP but the question whether a node is ready.
//!
//! Two threads carry a connection, one each way. That is plain, and enough for some thousand connections.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// How often each node is asked whether it is ready.
const POLL: Duration = Duration::from_millis(200);
/// How long an answer or a connection may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// Threads that only copy need little.
const STACK: usize = 64 * 1024;

/// A running balancer. Stopped when dropped.
#[derive(Debug)]
pub struct Balancer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    nodes: Mutex<Vec<Arc<Node>>>,
    turn: AtomicUsize,
    stopped: AtomicBool,
    open: Mutex<HashMap<u64, (TcpStream, TcpStream)>>,
    next_connection: AtomicU64,
}

#[derive(Debug)]
struct Node {
    address: SocketAddr,
    ready: AtomicBool,
}

impl Balancer {
    /// Listens on a port of the loopback interface; 0 stands for a free one. There are no nodes yet.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn listen(port: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("the balancer cannot listen on 127.0.0.1:{port}"))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let doors = Arc::clone(&shared);
        small_thread(move || doors.accept(&listener))?;
        Ok(Self { address, shared })
    }

    /// Adds a node. It gets connections at once when it is ready now.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn add(&self, node: SocketAddr) -> Result<()> {
        let node = Arc::new(Node {
            address: node,
            ready: AtomicBool::new(is_ready(node)),
        });
        lock(&self.shared.nodes).push(Arc::clone(&node));
        let shared = Arc::clone(&self.shared);
        small_thread(move || {
            while !shared.stopped.load(Ordering::Relaxed) {
                node.ready.store(is_ready(node.address), Ordering::Relaxed);
                thread::sleep(POLL);
            }
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base of the addresses, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections it carries.
    pub fn connections(&self) -> usize {
        lock(&self.shared.open).len()
    }

    /// Lets nobody in any more and closes what is open.
    pub fn stop(&self) {
        if self.shared.stopped.swap(true, Ordering::Relaxed) {
            return;
        }
        // Wakes the thread that waits for connections.
        drop(TcpStream::connect_timeout(&self.address, PATIENCE));
        for (client, node) in lock(&self.shared.open).values() {
            client.shutdown(Shutdown::Both).ok();
            node.shutdown(Shutdown::Both).ok();
        }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for client in listener.incoming() {
            if self.stopped.load(Ordering::Relaxed) {
                return;
            }
            let Ok(client) = client else {
                // Too many open files: others must close theirs first.
                thread::sleep(Duration::from_millis(10));
                continue;
            };
            let shared = Arc::clone(&self);
            // Without a thread, or without a node, the connection closes.
            small_thread(move || drop(shared.carry(client))).ok();
        }
    }

    fn carry(self: Arc<Self>, client: TcpStream) -> Result<()> {
        let node = self.connect().context("no node answers")?;
        client.set_nodelay(true)?;
        node.set_nodelay(true)?;
        let connection = Open {
            number: self.next_connection.fetch_add(1, Ordering::Relaxed),
            shared: Arc::clone(&self),
        };
        lock(&self.open).insert(connection.number, (client.try_clone()?, node.try_clone()?));
        if self.stopped.load(Ordering::Relaxed) {
            return Ok(());
        }
        let (from, to) = (node.try_clone()?, client.try_clone()?);
        let connection = Arc::new(connection);
        let other_way = Arc::clone(&connection);
        small_thread(move || {
            copy(from, to);
            drop(other_way);
        })?;
        copy(client, node);
        Ok(())
    }

    /// A connection to the node whose turn it is: among the ready ones first, then among the others.
    fn connect(&self) -> Option<TcpStream> {
        let nodes = lock(&self.nodes).clone();
        let (mut ready, others): (Vec<_>, Vec<_>) = nodes
            .into_iter()
            .partition(|node| node.ready.load(Ordering::Relaxed));
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let first = turn % ready.len().max(1);
        ready.rotate_left(first);
        ready
            .iter()
            .chain(&others)
            .find_map(|node| TcpStream::connect_timeout(&node.address, PATIENCE).ok())
    }
}

/// A connection that is carried. When both ways have ended it closes and is forgotten.
#[derive(Debug)]
struct Open {
    number: u64,
    shared: Arc<Shared>,
}

impl Drop for Open {
    fn drop(&mut self) {
        lock(&self.shared.open).remove(&self.number);
    }
}

/// Copies to the end and passes the end on. What cannot be passed on any more is not read any more either.
fn copy(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16 * 1024];
    let broken = loop {
        match from.read(&mut buffer) {
            Ok(0) => break false,
            Ok(length) => {
                if to.write_all(&buffer[..length]).is_err() {
                    break true;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_reset) => break true,
        }
    };
    if broken {
        from.shutdown(Shutdown::Both).ok();
        to.shutdown(Shutdown::Both).ok();
    } else {
        to.shutdown(Shutdown::Write).ok();
    }
}

/// Whether `GET /readyz` is answered with 200.
fn is_ready(node: SocketAddr) -> bool {
    let ask = || -> std::io::Result<[u8; 12]> {
        let mut stream = TcpStream::connect_timeout(&node, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(
            format!("GET /readyz HTTP/1.1\r\nHost: {node}\r\nConnection: close\r\n\r\n").as_bytes(),
        )?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(start)
    };
    ask().is_ok_and(|start| &start == b"HTTP/1.1 200")
}

fn small_thread(work: impl FnOnce() + Send + 'static) -> Result<()> {
    thread::Builder::new()
        .name("balancer".to_owned())
        .stack_size(STACK)
        .spawn(work)?;
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
