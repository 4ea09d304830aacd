//! `asagi check`.

use serde_json::Value;

use crate::repository::{BASE, PROD, Repository, asagi, run};

#[test]
fn all_environments_are_checked_and_bases_are_not() {
    let repository = Repository::new();
    let (out, err) = run(repository.asagi(&["check"]), 0);
    assert!(!out.contains("error"), "{out}");
    assert!(err.starts_with("checked 2 environments: 0 errors, "), "{err}");
}

#[test]
fn a_finding_in_a_base_is_told_once_with_all_it_touches() {
    let repository = Repository::new();
    repository.write("environments/base.yaml", &BASE.replace("port: 8080,", "port: 8080, prot: 1,"));
    let (out, err) = run(repository.asagi(&["check"]), 3);
    assert_eq!(out.matches("unknown key `prot`").count(), 1, "{out}");
    assert!(out.contains("  --> environments/base.yaml:10:"), "{out}");
    assert!(out.contains("= in: dev, prod"), "{out}");
    assert!(err.starts_with("checked 2 environments: 1 error, "), "{err}");
}

#[test]
fn json_is_versioned_and_goes_to_stdout_alone() {
    let repository = Repository::new();
    repository.write("environments/prod.yaml", &format!("{PROD}regoin: x\n"));
    let (out, err) = run(repository.asagi(&["check", "--format", "json"]), 3);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&report["version"], &report["errors"]), (&Value::from(1), &Value::from(1)));
    let prod = &report["environments"][1];
    assert_eq!(prod["environment"], "prod");
    assert_eq!(prod["findings"][0]["places"][0]["file"], "environments/prod.yaml");
    assert_eq!(err, "");
}

#[test]
fn a_file_that_is_no_yaml_is_an_error_and_not_passed_over() {
    let repository = Repository::new();
    repository.write("environments/stg.yaml", "asagi: [v1\n");
    let (out, _) = run(repository.asagi(&["check"]), 3);
    assert!(out.contains("environments/stg.yaml:"), "{out}");
}

#[test]
fn one_environment_by_name_or_path() {
    let repository = Repository::new();
    for name in ["prod", "environments/prod.yaml", "./environments/prod.yaml"] {
        let (_, err) = run(repository.asagi(&["check", name]), 0);
        assert!(err.starts_with("checked 1 environment: 0 errors, "), "{err}");
    }
    let (_, err) = run(repository.asagi(&["check", "prd"]), 1);
    assert_eq!(err, "error: there is no environment `prd`\n  help: did you mean `prod`?\n");
}

#[test]
fn the_repository_s_own_examples_are_sound() {
    let root = env!("CARGO_MANIFEST_DIR");
    let (out, err) = run(asagi(&["check", "--root", root]), 0);
    assert_eq!(out, "");
    assert!(err.contains(": 0 errors, 0 warnings"), "{err}");
}

#[test]
fn warnings_pass_unless_they_are_denied() {
    let repository = Repository::new();
    let second = r#"routes: [{ name: api, priority: 200, paths: ["/api/*"] }, "#;
    repository.write("environments/base.yaml", &BASE.replace("routes: [", second));
    let (out, err) = run(repository.asagi(&["check"]), 0);
    assert!(out.contains("warning[ASG"), "{out}");
    assert!(err.starts_with("checked 2 environments: 0 errors, 1 warning"), "{err}");
    run(repository.asagi(&["check", "--deny-warnings"]), 3);
}
