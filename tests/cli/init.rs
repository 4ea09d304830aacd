//! `asagi init`: a repository that passes what its own jobs ask.

use std::process::Command;

use serde_json::Value;

use crate::repository::{Repository, run};

const ANSWERS: [&str; 9] = [
    "init",
    "--project",
    "shop",
    "--environment",
    "dev=111122223333",
    "--environment",
    "prod=444455556666",
    "--email",
    "ops@example.co.jp",
];

/// A folder with nothing in it, and what was begun there.
fn begun(arguments: &[&str]) -> (Repository, String) {
    let repository = Repository::empty();
    let (_, err) = run(repository.asagi(arguments), 0);
    (repository, err)
}

#[test]
fn answers_make_a_repository_that_passes() {
    let (repository, said) = begun(&ANSWERS);
    insta::assert_snapshot!(said, @r"
    wrote .gitea/workflows/asagi-apply.yaml
    wrote .gitea/workflows/asagi.yaml
    wrote .gitignore
    wrote Jenkinsfile
    wrote environments/base-shop.yaml
    wrote environments/dev.yaml
    wrote environments/prod.yaml
    wrote environments/user-data/web.sh
    wrote schemas/environment.schema.json
    wrote schemas/environment-part.schema.json
    wrote 42 files below rendered/, as `asagi render` does

    next
      asagi check                        what is wrong with environments/dev.yaml
      asagi simulate dev                 a release rolls out in an account in memory
      asagi iam-policy founder dev       what the first `asagi apply dev` must be allowed
      git add -A && git commit           the jobs check every pull request from then on
    ");
    let (found, said) = run(repository.asagi(&["check"]), 0);
    assert_eq!(said, "checked 2 environments: 0 errors, 2 warnings\n");
    assert_eq!(found.matches("the load balancer has no certificate").count(), 2, "{found}");
    run(repository.asagi(&["render", "--check"]), 0);
    let (_, said) = run(repository.asagi(&["simulate", "prod"]), 0);
    assert!(said.contains("the lock has no image of web: two are made up\n"), "{said}");
    assert!(said.ends_with("web: complete\n"), "{said}");
}

#[test]
fn the_example_has_releases_to_roll_out() {
    let (repository, _) = begun(&["init", "--from", "poc", "--ci", "none"]);
    let (_, said) = run(repository.asagi(&["check"]), 0);
    assert_eq!(said, "checked 1 environment: 0 errors, 0 warnings\n");
    let (_, said) = run(repository.asagi(&["simulate", "poc"]), 0);
    assert!(said.contains("the spec now asks for web 1.1\n"), "{said}");
    assert_eq!(repository.files(".gitea"), []);
}

#[test]
fn what_is_there_stays_and_is_told() {
    let (repository, _) = begun(&ANSWERS);
    repository.write(".gitignore", "/node_modules/\n");
    repository.write("environments/prod.yaml", "mine");
    let before = repository.files("");
    let (_, said) = run(repository.asagi(&ANSWERS), 3);
    assert_eq!(repository.files(""), before);
    for path in [".gitignore", "environments/prod.yaml"] {
        assert!(said.contains(&format!("kept {path}: it was there, and holds something else\n")), "{said}");
    }
    assert!(!said.contains("wrote "), "{said}");
}

#[test]
fn answers_that_make_no_spec_write_nothing() {
    for (answers, told) in [
        (&["--project", "../shop"][..], "lower-case letters, digits and hyphens"),
        (&["--project", "Shop"], "lower-case letters, digits and hyphens"),
        (&["--environment", "dev"], "a name, `=`, and an account"),
        (&["--environment", "dev=1"], "an account has twelve digits"),
        (&["--environment", "dev={{resolve:ssm:x}}"], "an account has twelve digits"),
        (&["--email", "ops"], "an address like ops@example.co.jp"),
        (&["--email", "o\u{202e}@example.co.jp"], "an address like ops@example.co.jp"),
        (&["--health", "/x]\n"], "a path like /health"),
        (&["--region", "mars-north-1"], "mars-north-1"),
        (&["--environment", "dev=111122223333", "--environment", "dev=444455556666"], "`dev` twice"),
        (&["--environment", "base-shop=111122223333"], "begins with `base-`"),
    ] {
        let repository = Repository::empty();
        let usual =
            ["init", "--project", "shop", "--environment", "stg=111122223333", "--email", "a@example.jp"];
        let mut arguments = vec!["init"];
        for pair in usual[1..].chunks(2).filter(|pair| pair[0] != answers[0]) {
            arguments.extend(pair);
        }
        arguments.extend(answers);
        let output = repository.asagi(&arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(1 | 3)) && said.contains(told), "{arguments:?}: {said}");
        assert_eq!(repository.files(""), [], "{arguments:?}");
    }
}

#[test]
fn nobody_to_ask_is_told_with_the_option() {
    let repository = Repository::empty();
    let (_, said) = run(repository.asagi(&["init"]), 1);
    assert!(said.contains("say it: `asagi init --project shop …`"), "{said}");
    let (_, said) = run(repository.asagi(&["init", "--project", "shop"]), 1);
    assert!(said.contains("--environment dev=111122223333 --environment prod=444455556666"), "{said}");
    assert_eq!(repository.files(""), []);
}

/// The steps that are commands, job by job, as the workflow has them.
fn steps(workflow: &str) -> Vec<(String, String)> {
    let document: Value = serde_yaml::from_str(workflow).unwrap();
    let jobs = document["jobs"].as_object().unwrap();
    let mut found = Vec::new();
    for (job, content) in jobs {
        let steps = content["steps"].as_array().unwrap().iter();
        found.extend(steps.filter_map(|step| Some((job.clone(), step["run"].as_str()?.to_owned()))));
    }
    found
}

#[test]
fn the_steps_of_the_pull_requests_job_run() {
    let (repository, _) = begun(&ANSWERS);
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_asagi")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let shell = |script: &str| {
        let mut command = Command::new("bash");
        command
            .args(["-e", "-o", "pipefail", "-c", script])
            .current_dir(repository.path(""))
            .env("PATH", &path);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("HOME", repository.path(""));
        for (name, value) in [
            ("ENVIRONMENT", "prod"),
            ("BASE", "main"),
            ("GITHUB_STEP_SUMMARY", "summary.md"),
            ("GIT_AUTHOR_NAME", "a"),
            ("GIT_AUTHOR_EMAIL", "a@example.jp"),
            ("GIT_COMMITTER_NAME", "a"),
            ("GIT_COMMITTER_EMAIL", "a@example.jp"),
        ] {
            command.env(name, value);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{script}: {output:?}");
    };
    shell(
        "git init -q -b main && git add -A && git commit -q -m begun && git update-ref refs/remotes/origin/main HEAD",
    );
    let base = repository.read("environments/base-shop.yaml");
    repository.write("environments/base-shop.yaml", &base.replace("path: /", "path: /alive"));
    shell("asagi render && git commit -qam 'another path'");
    let steps = steps(&repository.read(".gitea/workflows/asagi.yaml"));
    let scripts: Vec<&str> =
        steps.iter().map(|(_, script)| script.lines().next().unwrap_or_default()).collect();
    assert_eq!(
        scripts,
        [
            "asagi check",
            "asagi render --check",
            "asagi diff \"$ENVIRONMENT\" --against \"git:origin/$BASE\" --format markdown > diff.md",
        ]
    );
    for (_, script) in &steps {
        shell(script);
    }
    let summary = repository.read("summary.md");
    assert!(summary.contains("asagi diff `prod`") && summary.contains("/alive"), "{summary}");
}
