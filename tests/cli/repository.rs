//! A repository in a temporary folder, and running the program in it.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;

/// What both environments share.
pub(crate) const BASE: &str = r#"asagi: v1
project: shop
region: ap-northeast-1
network: { cidr: 10.0.0.0/16 }
loadBalancer: { scheme: internal }
notifications: { email: [ops@example.co.jp] }
roles:
  web:
    instances: { type: m7i.large, capacity: { min: 2, max: 4 } }
    targetGroup: { port: 8080, healthCheck: { path: /health } }
    routes: [{ name: all, priority: 100, paths: ["/*"] }]
    rollout: blue-green
    release: { ami: ami-0123456789abcdef0 }
"#;

pub(crate) const DEV: &str = r#"asagi: v1
extends: base.yaml
environment: dev
account: "111122223333"
loadBalancer: { certificate: "arn:aws:acm:ap-northeast-1:111122223333:certificate/7d1f" }
retention: delete
"#;
pub(crate) const PROD: &str = r#"asagi: v1
extends: base.yaml
environment: prod
account: "444455556666"
loadBalancer: { certificate: "arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f" }
protection: { approval: manual }
"#;

pub(crate) struct Repository(tempfile::TempDir);

impl Repository {
    /// A base and two environments.
    pub(crate) fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.write("environments/base.yaml", BASE);
        repository.write("environments/dev.yaml", DEV);
        repository.write("environments/prod.yaml", PROD);
        repository
    }

    /// A folder with nothing in it.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Every file below a folder, path and bytes, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    let path = entry.path().strip_prefix(self.0.path()).unwrap().display().to_string();
                    found.push((path, fs::read(entry.path()).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    /// The program in this repository, with nothing of the caller's environment that it listens to.
    pub(crate) fn asagi(&self, arguments: &[&str]) -> Command {
        let mut command = asagi(arguments);
        command.current_dir(self.0.path());
        command
    }
}

pub(crate) fn asagi(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("asagi").unwrap();
    command
        .env_remove("ASAGI_TARGET")
        .env_remove("ASAGI_TRUST_GIT")
        .env_remove("CLICOLOR_FORCE")
        .args(arguments);
    command
}

/// Runs it, expects that exit code, gives stdout and stderr.
pub(crate) fn run(mut command: Command, code: i32) -> (String, String) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{command:?}\n{out}\n{err}");
    (out, err)
}
