//! The virtual environment that holds the peers: `target/peers-venv/<key>`, made once for a set of pins.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use super::{finished, repository, said};

const NEEDED: &str = "the tests need python3 with venv and pip (on Debian: apt-get install python3-venv)";

/// The path of a program in the virtual environment, made on first use.
pub(crate) fn program(name: &str) -> PathBuf {
    static ENVIRONMENT: OnceLock<PathBuf> = OnceLock::new();
    ENVIRONMENT.get_or_init(ready).join("bin").join(name)
}

/// Test processes run beside each other: a file lock lets one of them make the environment while the others wait, and a
/// marker written last tells a whole one from one whose maker was stopped.
fn ready() -> PathBuf {
    let requirements = repository("tests/peers/requirements.txt");
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers-venv");
    let folder = home.join(key(&requirements, &home));
    let marker = folder.join("whole");
    fs::create_dir_all(&home).expect("the target folder can be written");
    let lock = File::create(folder.with_extension("lock")).expect("the target folder can be written");
    lock.lock().expect("the lock file can be locked");
    if !marker.exists() {
        make(&folder, &requirements);
        fs::write(&marker, "").expect("the target folder can be written");
    }
    folder
}

/// The pins, the interpreter and the place decide: programs in it name their interpreter by its whole path, so one that
/// was moved or copied does not run. When any of them changes, another environment is made.
fn key(requirements: &Path, home: &Path) -> String {
    let mut hash = Sha256::new();
    hash.update(home.as_os_str().as_encoded_bytes());
    hash.update(fs::read(requirements).expect("tests/peers/requirements.txt is there"));
    match Command::new("python3").args(["-c", "import sys; print(sys.version)"]).output() {
        Ok(version) if version.status.success() => hash.update(version.stdout),
        Ok(failed) => panic!("{NEEDED}: python3 does not run: {}", said(&failed)),
        Err(error) => panic!("{NEEDED}: {error}"),
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn make(folder: &Path, requirements: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("an unfinished environment can be removed");
    }
    let made = finished(Command::new("python3").args(["-m", "venv"]).arg(folder));
    assert!(made.status.success(), "{NEEDED}: {}", said(&made));
    let installed = finished(
        Command::new(folder.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(requirements),
    );
    assert!(installed.status.success(), "cannot install tests/peers/requirements.txt: {}", said(&installed));
}
