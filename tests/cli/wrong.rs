//! What goes wrong because a person asks for it, on an embedded target that is kept: by `apply` and by `rollback`.

use crate::repository::{Repository, run};

/// On AWS nothing is made to go wrong, and nobody is asked.
#[test]
fn on_aws_nothing_is_made_to_go_wrong() {
    let repository = Repository::new();
    let cases: [&[&str]; 4] = [
        &["apply", "dev", "--alarm", "web.cpu@hold"],
        &["apply", "dev", "--all-well"],
        &["rollback", "dev", "--kill", "@rollback"],
        &["rollback", "dev", "--zone-down", "a@rollback"],
    ];
    let told = cases.map(|arguments| {
        let (_, err) = run(repository.asagi(arguments), 1);
        format!("{}\n{err}", arguments.join(" "))
    });
    insta::assert_snapshot!(told.concat(), @r"
    apply dev --alarm web.cpu@hold
    error: on AWS nothing is made to go wrong: the alarms of web on cpu go off
      help: such flags are for the embedded target: `--target local`, or `asagi simulate`
    apply dev --all-well
    error: on AWS nothing is made to go wrong: `--all-well`
      help: such flags are for the embedded target: `--target local`, or `asagi simulate`
    rollback dev --kill @rollback
    error: on AWS nothing is made to go wrong: the process ends
      help: such flags are for the embedded target: `--target local`, or `asagi simulate`
    rollback dev --zone-down a@rollback
    error: on AWS nothing is made to go wrong: zone a is down
      help: such flags are for the embedded target: `--target local`, or `asagi simulate`
    ");
}

/// What is not there is told before anything is begun.
#[test]
fn what_cannot_go_wrong_is_told() {
    let repository = Repository::new();
    let cases: [&[&str]; 5] = [
        &["apply", "dev", "--yes", "--alarm", "web.cpi@hold"],
        &["apply", "dev", "--yes", "--fail", "web-gren@open"],
        &["apply", "dev", "--yes", "--kill", "@nightfall"],
        &["rollback", "dev", "--kill", "@shift-50"],
        &["rollback", "dev", "--edit", "web.live.sizes=3/2@rollback"],
    ];
    let told = cases.map(|arguments| {
        let (_, err) = run(repository.asagi(&[arguments, &["--target", "local"][..]].concat()), 1);
        format!("{}\n{}", arguments.join(" "), last_lines(&err))
    });
    insta::assert_snapshot!(told.concat(), @r"
    apply dev --yes --alarm web.cpi@hold
    error: role `web` has no alarm on `cpi`
      help: did you mean `cpu`?
    apply dev --yes --fail web-gren@open
    error: the environment has no stack `web-gren`
      help: did you mean `web-green`?
    apply dev --yes --kill @nightfall
    error: this rollout has no phase `nightfall`
      help: one of: provision, verify, open
    rollback dev --kill @shift-50
    error: no way back has a phase `shift-50`
      help: one of: refill, restore, verify, rollback, clean-up
    rollback dev --edit web.live.sizes=3/2@rollback
    error: invalid value 'web.live.sizes=3/2@rollback' for '--edit <WHAT@WHEN>': write it as `web.weights=50/50@hold`, `web.live.sizes=1/2@hold` or `web.record@hold`
    For more information, try '--help'.
    ");
}

fn last_lines(err: &str) -> String {
    let lines: Vec<&str> = err.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.iter().rposition(|line| line.starts_with("error")).unwrap_or(0);
    lines[from..].iter().map(|line| format!("{line}\n")).collect()
}

/// The release goes out, an alarm goes off in its first bake, and the process of the rollback that a person then runs ends;
/// the next one finishes it.
#[test]
fn an_alarm_and_a_kill_on_a_target_that_is_kept() {
    let repository = Repository::new();
    let local = |arguments: &[&str]| repository.asagi(&[arguments, &["--target", "local"][..]].concat());
    for _ in 0..2 {
        run(local(&["apply", "dev", "--yes", "--advance", "4h"]), 0);
    }
    let spec = crate::repository::DEV;
    repository.write(
        "environments/dev.yaml",
        &format!("{spec}roles: {{ web: {{ release: {{ ami: ami-0123456789abcdef1 }} }} }}\n"),
    );
    let alarm = "web.cpu@shift-50+4m";
    let (_, err) = run(local(&["apply", "dev", "--yes", "--alarm", alarm, "--kill", "@shift-10+2m"]), 1);
    assert!(err.contains("! the process ends 2m into the phase"), "{err}");
    assert!(err.contains("the process ended here: fault injected on the embedded target"), "{err}");
    let (_, err) = run(local(&["apply", "dev", "--yes", "--alarm", alarm]), 6);
    assert!(err.contains("! the alarms of web on cpu go off 4m into the phase"), "{err}");
    // It stays on until somebody ends it.
    let (out, err) = run(local(&["apply", "dev", "--yes", "--again", "mended", "--all-well"]), 0);
    assert!(!err.contains("goes back"), "{out}{err}");
}
