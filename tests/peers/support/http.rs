//! As much HTTP as the tests speak: one GET, and a server that always answers the same text.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// An answer.
#[derive(Debug)]
pub(crate) struct Response {
    /// The status code.
    pub(crate) status: u16,
    /// The body, as text.
    pub(crate) body: String,
}

/// One GET of `path` from a loopback port, with the given headers (`Host` among them). The old protocol version keeps
/// the answer in one piece.
pub(crate) fn get(port: u16, path: &str, headers: &[(&str, &str)]) -> std::io::Result<Response> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    stream.write_all(format!("GET {path} HTTP/1.0\r\n{headers}Connection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Ok(Response { status, body: body.to_owned() })
}

/// A server on a free loopback port that answers every request with the same text; it lives as long as the process.
pub(crate) struct TextServer {
    /// Where it listens.
    pub(crate) port: u16,
}

impl TextServer {
    /// Starts one.
    pub(crate) fn start(text: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port is free");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || answer(stream, text));
            }
        });
        Self { port }
    }
}

/// A client that goes away in the middle is its own business.
fn answer(mut stream: TcpStream, text: &str) {
    let mut request: Vec<u8> = Vec::new();
    let mut piece = [0; 1024];
    while !request.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(read) if read > 0 => request.extend(piece.iter().take(read)),
            _ => return,
        }
    }
    let length = text.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close"
    );
    let _ = stream.write_all(format!("{head}\r\n\r\n{text}").as_bytes());
}
