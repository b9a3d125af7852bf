//! The balancer in front of nodes that say who they are.

use std::io::{BufRead, BufReader};
use std::sync::mpsc;
use std::time::Instant;

use super::*;

/// A node that answers `/readyz` with its status, and anything else with its name and the bytes it got.
struct Fake {
    address: SocketAddr,
    ready: Arc<AtomicBool>,
}

impl Fake {
    fn start(name: &'static str) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let ready = Arc::new(AtomicBool::new(true));
        let is_ready = Arc::clone(&ready);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let is_ready = is_ready.load(Ordering::Relaxed);
                thread::spawn(move || serve(stream, name, is_ready));
            }
        });
        Ok(Self { address, ready })
    }
}

fn serve(mut stream: TcpStream, name: &str, is_ready: bool) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    lines.read_line(&mut line)?;
    if line.starts_with("GET /readyz ") {
        let status = if is_ready {
            "200 OK"
        } else {
            "503 Service Unavailable"
        };
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n")?;
        return Ok(());
    }
    // The name comes at once; what was sent is counted when the sender has said that there is no more.
    writeln!(stream, "{name}")?;
    let mut rest = Vec::new();
    lines.read_to_end(&mut rest)?;
    writeln!(stream, "{}", line.len() + rest.len())?;
    Ok(())
}

/// Who answers, and the connection.
fn ask(balancer: &Balancer) -> Result<(String, BufReader<TcpStream>)> {
    let mut stream = TcpStream::connect(balancer.address())?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(b"hello\n")?;
    let mut stream = BufReader::new(stream);
    let mut name = String::new();
    stream.read_line(&mut name)?;
    Ok((name.trim_end().to_owned(), stream))
}

fn names(balancer: &Balancer, count: usize) -> Result<Vec<String>> {
    (0..count).map(|_| Ok(ask(balancer)?.0)).collect()
}

fn until(what: &str, mut holds: impl FnMut() -> Result<bool>) -> Result<()> {
    let start = Instant::now();
    while !holds()? {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "not within 10 s: {what}"
        );
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn balancer(nodes: &[&Fake]) -> Result<Balancer> {
    let balancer = Balancer::listen(0)?;
    for node in nodes {
        balancer.add(node.address)?;
    }
    Ok(balancer)
}

#[test]
fn each_connection_goes_to_the_next_node() -> Result<()> {
    let (a, b) = (Fake::start("a")?, Fake::start("b")?);
    let balancer = balancer(&[&a, &b])?;
    assert_eq!(names(&balancer, 4)?, ["a", "b", "a", "b"]);
    Ok(())
}

#[test]
fn one_that_is_not_ready_gets_nothing_new_and_keeps_what_it_has() -> Result<()> {
    let (a, b, c) = (Fake::start("a")?, Fake::start("b")?, Fake::start("c")?);
    let balancer = balancer(&[&a, &b, &c])?;
    let (name, mut kept) = ask(&balancer)?;
    assert_eq!(name, "a");
    a.ready.store(false, Ordering::Relaxed);
    until("a is left out", || {
        Ok(!names(&balancer, 6)?.contains(&"a".to_owned()))
    })?;
    let all = names(&balancer, 6)?;
    assert_eq!(all.iter().filter(|name| *name == "b").count(), 3, "{all:?}");
    kept.get_ref().write_all(b"still here")?;
    kept.get_ref().shutdown(Shutdown::Write)?;
    let mut count = String::new();
    kept.read_line(&mut count)?;
    assert_eq!(count, "16\n");
    a.ready.store(true, Ordering::Relaxed);
    until("a is back", || Ok(names(&balancer, 6)?.contains(&"a".to_owned())))?;
    for node in [&a, &b, &c] {
        node.ready.store(false, Ordering::Relaxed);
    }
    thread::sleep(POLL * 2);
    assert_eq!(
        names(&balancer, 3)?.len(),
        3,
        "better one that is not ready than none"
    );
    Ok(())
}

#[test]
fn one_that_does_not_listen_is_passed_over() -> Result<()> {
    let b = Fake::start("b")?;
    let gone = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    let balancer = Balancer::listen(0)?;
    balancer.add(gone)?;
    assert!(ask(&balancer).map_or(true, |(name, _)| name.is_empty()), "closed");
    balancer.add(b.address)?;
    assert_eq!(names(&balancer, 3)?, ["b", "b", "b"]);
    Ok(())
}

#[test]
fn bytes_and_their_end_pass_both_ways() -> Result<()> {
    let a = Fake::start("a")?;
    let balancer = balancer(&[&a])?;
    let (_, mut stream) = ask(&balancer)?;
    let many = vec![b'x'; 3_000_000];
    stream.get_ref().write_all(&many)?;
    stream.get_ref().shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    assert_eq!(
        answer, "3000006\n",
        "everything arrived, and the answer after the half-close, too"
    );
    until("forgotten", || Ok(balancer.connections() == 0))
}

#[test]
fn who_goes_away_is_let_go_on_the_other_side() -> Result<()> {
    let node = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let (tell, told) = mpsc::channel();
    let address = node.local_addr()?;
    thread::spawn(move || {
        for stream in node.incoming().flatten() {
            tell.send(stream).ok();
        }
    });
    let balancer = Balancer::listen(0)?;
    // It is asked, does not answer and so is not ready: these are the connections of the question.
    balancer.add(address)?;
    let mut client = TcpStream::connect(balancer.address())?;
    client.write_all(b"!")?;
    let mut other = loop {
        let mut stream = told.recv_timeout(Duration::from_secs(10))?;
        let mut first = [0];
        if stream.read_exact(&mut first).is_ok() && first == *b"!" {
            break stream;
        }
    };
    other.write_all(b"?")?;
    let mut byte = [0];
    client.read_exact(&mut byte)?;
    drop(other);
    assert_eq!(client.read(&mut byte)?, 0);
    drop(client);
    until("forgotten", || Ok(balancer.connections() == 0))
}

#[test]
fn stopped_it_closes_everything() -> Result<()> {
    let a = Fake::start("a")?;
    let balancer = balancer(&[&a])?;
    let (_, mut stream) = ask(&balancer)?;
    assert_eq!(balancer.connections(), 1);
    balancer.stop();
    let mut rest = Vec::new();
    // An end or a reset: both say that it is over.
    stream.read_to_end(&mut rest).ok();
    until("nobody listens", || {
        Ok(TcpStream::connect(balancer.address()).is_err())
    })?;
    until("forgotten", || Ok(balancer.connections() == 0))
}
