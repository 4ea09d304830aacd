//! A hostile repository: whatever a pull request brings, a job before left in `.git`, or a variable says, `asagi diff
//! --against git:main` runs nothing and compares with the real `main`. Each try runs the program.

mod programs;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

use crate::fixture::Repository;
use programs::{CONFIGS, VARIABLES};

pub(crate) const SPEC: &str = r#"asagi: v1
project: shop
environment: prod
region: ap-northeast-1
account: "444455556666"
network: { cidr: 10.0.0.0/16 }
loadBalancer: { scheme: internal, certificate: "arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f" }
notifications: { email: [ops@example.co.jp] }
roles:
  web:
    instances: { type: m7i.large, capacity: { min: 2, max: 4 }, userData: ./user-data/web.sh }
    targetGroup: { port: 8080, healthCheck: { path: /health } }
    routes: [{ name: all, priority: 100, paths: ["/*"] }]
    rollout: blue-green
    release: { ami: ami-0123456789abcdef0 }
"#;

/// What the pull request changes, and what must be seen of it.
const CHANGE: (&str, &str) = ("m7i.large", "m7i.4xlarge");

/// A repository with `main`, and a branch `pr` that is checked out and changes one word.
struct Attack {
    repository: Repository,
}

impl Attack {
    fn new() -> Self {
        let repository = Repository::new();
        repository.write("environments/prod.yaml", SPEC);
        repository.write("environments/user-data/web.sh", "#!/bin/sh\n");
        repository.commit("main");
        repository.git(&["checkout", "-q", "-b", "pr"]);
        repository.write("environments/prod.yaml", SPEC.replace(CHANGE.0, CHANGE.1));
        repository.commit("pull request");
        let attack = Self { repository };
        attack.programs();
        attack
    }

    /// A program that leaves a mark, under every name that Git or a shell may look for.
    fn programs(&self) {
        let text = format!("#!/bin/sh\ntouch {}\n", self.mark().display());
        fs::create_dir(self.bin()).unwrap();
        for name in ["evil", "git", "ssh", "sh", "less", "more", "git-remote-ext", "git-lfs", "gpg", "vi"] {
            let program = self.bin().join(name);
            fs::write(&program, &text).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    fn bin(&self) -> PathBuf {
        self.repository.folder().join("bin")
    }

    fn evil(&self) -> String {
        self.bin().join("evil").display().to_string()
    }

    fn mark(&self) -> PathBuf {
        self.repository.folder().join("RAN")
    }

    /// A complete bare repository whose `main` is the pull request itself, so that nothing would seem to change.
    fn bare(&self, folder: &Path, config: &str) {
        fs::create_dir_all(folder).unwrap();
        let made = self.repository.folder().join("made");
        self.repository.git(&["clone", "-q", "--bare", ".", made.to_str().unwrap()]);
        self.repository.git_in(&made, &["update-ref", "refs/heads/main", "refs/heads/pr"]);
        for entry in fs::read_dir(&made).unwrap().flatten() {
            fs::rename(entry.path(), folder.join(entry.file_name())).unwrap();
        }
        fs::remove_dir(&made).unwrap();
        fs::write(
            folder.join("config"),
            format!("[core]\n\trepositoryformatversion = 0\n\tbare = true\n{config}"),
        )
        .unwrap();
    }

    /// Runs the program in a folder, and gives its exit code and all that it printed.
    fn run(&self, folder: &Path, reference: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
        let mut asagi = Command::cargo_bin("asagi").unwrap();
        asagi
            .current_dir(folder)
            .env_clear()
            .env("PATH", self.bin())
            .env("HOME", self.repository.folder().join("home"));
        asagi.envs(variables.iter().copied());
        asagi.args(["diff", "prod", "--detailed-exitcode", "--against", &format!("git:{reference}")]);
        let output = asagi.output().unwrap();
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        (output.status.code(), text.concat())
    }

    /// Nothing ran, and the change against the real `main` is seen.
    fn must_be_seen(&self, folder: &Path, variables: &[(&str, &str)], case: &str) {
        let (code, text) = self.run(folder, "main", variables);
        self.must_not_have_run(case);
        assert_eq!(code, Some(2), "{case}:\n{text}");
        assert!(text.contains(&format!("{} → {}", CHANGE.0, CHANGE.1)), "{case}:\n{text}");
    }

    /// Nothing ran, and an error says why there is no answer.
    fn must_be_refused(&self, reference: &str, code: i32, told: &str, case: &str) {
        let (exit, text) = self.run(self.repository.root(), reference, &[]);
        self.must_not_have_run(case);
        assert_eq!(exit, Some(code), "{case}:\n{text}");
        assert!(text.contains(told), "{case}: no {told:?} in\n{text}");
    }

    fn must_not_have_run(&self, case: &str) {
        assert!(!self.mark().exists(), "{case}: a program was run");
    }
}

/// A test of marks that are never left would hold anything.
#[test]
fn the_programs_leave_their_mark() {
    let attack = Attack::new();
    Command::new(attack.bin().join("git")).env("PATH", "/usr/bin:/bin").assert().success();
    assert!(attack.mark().exists());
}

/// 4 places × 26 settings, and 3 times asked from the place itself: 107 tries.
#[test]
fn a_bare_repository_in_the_tree_is_never_taken_for_one() {
    let attack = Attack::new();
    let mut tries = 0;
    for level in ["..", ".", "environments", "environments/user-data"] {
        let folder = attack.repository.root().join(level);
        for (number, config) in CONFIGS.iter().enumerate() {
            let config = config.replace("EVIL", &attack.evil());
            if number == 0 {
                attack.bare(&folder, &config);
            } else {
                fs::write(folder.join("config"), format!("[core]\n\tbare = true\n{config}")).unwrap();
            }
            // Asked from the place itself with the first setting only: each try takes a tenth of a second.
            let both = [attack.repository.root(), &folder];
            let places = if number == 0 && level != ".." { 2 } else { 1 };
            for from in both.into_iter().take(places) {
                attack.must_be_seen(from, &[], &format!("{level}, {config}"));
                tries += 1;
            }
        }
        for part in ["HEAD", "config", "objects", "refs", "packed-refs", "hooks", "info", "description"] {
            let part = folder.join(part);
            if part.is_dir() {
                fs::remove_dir_all(part).unwrap();
            } else if part.exists() {
                fs::remove_file(part).unwrap();
            }
        }
    }
    assert_eq!(tries, 4 * CONFIGS.len() + 3);
}

/// What an earlier job, or a colleague, left in the repository's own folder.
#[test]
fn no_setting_of_the_repository_has_a_meaning() {
    let attack = Attack::new();
    let config = attack.repository.top().join(".git/config");
    let before = fs::read_to_string(&config).unwrap();
    for setting in CONFIGS {
        let setting = setting.replace("EVIL", &attack.evil());
        fs::write(&config, format!("{before}{setting}")).unwrap();
        attack.must_be_seen(attack.repository.root(), &[], &setting);
    }
}

/// 34 variables.
#[test]
fn no_variable_has_a_meaning() {
    let attack = Attack::new();
    let other = attack.repository.folder().join("other.git");
    attack.bare(&other, "");
    let settings = attack.repository.folder().join("settings");
    let config = CONFIGS.concat().replace("EVIL", &attack.evil());
    fs::write(&settings, &config).unwrap();
    fs::write(attack.repository.folder().join("home/.gitconfig"), &config).unwrap();
    for (name, value) in VARIABLES {
        let value = value
            .replace("EVIL", &attack.evil())
            .replace("OTHER", other.to_str().unwrap())
            .replace("SETTINGS", settings.to_str().unwrap())
            .replace("MARK", attack.mark().to_str().unwrap());
        let mut variables = vec![(*name, value.as_str())];
        if *name == "GIT_CONFIG_KEY_0" {
            let evil = attack.evil();
            let all =
                [("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", &*value), ("GIT_CONFIG_VALUE_0", &*evil)];
            attack.must_be_seen(attack.repository.root(), &all, name);
            variables.clear();
        }
        attack.must_be_seen(attack.repository.root(), &variables, name);
    }
}

#[test]
fn nothing_stands_in_for_another_object() {
    let attack = Attack::new();
    let repository = &attack.repository;
    let spec = |reference: &str| {
        repository.git(&["rev-parse", &format!("{reference}:infra/environments/prod.yaml")])
    };
    let pairs = [
        (repository.git(&["rev-parse", "main"]), repository.git(&["rev-parse", "pr"])),
        (repository.git(&["rev-parse", "main^{tree}"]), repository.git(&["rev-parse", "pr^{tree}"])),
        (spec("main"), spec("pr")),
    ];
    for (from, to) in &pairs {
        repository.git(&["update-ref", &format!("refs/replace/{from}"), to]);
        attack.must_be_seen(repository.root(), &[], "replaced");
        repository.git(&["pack-refs", "--all"]);
        attack.must_be_seen(repository.root(), &[], "replaced, packed");
    }
    let grafts = repository.top().join(".git/info/grafts");
    let (main, pr) = &pairs[0];
    fs::write(&grafts, format!("{pr} {pr}\n{main} {pr}\n")).unwrap();
    let (code, text) = attack.run(repository.root(), "pr~1", &[]);
    assert!(code == Some(2) && text.contains(&format!("commit {main}")), "{text}");
    fs::remove_file(&grafts).unwrap();
    // An object whose bytes are those of another.
    let object = |id: &str| repository.top().join(".git/objects").join(&id[..2]).join(&id[2..]);
    for ((from, to), code) in pairs.iter().zip([1, 1, 3]) {
        let before = fs::read(object(from)).unwrap();
        fs::remove_file(object(from)).unwrap();
        fs::copy(object(to), object(from)).unwrap();
        attack.must_be_refused("main", code, &format!("object {} is damaged", &from[..12]), "exchanged");
        fs::remove_file(object(from)).unwrap();
        fs::write(object(from), before).unwrap();
    }
    attack.must_be_seen(repository.root(), &[], "as before");
}

#[test]
fn files_that_git_reads_from_the_tree_are_files_as_others() {
    let attack = Attack::new();
    let evil = attack.evil();
    let texts = [
        (
            ".gitattributes",
            "* filter=evil diff=evil merge=evil export-subst working-tree-encoding=UTF-16\n".to_owned(),
        ),
        (".gitmodules", format!("[submodule \"x\"]\n\tpath = x\n\turl = ext::{evil}\n\tupdate = !{evil}\n")),
        (".gitconfig", CONFIGS.concat().replace("EVIL", &evil)),
        (".lfsconfig", format!("[lfs \"customtransfer.x\"]\n\tpath = {evil}\n")),
        (".mailmap", "x <x@x> <t@example.com>\n".to_owned()),
        (".gitignore", "*\n".to_owned()),
        (".GIT", "gitdir: ../other.git\n".to_owned()),
        (".git\u{200c}", "gitdir: ../other.git\n".to_owned()),
        ("git~1", "gitdir: ../other.git\n".to_owned()),
        ("gitdir", "../other.git\n".to_owned()),
        ("commondir", "../other.git\n".to_owned()),
        ("hooks/post-checkout", format!("#!/bin/sh\n{evil}\n")),
    ];
    for level in ["..", ".", "environments"] {
        for (name, text) in &texts {
            attack.repository.write(&format!("{level}/{name}"), text);
            attack.must_be_seen(attack.repository.root(), &[], &format!("{level}/{name}"));
        }
    }
    let hooks = attack.repository.top().join(".git/hooks");
    for hook in
        ["post-checkout", "reference-transaction", "fsmonitor-watchman", "post-index-change", "pre-auto-gc"]
    {
        fs::copy(attack.bin().join("evil"), hooks.join(hook)).unwrap();
    }
    attack.must_be_seen(attack.repository.root(), &[], "hooks");
}

#[test]
fn a_name_is_never_a_command_an_option_or_a_url() {
    let attack = Attack::new();
    let evil = attack.evil();
    let names = [
        "--upload-pack=EVIL",
        "--exec=EVIL",
        "--output=RAN",
        "-c core.pager=EVIL",
        "--help",
        "-",
        "--",
        "ext::EVIL",
        "ext::sh -c touch% RAN",
        "ssh://-oProxyCommand=EVIL/x",
        "file:///etc",
        "$(EVIL)",
        "`EVIL`",
        "|EVIL",
        "main;EVIL",
        "main && EVIL",
        "main\nEVIL",
        "main\0",
        "../../other.git/refs/heads/main",
        "refs/../../x",
        "/etc/passwd",
        "main.lock",
        "main/",
        "//main",
        ".",
        "..",
        "@{-1}",
        "@{u}",
        ":/pull",
        "main^{/pull}",
        "HEAD:infra",
        "main~-1",
    ];
    for name in names.iter().filter(|name| !name.contains('\0')) {
        attack.must_be_refused(&name.replace("EVIL", &evil), 1, "cannot read `git:", name);
    }
}

#[test]
fn no_object_is_fetched() {
    let attack = Attack::new();
    let repository = &attack.repository;
    let evil = attack.evil();
    for (name, value) in [
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "evil"),
        ("remote.evil.promisor", "true"),
        ("remote.evil.url", &format!("ext::{evil}")),
        ("protocol.allow", "always"),
    ] {
        repository.git(&["config", name, value]);
    }
    repository.git(&["update-ref", "refs/heads/main", &repository.git(&["rev-parse", "pr"])]);
    let id = repository.git(&["rev-parse", "main:infra/environments/prod.yaml"]);
    fs::remove_file(repository.top().join(".git/objects").join(&id[..2]).join(&id[2..])).unwrap();
    let (code, text) = attack.run(repository.root(), "main", &[]);
    attack.must_not_have_run("a promised object");
    assert!(text.contains(&format!("object {} is not here", &id[..12])), "{code:?}\n{text}");
}
