//! Whatever a service answers: its codes, sentences, names and bodies are nothing but text on every screen.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::hostile::{PAYLOADS, judge};
use crate::repository::{Repository, run};

const SECRET: &str = "ghp_0123456789abcdefghijABCDEFGHIJ012345";

/// What is said to every call but the one that asks who calls.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Sentence,
    Code,
    Denied,
    Body,
    Caller,
    Stack,
    /// A page of stacks, and another one after it, for ever.
    Pages,
}

const WAYS: [Way; 6] = [Way::Sentence, Way::Code, Way::Denied, Way::Body, Way::Caller, Way::Stack];

/// Every page names another one: the same name again would be the end.
static PAGE: AtomicUsize = AtomicUsize::new(0);

/// A service that gives one answer, until the test ends.
fn serve(said: Arc<Mutex<(Way, String)>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let said = Arc::clone(&said);
            std::thread::spawn(move || answer(stream, &said));
        }
    });
    address
}

fn answer(mut stream: TcpStream, said: &Mutex<(Way, String)>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let (mut line, mut length) = (String::new(), 0);
        while reader.read_line(&mut line).ok()? > 2 {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let (way, text) = said.lock().unwrap().clone();
        // what is long is plain
        let escaped = if way == Way::Pages { text.clone() } else { xml(&text) };
        let (status, body) = reply(way, &escaped, &String::from_utf8_lossy(&body), &text);
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).ok()?;
    }
}

fn reply(way: Way, text: &str, request: &str, raw: &str) -> (u16, String) {
    let error = |code: &str, message: &str| {
        format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>{text}</RequestId></ErrorResponse>"
        )
    };
    if request.contains("Action=GetCallerIdentity") && way != Way::Denied {
        let caller = if way == Way::Caller { text } else { "user/taro" };
        let account = if way == Way::Caller { text } else { "111122223333" };
        return (
            200,
            format!(
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:{caller}</Arn><UserId>A</UserId><Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
            ),
        );
    }
    match way {
        Way::Sentence | Way::Caller => (400, error("ValidationError", text)),
        Way::Code => (400, error(text, "no")),
        Way::Denied => (403, error("AccessDenied", text)),
        Way::Body => (400, raw.to_owned()),
        Way::Pages => {
            let stack = format!(
                "<StackName>other</StackName><StackId>a</StackId><StackStatus>CREATE_COMPLETE</StackStatus><StackStatusReason>{text}</StackStatusReason><CreationTime>2026-11-16T02:00:00Z</CreationTime>"
            );
            (
                200,
                format!(
                    "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>{stack}</member></Stacks><NextToken>{}</NextToken></DescribeStacksResult></DescribeStacksResponse>",
                    PAGE.fetch_add(1, Ordering::Relaxed)
                ),
            )
        }
        Way::Stack => {
            let stack = format!(
                "<StackName>{text}</StackName><StackId>{text}</StackId><StackStatus>{text}</StackStatus><StackStatusReason>{text}</StackStatusReason><CreationTime>2026-11-16T02:00:00Z</CreationTime><Outputs><member><OutputKey>RecordParameterName</OutputKey><OutputValue>{text}</OutputValue></member></Outputs>"
            );
            (
                200,
                format!(
                    "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>{stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
                ),
            )
        }
    }
}

/// Text as XML, control characters by their numbers.
fn xml(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("&#{};", u32::from(c)) })
        .collect()
}

/// The command, with that service for its account.
fn reaching(mut asagi: assert_cmd::Command, address: &str) -> assert_cmd::Command {
    asagi.args(["--target", "aws"]).timeout(Duration::from_secs(90));
    for (name, value) in [
        ("AWS_ENDPOINT_URL", address),
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("NO_PROXY", "127.0.0.1"),
    ] {
        asagi.env(name, value);
    }
    asagi
}

#[test]
fn pages_without_end_are_given_up_by_their_bytes() {
    let repository = Repository::new();
    let said = Arc::new(Mutex::new((Way::Pages, "y".repeat(15 << 20))));
    let address = serve(Arc::clone(&said));
    let place = ["--project", "shop", "--name", "dev", "--region", "ap-northeast-1"];
    let asagi = repository.asagi(&[&["status"][..], &place].concat());
    let (out, err) = run(reaching(asagi, &address), 1);
    assert_eq!(out, "");
    let expected = "error: DescribeStacks: the answer has more than 134217728 bytes in all its pages, which asagi does not read\n";
    assert!(err.ends_with(expected), "{err}");
}

#[test]
fn no_answer_of_a_service_writes_to_the_screen() {
    let repository = Repository::new();
    let said = Arc::new(Mutex::new((Way::Body, String::new())));
    let address = serve(Arc::clone(&said));
    let long = "y".repeat(1 << 20);
    let secret = format!("bad token {SECRET}");
    let payloads: Vec<&str> = PAYLOADS.into_iter().chain([long.as_str(), secret.as_str()]).collect();
    let commands: [&[&str]; 10] = [
        &["status", "dev"],
        &["history", "dev"],
        &["diff", "dev", "--format", "markdown"],
        &["diff", "dev"],
        &["plan", "dev"],
        &["drift", "dev"],
        &["mend", "dev"],
        &["apply", "dev", "--yes"],
        &["rollback", "dev", "--reason", "tried"],
        &["status", "dev", "--format", "json"],
    ];
    let mut tries = 0;
    for (index, payload) in payloads.iter().enumerate() {
        for (number, way) in WAYS.into_iter().enumerate() {
            if std::env::var_os("ASAGI_ALL").is_none() && (index + number) % 2 == 1 {
                continue;
            }
            *said.lock().unwrap() = (way, (*payload).to_owned());
            let command = commands[(index * 3 + number) % commands.len()];
            let mut asagi = reaching(repository.asagi(command), &address);
            let output = asagi.args(["--color", "always"]).output().unwrap();
            let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            let of = (command, way, payload.chars().take(40).collect::<String>());
            judge(&told, &of);
            assert!(output.status.code().is_some_and(|code| code < 8), "{of:?}: {told}");
            assert!(!told.contains(SECRET) && told.len() < 100_000, "{of:?}: {} bytes", told.len());
            tries += 1;
        }
    }
    println!("{tries} tries");
    assert!(tries >= 54, "{tries}");
}
