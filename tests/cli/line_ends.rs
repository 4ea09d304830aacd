//! Files whose lines end in CRLF, as checkouts on Windows have them: what is found, made and compared is the same.

use std::fs;
use std::path::Path;

use crate::repository::{BASE, Repository, run};

/// Every file below a folder, its lines ending in CRLF.
fn convert(folder: &Path) -> usize {
    let mut converted = 0;
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            converted += convert(&entry.path());
            continue;
        }
        let text = fs::read_to_string(entry.path()).unwrap();
        fs::write(entry.path(), text.replace('\n', "\r\n")).unwrap();
        converted += 1;
    }
    converted
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The repository's own environments, with their lock, own templates, components and user data.
fn examples() -> Repository {
    let repository = Repository::new();
    fs::remove_dir_all(repository.path("environments")).unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("environments"), &repository.path("environments"));
    repository
}

/// What a command prints, with the exit code; the clock of the embedded target begins where it is told.
fn told(repository: &Repository, arguments: &[&str]) -> (Option<i32>, String) {
    let mut asagi = repository.asagi(arguments);
    asagi.env("ASAGI_LOCAL_START", "2026-11-16T02:00:00Z");
    let output = asagi.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    (output.status.code(), text.replace(&repository.path("").display().to_string(), "ROOT/"))
}

#[test]
fn specs_locks_and_what_they_name_come_to_the_same() {
    let (plain, converted) = (examples(), examples());
    assert!(convert(&converted.path("environments")) > 10);
    let commands: [&[&str]; 5] = [
        &["check", "--format", "json"],
        &["render", "--out", "rendered"],
        // The digest that people agree to among them.
        &["plan", "poc", "--target", "local", "--format", "json"],
        &["plan", "prod", "--target", "local", "--format", "json"],
        &["images", "lock", "poc", "--target", "local"],
    ];
    for command in commands {
        let (code, text) = told(&plain, command);
        assert_eq!(code, Some(0), "{command:?}: {text}");
        assert_eq!(told(&converted, command), (code, text), "{command:?}");
    }
    let lock = "environments/images.lock.yaml";
    assert_eq!(converted.read(lock), plain.read(lock).replace('\n', "\r\n"), "nothing new, nothing written");
    let rendered = plain.files("rendered");
    assert!(rendered.len() > 20);
    for ((path, before), (_, after)) in rendered.iter().zip(converted.files("rendered")) {
        assert!(*before == after, "{path} differs");
    }
    assert_eq!(rendered.len(), converted.files("rendered").len());
}

#[test]
fn what_is_found_is_found_at_the_same_place() {
    let mistakes = BASE
        .replace("routes: [", r#"routes: [{ name: api, priority: 200, paths: ["/api/*"] }, "#)
        .replace("min: 2, max: 4", "min: 9, max: 4")
        .replace("region: ap-northeast-1", "region: ap-northeast-1\nregoin: x # 浅葱");
    for environment in [
        // a key that is none, then what only shows in a whole spec
        mistakes.clone(),
        mistakes.replace("\nregoin: x # 浅葱", ""),
        mistakes.replace("roles:", "roles: [\n"),
    ] {
        let (plain, converted) = (Repository::new(), Repository::new());
        plain.write("environments/base.yaml", &environment);
        converted.write("environments/base.yaml", &environment);
        convert(&converted.path("environments"));
        for format in ["human", "json", "sarif", "junit"] {
            let command = ["check", "--format", format];
            let (code, text) = told(&plain, &command);
            assert_eq!(code, Some(3), "{text}");
            assert_eq!(told(&converted, &command), (code, text), "{format}");
        }
    }
}

#[test]
fn a_conversion_is_no_change_and_the_reader_sees_which_commit_it_was_compared_with() {
    let repository = examples();
    let git = |arguments: &[&str]| {
        let mut git = assert_cmd::Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false"]);
        let output = git.args(arguments).current_dir(repository.path("")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "one"]);
    let first = git(&["rev-parse", "HEAD"]);
    convert(&repository.path("environments"));
    let diff = |against: &str, format: &str, code| {
        let command = ["diff", "prod", "--against", against, "--format", format, "--detailed-exitcode"];
        run(repository.asagi(&command), code)
    };
    let (markdown, err) = diff("git:main", "markdown", 0);
    assert!(markdown.starts_with("<!-- asagi diff prod -->\n### asagi diff `prod`: nothing changes\n"));
    assert!(markdown.ends_with(&format!("\nagainst `git:main`: commit `{first}`\n")), "{markdown}");
    assert_eq!(err, format!("against `main`: commit {first}\n"));
    let against = |text: &str| {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        (json["against"].clone(), json["stacks"].as_array().unwrap().len())
    };
    let (json, _) = diff("git:main", "json", 0);
    assert_eq!(against(&json), (serde_json::json!({ "git": "main", "commit": first }), 0));

    // The name moves on; what it named when it was compared is what is told.
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "two"]);
    let second = git(&["rev-parse", "HEAD"]);
    assert_ne!(first, second);
    let spec = repository.read("environments/base-idhub.yaml");
    repository.write("environments/base-idhub.yaml", &spec.replacen("interval: 15", "interval: 20", 1));
    assert_ne!(spec, repository.read("environments/base-idhub.yaml"));
    for (name, commit) in [("main", &second), ("main~1", &first), (first.as_str(), &first)] {
        let (markdown, err) = diff(&format!("git:{name}"), "markdown", 2);
        assert!(markdown.ends_with(&format!("\nagainst `git:{name}`: commit `{commit}`\n")), "{markdown}");
        assert_eq!(err, format!("against `{name}`: commit {commit}\n"));
        let (json, _) = diff(&format!("git:{name}"), "json", 2);
        let (told, stacks) = against(&json);
        assert_eq!(told, serde_json::json!({ "git": name, "commit": commit }));
        assert!(stacks > 0);
    }
}
