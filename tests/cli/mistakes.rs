//! Slips of a person at the command line: each is told, and nothing is lost by it.

use crate::repository::{PROD, Repository, run};

/// Arguments, and what stderr says.
fn refused(repository: &Repository, arguments: &[&str], expected: &str) {
    let (_, err) = run(repository.asagi(arguments), 1);
    assert!(err.contains(expected), "{arguments:?}: {err}");
}

#[test]
fn a_plan_is_written_over_nothing_but_a_plan() {
    let repository = Repository::new();
    let plan = ["plan", "prod", "--target", "local", "--out"];
    let to = |path| [&plan[..], &[path]].concat();
    for path in ["environments/prod.yaml", "environments"] {
        refused(&repository, &to(path), "is no plan, and asagi does not overwrite it");
    }
    assert_eq!(repository.read("environments/prod.yaml"), PROD);
    run(repository.asagi(&to("prod.plan")), 0);
    run(repository.asagi(&to("prod.plan")), 0);
}

const WINDOW: &str = "{ window: { days: [Mon], from: \"02:00\", to: \"06:00\", timezone: Asia/Tokyo } }";

/// A file beside the environments is no plan because it has an environment's name, and what is named as a plan is one.
#[test]
fn an_environment_is_never_taken_for_a_file() {
    let repository = Repository::new();
    run(repository.asagi(&["plan", "dev", "--target", "local", "--out", "made.plan"]), 0);
    let made = repository.read("made.plan");
    fn local<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
        [arguments, &["--target", "local"]].concat()
    }
    for name in ["dev", "reviewed"] {
        repository.write(name, "not even JSON");
    }
    run(repository.asagi(&local(&["apply", "dev", "--role", "wbe", "--yes"])), 1);
    refused(&repository, &local(&["apply", "reviewed"]), "there is no environment `reviewed`");
    run(repository.asagi(&local(&["apply", "./reviewed"])), 3);
    refused(
        &repository,
        &local(&["apply", "--plan", "reviewed"]),
        "`reviewed`: not a plan file: expected ident",
    );
    refused(&repository, &local(&["apply", "--plan", "environments"]), "environments");
    refused(&repository, &local(&["apply", "--plan", "made.plan", "made.plan"]), "`--plan` names another");
    refused(&repository, &local(&["apply"]), "");
    let before = repository.files(".asagi");
    let stale = |text: &str, expected: &str| {
        repository.write("made.plan", text);
        let (_, err) = run(repository.asagi(&local(&["apply", "made.plan", "--yes"])), 4);
        assert!(err.contains(expected), "{err}");
        assert_eq!(repository.files(".asagi"), before, "nothing is written");
    };
    stale(
        r#"{ "version": 1, "levels": [] }"#,
        "`made.plan`: a plan file of form 1; this asagi makes form 2\n  help: make it again",
    );
    stale(
        &made.replacen("\"account\": \"", "\"account\": \"../../", 1),
        "this file was edited after it was made",
    );
    stale(
        &made.replacen('{', "{ \"approval\": \"none\",", 1),
        "edited after it was made: unknown field `approval`",
    );
    repository.write("made.plan", &made);
    let dev = repository.read("environments/dev.yaml");
    repository.write("environments/dev.yaml", &format!("{dev}protection: {WINDOW}\n"));
    let (_, err) = run(repository.asagi(&local(&["apply", "made.plan", "--yes"])), 4);
    assert!(err.contains("the plan is stale: the spec: protection.window\n"), "{err}");
}

#[test]
fn a_role_that_does_not_exist_is_told() {
    let repository = Repository::new();
    for command in [&["apply", "dev", "--yes"][..], &["history", "dev"], &["rollback", "dev"]] {
        let arguments = [command, &["--target", "local", "--role", "wbe"]].concat();
        refused(&repository, &arguments, "there is no role `wbe`\n  help: one of: web\n");
    }
}

#[test]
fn the_embedded_clock_is_not_taken_to_the_end_of_time() {
    let repository = Repository::new();
    let arguments = ["status", "dev", "--target", "local", "--advance", "99999999999d"];
    refused(&repository, &arguments, "`--advance` lets at most 366d pass at once");
}

#[test]
fn a_repository_without_environments_is_not_a_sound_one() {
    let repository = Repository::new();
    for name in ["dev", "prod"] {
        std::fs::remove_file(repository.path(&format!("environments/{name}.yaml"))).unwrap();
    }
    for command in ["check", "render"] {
        refused(&repository, &[command], "there is no environment in `environments/`");
    }
    refused(&repository, &["check", "--root", "environments"], "no `environments/` in");
    refused(&repository, &["apply", "prod.plan"], "there is no plan file `prod.plan`");
}

#[cfg(unix)]
#[test]
fn a_spec_that_leads_out_is_told_as_such() {
    let repository = Repository::new();
    std::os::unix::fs::symlink("/etc/passwd", repository.path("environments/out.yaml")).unwrap();
    for command in [&["check", "out"][..], &["check"]] {
        let (out, _) = run(repository.asagi(command), 3);
        assert!(out.contains("cannot read `environments/out.yaml`: it lies outside the repository"), "{out}");
    }
}

#[test]
fn what_cannot_go_wrong_in_a_simulation_is_told_with_the_nearest_name() {
    let repository = Repository::new();
    let cases = [
        (
            ["--alarm", "web.error-rate@shift-55+4m"],
            "this rollout of `web` has no phase `shift-55`\n  help: did you mean `shift-50`?",
        ),
        (
            ["--alarm", "web.erorr-rate@hold"],
            "`web` has no alarm on `erorr-rate`\n  help: did you mean `error-rate`?",
        ),
        (["--unhealthy", "wep.live=1/2@hold"], "there is no role `wep`\n  help: did you mean `web`?"),
        (["--fail", "web-gren@provision"], "has no stack `web-gren`\n  help: did you mean `web-green`?"),
        (
            ["--zone-down", "a@nightfall"],
            "this rollout has no phase `nightfall`\n  help: one of: provision, ",
        ),
    ];
    for (wrong, told) in cases {
        let arguments = [&["simulate", "poc", "--root", env!("CARGO_MANIFEST_DIR")], &wrong[..]].concat();
        refused(&repository, &arguments, told);
    }
}

#[test]
fn a_team_s_own_template_is_pointed_at_where_the_spec_names_it() {
    let repository = Repository::new();
    let template = "Parameters: { A: { Type: String } }\nResources: { T: { Type: AWS::SNS::Topic } }\n";
    for (template, parameters, expected, place) in [
        ("a: [", "A: x", "`[` is never closed\n", "environments/db.yaml:1:"),
        (
            template,
            "A: x, B: y",
            "`environments/db.yaml` declares no parameter `B`\n",
            "environments/prod.yaml:7:",
        ),
        (
            template,
            "A: { output: web-traffic.Nope }",
            "takes output `Nope` of `web-traffic`, which has no such output\n",
            "environments/prod.yaml:7:",
        ),
    ] {
        repository.write("environments/db.yaml", template);
        let stacks = format!("stacks: {{ db: {{ template: ./db.yaml, parameters: {{ {parameters} }} }} }}\n");
        repository.write("environments/prod.yaml", &format!("{PROD}{stacks}"));
        let (out, _) = run(repository.asagi(&["check", "prod"]), 3);
        assert!(out.contains(expected), "{out}");
        assert!(out.contains(&format!(" --> {place}")), "{out}");
    }
}
