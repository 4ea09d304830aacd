//! Whatever stands in the places of asagi's files: nothing outside is read or changed, nothing is waited for without a word
//! and an end, and what was cut short goes on.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::repository::{Repository, run};

/// No command of these takes nearly so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where asagi keeps files of its own, and whether a folder belongs there.
const PLACES: [(&str, bool); 11] = [
    (".asagi", true),
    (".asagi/local", true),
    (".asagi/local/111122223333", true),
    (".asagi/local/111122223333/ap-northeast-1/world.json", false),
    (".asagi/local/111122223333/ap-northeast-1/lock", false),
    (".asagi/journal", true),
    (".asagi/journal/shop-dev.jsonl", false),
    ("rendered", true),
    ("rendered/shop/dev", true),
    ("rendered/shop/dev/manifest.json", false),
    ("it.plan", false),
];

const COMMANDS: [&[&str]; 7] = [
    &["plan", "dev", "--out", "it.plan"],
    &["render", "dev"],
    &["apply", "dev"],
    &["status", "dev"],
    &["render", "--check", "dev"],
    &["rollback", "dev", "--reason", "tried"],
    &["apply", "--plan", "it.plan"],
];

/// Puts something else at a path; what it is.
fn put(path: &Path, number: usize, outside: &Path, is_folder: bool) -> &'static str {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    match number {
        0 => symlink(outside.join(if is_folder { "folder" } else { "file" }), path)
            .map(|()| "a link out")
            .unwrap(),
        1 => symlink(outside.join("nothing"), path).map(|()| "a link to nothing").unwrap(),
        2 => symlink("/dev/zero", path).map(|()| "a link to a device").unwrap(),
        3 => {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
            "a pipe"
        }
        4 => {
            drop(UnixListener::bind(path).unwrap());
            "a socket"
        }
        5 if is_folder => fs::write(path, "mine\n").map(|()| "a file").unwrap(),
        5 => fs::create_dir(path).map(|()| "a folder").unwrap(),
        6 if is_folder => symlink(path.file_name().unwrap(), path).map(|()| "a link to itself").unwrap(),
        6 => fs::hard_link(outside.join("file"), path).map(|()| "a second name").unwrap(),
        _ => {
            let file = fs::File::create(path).unwrap();
            file.set_len(1 << 40).unwrap();
            "a terabyte"
        }
    }
}

#[test]
fn nothing_in_the_place_of_a_file_leads_out_or_is_waited_for() {
    let mut tries = 0;
    for (index, (place, is_folder)) in PLACES.iter().enumerate() {
        for number in 0..8 {
            let repository = Repository::new();
            let outside = tempfile::tempdir().unwrap();
            fs::create_dir(outside.path().join("folder")).unwrap();
            fs::write(outside.path().join("file"), "[default]\nkey = A\nsecret = B").unwrap();
            let what = put(&repository.path(place), number, outside.path(), *is_folder);
            for step in 0..2 {
                let command = COMMANDS[(index + number * 3 + step * 2) % COMMANDS.len()];
                let began = Instant::now();
                let mut asagi = repository.asagi(command);
                asagi.env("ASAGI_TARGET", "local").timeout(PATIENCE);
                let output = asagi.output().unwrap();
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                let of = format!("{command:?} with {what} at {place}: {said}");
                assert!(began.elapsed() < PATIENCE, "{of}");
                // Told, or not in the way: never a panic, a signal or silence.
                let code = output.status.code().unwrap_or_else(|| panic!("ended by a signal: {of}"));
                assert!(code < 8 && (code == 0 || !said.is_empty()), "{code}: {of}");
                let left = fs::read(outside.path().join("file")).unwrap();
                assert_eq!(left, b"[default]\nkey = A\nsecret = B", "{of}");
                assert_eq!(fs::read_dir(outside.path().join("folder")).unwrap().count(), 0, "{of}");
                assert!(!outside.path().join("nothing").exists(), "{of}");
                tries += 1;
            }
        }
    }
    assert_eq!(tries, 176);
}

#[test]
fn a_stopped_holder_of_a_lock_is_told_of_and_not_waited_for() {
    let repository = Repository::new();
    let hold = "import fcntl, os, signal, sys\nf = open(sys.argv[1], 'a')\nfcntl.flock(f, fcntl.LOCK_EX)\n\
                print('held', flush=True)\nos.kill(os.getpid(), signal.SIGSTOP)\n";
    let cases: [(&str, &[&str]); 3] = [
        (".asagi/local/111122223333/ap-northeast-1/lock", &["status", "dev"]),
        ("rendered/.asagi-render/lock", &["render", "dev"]),
        (".asagi/local/444455556666/ap-northeast-1/lock", &["plan", "prod"]),
    ];
    std::thread::scope(|scope| {
        for (lock, command) in cases {
            let repository = &repository;
            scope.spawn(move || {
                let path = repository.path(lock);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                let mut holder = Command::new("python3");
                holder.args(["-c", hold]).arg(&path).stdout(Stdio::piped());
                let mut holder = holder.spawn().unwrap();
                let mut said = [0; 4];
                std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut said).unwrap();
                let mut asagi = repository.asagi(command);
                asagi.env("ASAGI_TARGET", "local").timeout(PATIENCE);
                let (_, told) = run(asagi, 1);
                holder.kill().unwrap();
                holder.wait().unwrap();
                let process = format!("process {} (`python3 ", holder.id());
                let waiting = told.lines().next().unwrap();
                assert!(waiting.starts_with(&format!("waiting for {process}")), "{told}");
                assert!(waiting.ends_with(" 0 s") && waiting.contains(", begun "), "{told}");
                assert!(
                    told.contains(&format!("error: {process}")) && told.contains("which is stopped, holds"),
                    "{told}"
                );
                assert!(told.contains(&format!("kill -CONT {}", holder.id())), "{told}");
            });
        }
    });
}

#[test]
fn a_root_that_cannot_be_written_is_read_and_writing_says_so() {
    let repository = Repository::new();
    let apply = &["apply", "dev", "--yes", "--target", "local"];
    run(repository.asagi(apply), 0);
    run(repository.asagi(&["render"]), 0);
    let nobody = 65_534;
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    seal(&repository.path(""), is_root.then_some(nobody));
    let asagi = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asagi"));
        command.args(arguments).current_dir(repository.path("")).env("ASAGI_TARGET", "local");
        command.env_remove("ASAGI_TRUST_GIT").env("HOME", "/nonexistent");
        if is_root {
            command.uid(nobody).gid(nobody);
        }
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for arguments in [
        &["check"][..],
        &["render", "--check"],
        &["diff", "dev"],
        &["plan", "dev"],
        &["status", "dev"],
        &["history", "dev"],
        &["drift", "dev"],
        &["iam-policy", "ci", "dev"],
    ] {
        let (code, said) = asagi(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {said}");
    }
    for arguments in [
        &["render", "--out", "elsewhere"][..],
        &["plan", "dev", "--out", "it.plan"],
        &["check", "--write-baseline", "known.json"],
        &["images", "lock", "dev"],
        &["status", "dev", "--advance", "1h"],
    ] {
        let (code, said) = asagi(arguments);
        assert!(code == Some(1) && said.contains("ermission denied"), "{arguments:?}: {code:?}: {said}");
    }
    unseal(&repository.path(""));
}

/// Nobody may write below a folder, its owner neither.
fn seal(folder: &Path, owner: Option<u32>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            seal(&path, owner);
        } else {
            chown(&path, owner, owner).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
        }
    }
    chown(folder, owner, owner).unwrap();
    fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
}

fn unseal(folder: &Path) {
    fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            unseal(&path);
        }
    }
}

#[test]
fn what_was_killed_goes_on() {
    let repository = Repository::new();
    let start = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asagi"));
        command.args(arguments).args(["--target", "local"]).current_dir(repository.path(""));
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for number in 0..8 {
        for arguments in [&["apply", "dev", "--yes"][..], &["render"]] {
            let mut child = start(arguments);
            std::thread::sleep(Duration::from_millis(20 + 35 * number));
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
    // Two at once, after all those.
    let both = [start(&["render"]), start(&["render"])];
    for mut one in both {
        assert!(one.wait().unwrap().success());
    }
    run(repository.asagi(&["render", "--check"]), 0);
    let left: Vec<_> = repository.files("rendered").into_iter().map(|(path, _)| path).collect();
    assert!(left.iter().all(|path| !path.contains(".asagi-")), "{left:?}");
    run(repository.asagi(&["apply", "dev", "--yes", "--target", "local"]), 0);
    let (out, _) = run(repository.asagi(&["diff", "dev", "--target", "local", "--detailed-exitcode"]), 0);
    assert!(out.contains("unchanged"), "{out}");
    let store = repository.files(".asagi/local").into_iter().map(|(path, _)| path);
    let left: Vec<_> = store.filter(|path| path.contains(".asagi-") || path.contains("commit")).collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_journal_that_cannot_be_kept_stops_no_way_back() {
    let repository = Repository::new();
    let local = |arguments: &[&'static str]| [arguments, &["--target", "local"]].concat();
    run(repository.asagi(&local(&["apply", "dev", "--yes"])), 0);
    let base = repository.read("environments/base.yaml");
    repository
        .write("environments/base.yaml", &base.replace("ami-0123456789abcdef0", "ami-0fedcba9876543210"));
    run(repository.asagi(&local(&["apply", "dev", "--yes", "--wait", "0s"])), 0);
    fs::remove_dir_all(repository.path(".asagi/journal")).unwrap();
    repository.write(".asagi/journal", "mine\n");
    let (_, said) = run(repository.asagi(&local(&["apply", "dev", "--yes"])), 1);
    assert!(said.contains(".asagi/journal"), "{said}");
    let (_, said) = run(repository.asagi(&local(&["rollback", "dev", "--reason", "login fails"])), 0);
    assert!(said.contains("the journal is not kept: ") && said.contains("has everything again"), "{said}");
    assert_eq!(repository.read(".asagi/journal"), "mine\n");
}
