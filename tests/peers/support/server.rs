//! MiniStack on a loopback port: the CloudFormation API, and the services that stacks are made of.

use std::fs::{self, File};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{ACCOUNT, REGION, get, program, repository, temporary_folder};

/// How long a server may take until it answers; it needs half a second on an idle machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// A running server, empty at first. It ends when this is dropped, and with the test process in any case.
pub(crate) struct Server {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl Server {
    /// Starts a server and waits until it answers.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a server with more of MiniStack's environment variables, such as `AUTH=true`.
    pub(crate) fn start_with(variables: &[(&str, &str)]) -> Self {
        // Between finding a free port and listening on it somebody else may take it: then another one is tried.
        for _ in 0..3 {
            let mut server = Self::spawn(variables);
            if server.answers() {
                return server;
            }
            eprintln!("the server did not start on port {}:\n{}", server.port, server.log());
        }
        panic!("MiniStack does not start")
    }

    fn spawn(variables: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .expect("a loopback port is free")
            .port();
        let folder = temporary_folder();
        let log = File::create(folder.path().join("log")).expect("the temporary folder can be written");
        let process = Command::new(program("python"))
            .arg(repository("tests/peers/ministack_plus.py"))
            .current_dir(folder.path())
            .envs([
                ("BIND_HOST", "127.0.0.1"),
                ("MINISTACK_REGION", REGION),
                ("MINISTACK_ACCOUNT_ID", ACCOUNT),
            ])
            .envs([("SFTP_ENABLED", "0"), ("IOT_MTLS_ENABLED", "0"), ("PYTHONDONTWRITEBYTECODE", "1")])
            .env("DOCKER_HOST", "unix:///nonexistent.sock")
            .env("GATEWAY_PORT", port.to_string())
            .env("PEERS_SCHEMAS", repository("schemas"))
            .env("PEERS_END_WITH_STDIN", "1")
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("a file handle can be copied"))
            .stderr(log)
            .spawn()
            .expect("the virtual environment has a python");
        Self { process, port, folder }
    }

    fn answers(&mut self) -> bool {
        let start = Instant::now();
        while start.elapsed() < DEADLINE {
            if get(self.port, "/_ministack/health", &[]).is_ok_and(|health| health.status == 200) {
                return true;
            }
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return false;
            }
            thread::sleep(Duration::from_millis(50));
        }
        false
    }

    /// The port on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The URL that `AWS_ENDPOINT_URL` wants.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What a client of AWS needs in its environment to talk to this server and to nothing else.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        [
            ("AWS_ENDPOINT_URL", self.endpoint().as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", REGION),
            ("AWS_DEFAULT_REGION", REGION),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// One request to a load balancer that a stack made, by the load balancer's name.
    pub(crate) fn through_load_balancer(
        &self,
        name: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> super::Response {
        let host = format!("{name}.alb.localhost");
        let headers: Vec<(&str, &str)> = [("Host", host.as_str())].iter().chain(headers).copied().collect();
        get(self.port, path, &headers).expect("the server answers")
    }

    /// What the server wrote, for messages.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
