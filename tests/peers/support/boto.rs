//! boto3 as a client that knows the whole of AWS: one process, one JSON line a call.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use super::{Server, program, repository};

/// A client of one server.
pub(crate) struct Boto {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What a service said no with.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The error code, `ValidationError` for example.
    pub(crate) code: String,
    /// The sentence.
    pub(crate) message: String,
}

impl Boto {
    /// A client of `server`.
    pub(crate) fn of(server: &Server) -> Self {
        let mut process = Command::new(program("python"))
            .arg(repository("tests/peers/boto.py"))
            .envs(server.variables())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the virtual environment has a python");
        let requests = process.stdin.take().expect("stdin was piped");
        let answers = BufReader::new(process.stdout.take().expect("stdout was piped"));
        Self { process, requests, answers }
    }

    /// Calls `operation` of `service` as boto3 names them (`cloudformation`, `describe_stacks`).
    pub(crate) fn try_call(&mut self, service: &str, operation: &str, with: Value) -> Result<Value, Refusal> {
        self.ask(&json!({ "service": service, "operation": operation, "with": with }))
    }

    /// [`Boto::try_call`], where a refusal ends the test.
    pub(crate) fn call(&mut self, service: &str, operation: &str, with: Value) -> Value {
        self.try_call(service, operation, with)
            .unwrap_or_else(|no| panic!("{service} {operation}: {}: {}", no.code, no.message))
    }

    /// Waits with one of boto3's waiters (`stack_create_complete`), asking ten times a second for ten seconds.
    pub(crate) fn wait(&mut self, service: &str, waiter: &str, with: Value) {
        self.ask(&json!({ "service": service, "waiter": waiter, "with": with }))
            .unwrap_or_else(|no| panic!("waiting for {waiter}: {}: {}", no.code, no.message));
    }

    fn ask(&mut self, request: &Value) -> Result<Value, Refusal> {
        writeln!(self.requests, "{request}").expect("boto.py reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("boto.py answers");
        let mut answer: Value = serde_json::from_str(&line).expect("boto.py answers one line of JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match answer.get("refused") {
            Some(no) => Err(Refusal { code: text(&no["code"]), message: text(&no["message"]) }),
            None => Ok(answer["answer"].take()),
        }
    }
}

impl Drop for Boto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
