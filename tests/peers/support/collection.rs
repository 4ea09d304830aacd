//! Templates that others wrote, out of packages: `target/peers-collection/<key>`, made once for a set of pins.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use super::{finished, program, repository, said};

/// Values for the parameters without a default, by template and parameter.
pub(crate) type Given = BTreeMap<String, BTreeMap<String, String>>;

/// The folder of the templates, and what their parameters are given.
pub(crate) fn collection() -> (PathBuf, Given) {
    let folder = ready();
    let given = fs::read(folder.join("parameters.json")).unwrap();
    (folder.join("templates"), serde_json::from_slice(&given).unwrap())
}

/// As with the virtual environment: one test process makes it while others wait, and a marker tells when it is whole.
fn ready() -> PathBuf {
    let (pins, script) = (repository("tests/peers/collection.txt"), repository("tests/peers/collection.py"));
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers-collection");
    let mut hash = Sha256::new();
    for part in [&pins, &script] {
        hash.update(fs::read(part).unwrap());
    }
    let key: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let folder = home.join(key);
    let marker = folder.join("whole");
    fs::create_dir_all(&home).expect("the target folder can be written");
    let lock = File::create(folder.with_extension("lock")).expect("the target folder can be written");
    lock.lock().expect("the lock file can be locked");
    if !marker.exists() {
        make(&folder, &pins, &script);
        fs::write(&marker, "").expect("the target folder can be written");
    }
    folder
}

fn make(folder: &Path, pins: &Path, script: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("an unfinished collection can be removed");
    }
    let packages = folder.join("packages");
    fs::create_dir_all(&packages).expect("the target folder can be written");
    let text = fs::read_to_string(pins).unwrap();
    let of_sources = text.lines().filter(|line| line.ends_with("# sdist"));
    let names: Vec<_> = of_sources.filter_map(|line| line.split("==").next()).collect();
    let mut pip = Command::new(program("python"));
    pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .args(["--no-binary", &names.join(",")])
        .arg("--dest")
        .arg(&packages)
        .arg("--requirement")
        .arg(pins);
    let downloaded = finished(&mut pip);
    assert!(downloaded.status.success(), "cannot fetch tests/peers/collection.txt: {}", said(&downloaded));
    let unpacked = finished(Command::new(program("python")).arg(script).arg(&packages).arg(folder));
    assert!(unpacked.status.success(), "{}", said(&unpacked));
}
