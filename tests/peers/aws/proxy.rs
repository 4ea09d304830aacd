//! A network between asagi and the server that does what networks do: it refuses, delays, breaks, and loses answers after
//! the call took effect. It writes down every call.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes through.
    Through,
    /// "Rate exceeded".
    Throttled,
    /// An answer of this status without sense.
    Broken(u16),
    /// The connection ends before the server sees it.
    Reset,
    /// It takes effect, and the connection ends before the answer.
    AnswerLost,
    /// It takes effect, and parts of the answer are replaced by others.
    Replaced(&'static [(&'static str, &'static str)]),
    /// The server does not see it; this is the answer.
    Answered(&'static str),
    /// It goes through after a while.
    Slow(Duration),
    /// The credentials have run out.
    Expired,
    /// Neither answered nor let through: whoever called waits.
    HeldBefore,
    /// It takes effect, and whoever called waits for the answer.
    HeldAfter,
}

/// Decides by the call's name and how many calls there were before.
pub(super) type Judge = Box<dyn FnMut(&str, usize) -> Fate + Send>;

/// The network.
pub(super) struct Proxy {
    pub(super) port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: u16,
    judge: Mutex<Judge>,
    calls: Mutex<Vec<Call>>,
    held: AtomicBool,
}

/// A call that came by.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// `ExecuteChangeSet`.
    pub(super) name: String,
    /// The change set or stack that it names first.
    pub(super) subject: String,
    /// What became of it.
    pub(super) fate: Fate,
    /// When it came.
    pub(super) at: Instant,
}

impl Call {
    /// The server saw it.
    pub(super) fn arrived(&self) -> bool {
        matches!(
            self.fate,
            Fate::Through | Fate::AnswerLost | Fate::Slow(_) | Fate::HeldAfter | Fate::Replaced(_)
        )
    }
}

impl Proxy {
    /// In front of the server on that port.
    pub(super) fn before(server: u16, judge: impl FnMut(&str, usize) -> Fate + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            server,
            judge: Mutex::new(Box::new(judge)),
            calls: Mutex::default(),
            held: AtomicBool::new(false),
        });
        let given = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&given);
                thread::spawn(move || shared.carry(stream));
            }
        });
        Self { port, shared }
    }

    /// Another judge from now on.
    pub(super) fn judge(&self, judge: impl FnMut(&str, usize) -> Fate + Send + 'static) {
        *self.shared.judge.lock().unwrap() = Box::new(judge);
    }

    /// Every call since this was last asked, and what became of it.
    pub(super) fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut *self.shared.calls.lock().unwrap())
    }

    /// Whether somebody waits for the answer to a call that is held; asked once for each.
    pub(super) fn take_held(&self) -> bool {
        self.shared.held.swap(false, Ordering::SeqCst)
    }
}

/// Calls that change something.
pub(super) fn changes(name: &str) -> bool {
    !["Describe", "Get", "List"].iter().any(|reads| name.starts_with(reads))
}

impl Shared {
    fn carry(&self, mut stream: TcpStream) {
        let Some(request) = read_request(&mut stream) else { return };
        let name = name_of(&request);
        let fate = {
            let mut calls = self.calls.lock().unwrap();
            let fate = (self.judge.lock().unwrap())(&name, calls.len());
            calls.push(Call { name, subject: subject_of(&request), fate, at: Instant::now() });
            fate
        };
        match fate {
            Fate::Through => answer(&mut stream, &self.forward(&request)),
            Fate::Replaced(parts) => answer(&mut stream, &replaced(&self.forward(&request), parts)),
            Fate::Answered(body) => answer(&mut stream, xml(body).as_bytes()),
            Fate::Slow(time) => {
                thread::sleep(time);
                answer(&mut stream, &self.forward(&request));
            }
            Fate::Throttled => answer(&mut stream, &refusal(&request, "Throttling", "Rate exceeded")),
            Fate::Expired => {
                let sentence = "The security token included in the request is expired";
                answer(&mut stream, &refusal(&request, "ExpiredToken", sentence));
            }
            Fate::Broken(status) => {
                let text =
                    format!("HTTP/1.1 {status} Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                answer(&mut stream, text.as_bytes());
            }
            Fate::Reset => {}
            Fate::AnswerLost => drop(self.forward(&request)),
            Fate::HeldBefore => self.hold(&mut stream),
            Fate::HeldAfter => {
                drop(self.forward(&request));
                self.hold(&mut stream);
            }
        }
        let _ = stream.shutdown(Shutdown::Both);
    }

    /// Until whoever waits is gone.
    fn hold(&self, stream: &mut TcpStream) {
        self.held.store(true, Ordering::SeqCst);
        let mut piece = [0; 64];
        while let Ok(1..) = stream.read(&mut piece) {}
    }

    /// The server's whole answer.
    fn forward(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.server)).unwrap();
        stream.write_all(request).unwrap();
        let mut given = Vec::new();
        let mut piece = [0; 65536];
        while let Ok(read @ 1..) = stream.read(&mut piece) {
            given.extend_from_slice(&piece[..read]);
            if is_whole(&given) {
                break;
            }
        }
        closing(given)
    }
}

/// An answer with other parts in its body.
fn replaced(answer: &[u8], parts: &[(&str, &str)]) -> Vec<u8> {
    let body = head_end(answer).map_or(answer, |end| &answer[end..]);
    let mut body = String::from_utf8_lossy(body).into_owned();
    for (from, to) in parts {
        body = body.replace(from, to);
    }
    xml(&body).into_bytes()
}

fn xml(body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// The answer, saying that the connection ends with it.
fn closing(mut answer: Vec<u8>) -> Vec<u8> {
    if let Some(end) = answer.windows(2).position(|window| window == b"\r\n") {
        answer.splice(end..end, *b"\r\nConnection: close");
    }
    answer
}

/// A client that was killed in the meantime is its own business.
fn answer(stream: &mut TcpStream, text: &[u8]) {
    let _ = stream.write_all(text);
}

fn read_request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut piece = [0; 65536];
    while !is_whole(&request) {
        match stream.read(&mut piece) {
            Ok(read @ 1..) => request.extend_from_slice(&piece[..read]),
            _ => return None,
        }
    }
    Some(request)
}

/// Head, and as much body as it announces; or chunks up to the last.
fn is_whole(message: &[u8]) -> bool {
    let Some(head) = head_end(message) else { return false };
    let text = String::from_utf8_lossy(&message[..head]).to_lowercase();
    if text.contains("transfer-encoding: chunked") {
        return message.ends_with(b"0\r\n\r\n");
    }
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    message.len() >= head + length.unwrap_or(0)
}

fn head_end(message: &[u8]) -> Option<usize> {
    message.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

/// `Action=` of a form, the last part of `x-amz-target`, or of the path (`/service/…/operation/NAME`).
fn name_of(request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    let action = text.split("Action=").nth(1).and_then(|rest| rest.split('&').next());
    let target = text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case("x-amz-target").then(|| value.trim().rsplit('.').next().unwrap_or_default())
    });
    let path = text.lines().next().and_then(|line| line.split(' ').nth(1)?.split("/operation/").nth(1));
    let put = text.starts_with("PUT /").then_some("PutObject");
    target.or(path).or(put).or(action).unwrap_or("unknown").trim().to_owned()
}

/// The change set, or else the stack, of a form.
fn subject_of(request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    let value = |key: &str| text.split(&format!("&{key}=")).nth(1)?.split('&').next().map(str::to_owned);
    value("ChangeSetName").or_else(|| value("StackName")).unwrap_or_default()
}

/// As each of the protocols says no.
fn refusal(request: &[u8], code: &str, sentence: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let (kind, body) = if text.contains("rpc-v2-cbor") {
        ("application/cbor", String::new())
    } else if text.contains("x-amz-json") {
        ("application/x-amz-json-1.1", format!("{{\"__type\":\"{code}\",\"message\":\"{sentence}\"}}"))
    } else {
        let error =
            format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>{sentence}</Message></Error>");
        ("text/xml", format!("<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>"))
    };
    let more = if kind.ends_with("cbor") {
        format!("smithy-protocol: rpc-v2-cbor\r\nx-amzn-query-error: {code};Sender\r\n")
    } else {
        format!("x-amzn-errortype: {code}\r\n")
    };
    let (status, length) = (if kind.ends_with("cbor") { 503 } else { 400 }, body.len());
    format!(
        "HTTP/1.1 {status} No\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}Connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
