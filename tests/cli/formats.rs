//! What `asagi check` prints for other programs: SARIF and JUnit against their published schemas, baselines, policies.

use serde_json::Value;

use crate::repository::{BASE, PROD, Repository, run};

/// A base with a warning that both environments share, a production with an error of its own and full-width text.
fn repository() -> Repository {
    let repository = Repository::new();
    let second = r#"routes: [{ name: api, priority: 200, paths: ["/api/*"] }, "#;
    repository.write("environments/base.yaml", &BASE.replace("routes: [", second));
    let capacity = "roles: { web: { instances: { capacity: { min: 9 } } } } # 本番 <&>\n";
    repository.write("environments/prod.yaml", &format!("{PROD}tags: {{ 名: \"a\\u0001\" }}\n"));
    repository.write("environments/stg.yaml", &format!("{}{capacity}", PROD.replace("prod", "stg")));
    repository
}

fn check(repository: &Repository, arguments: &[&str], code: i32) -> (String, String) {
    run(repository.asagi(&[&["check"], arguments].concat()), code)
}

fn results(repository: &Repository, arguments: &[&str], code: i32) -> Vec<Value> {
    let (out, _) = check(repository, &[&["--format", "sarif"], arguments].concat(), code);
    let log: Value = serde_json::from_str(&out).unwrap();
    let mut schema: Value = serde_json::from_str(include_str!("../schemas/sarif-2.1.0.json")).unwrap();
    // The published pattern has a bracket too many, which strict engines refuse. We write no language.
    for of in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][of]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{out}");
    log["runs"][0]["results"].as_array().unwrap().clone()
}

#[test]
fn sarif_is_valid_and_a_finding_of_several_environments_is_one_result() {
    let repository = repository();
    let results = results(&repository, &[], 3);
    let rule = |result: &Value| result["ruleId"].as_str().unwrap().to_owned();
    let shared: Vec<_> = results.iter().filter(|result| rule(result) == "ASG0328").collect();
    assert_eq!(shared.len(), 1, "{results:#?}");
    assert_eq!(shared[0]["properties"]["environments"], serde_json::json!(["dev", "stg"]));
    assert_eq!(shared[0]["level"], "warning");
    let place = &shared[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "environments/base.yaml");
    assert!(shared[0]["relatedLocations"].as_array().is_some_and(|related| !related.is_empty()));
}

#[test]
fn junit_has_a_suite_for_each_environment() {
    let repository = repository();
    let (out, err) = check(&repository, &["--format", "junit"], 3);
    assert_eq!(err, "");
    for expected in [
        "<testsuite name=\"dev\" file=\"environments/dev.yaml\" tests=\"1\" failures=\"0\"",
        "<testsuite name=\"stg\" file=\"environments/stg.yaml\" tests=\"2\" failures=\"1\"",
        "本番 &lt;&amp;&gt;",
    ] {
        assert!(out.contains(expected), "no {expected} in\n{out}");
    }
    let (denied, _) = check(&repository, &["--format", "junit", "--deny-warnings", "dev"], 3);
    assert!(denied.contains("failures=\"1\""), "{denied}");
}

#[test]
fn a_baseline_leaves_what_is_new_and_says_what_is_gone() {
    let repository = repository();
    let (_, err) = check(&repository, &["--write-baseline", "known.json"], 0);
    assert!(err.ends_with("wrote known.json: 3 findings, known from now on\n"), "{err}");
    let (out, err) = check(&repository, &["--baseline", "known.json"], 0);
    assert_eq!(out, "");
    assert_eq!(err, "checked 3 environments: 0 errors, 0 warnings; 3 more that the baseline knows\n");

    // Lines move, one finding is mended, one is new.
    repository.write("environments/prod.yaml", PROD);
    let stg = repository.read("environments/stg.yaml").replace("asagi: v1\n", "# moved\n\nasagi: v1\n");
    repository
        .write("environments/stg.yaml", &stg.replace("capacity: { min: 9 }", "capacity: { min: 9 }, mox: 1"));
    let base = repository.read("environments/base.yaml");
    repository.write("environments/base.yaml", &format!("# moved\n{base}"));
    let (out, err) = check(&repository, &["--baseline", "known.json"], 3);
    assert_eq!(out.matches("error[").count(), 1, "{out}");
    assert!(out.contains("unknown key `mox`"), "{out}");
    assert!(err.contains("gone: ASG0211 in environments/prod.yaml: `名` holds"), "{err}");
    let states = results(&repository, &["--baseline", "known.json"], 3);
    let states: Vec<_> = states.iter().map(|result| result["baselineState"].as_str().unwrap()).collect();
    assert!(
        states.contains(&"new") && states.contains(&"unchanged") && states.contains(&"absent"),
        "{states:?}"
    );
}

#[test]
fn a_baseline_is_written_over_nothing_but_a_baseline() {
    let repository = repository();
    let (_, err) = check(&repository, &["--write-baseline", "environments/prod.yaml"], 1);
    assert!(err.contains("`environments/prod.yaml` is not a baseline"), "{err}");
    let (_, err) = check(&repository, &["--baseline", "nowhere.json"], 1);
    assert!(err.contains("cannot read `nowhere.json`"), "{err}");
}

#[test]
fn a_policy_lowers_a_warning_and_says_so_in_every_format() {
    let repository = repository();
    repository.write("environments/prod.yaml", PROD);
    let policy = "policy: { ASG0328: { severity: ignore, reason: \"old clients use /api\" } }\n";
    repository.write("environments/dev.yaml", &format!("{}{policy}", crate::repository::DEV));
    let (out, err) = check(&repository, &["dev", "--deny-warnings"], 0);
    assert_eq!(out, "");
    assert_eq!(
        err,
        "checked 1 environment: 0 errors, 0 warnings, 1 ignored finding\n\
         policy: ASG0328 is ignored in dev: old clients use /api (1 finding)\n"
    );
    let result = results(&repository, &["dev"], 0).remove(0);
    assert_eq!(result["suppressions"][0]["justification"], "old clients use /api");
    let (junit, _) = check(&repository, &["dev", "--format", "junit"], 0);
    assert!(
        junit.contains("<property name=\"policy ASG0328\" value=\"ignore: old clients use /api\"/>"),
        "{junit}"
    );
    let (json, _) = check(&repository, &["dev", "--format", "json"], 0);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["environments"][0]["policy"][0]["reason"], "old clients use /api");
    assert_eq!(json["environments"][0]["findings"][0]["ignored"], "old clients use /api");
}

#[test]
fn a_policy_cannot_make_an_error_go_away() {
    let repository = repository();
    let policy =
        "policy: { ASG0331: { severity: warning, reason: later }, ASG0999: { severity: note, reason: x } }\n";
    let stg = repository.read("environments/stg.yaml");
    repository.write("environments/stg.yaml", &format!("{stg}{policy}"));
    let (out, _) = check(&repository, &["stg"], 3);
    for expected in [
        "error[ASG0331]: ",
        "error[ASG0391]: `ASG0331` found an error, which cannot be made `warning`",
        "error[ASG0390]: there is no rule `ASG0999` whose severity could be set",
    ] {
        assert!(out.contains(expected), "no {expected} in\n{out}");
    }
}
