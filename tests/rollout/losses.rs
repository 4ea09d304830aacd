//! Edits that stop users or lose data: asked for by name.

use asagi::cloud::Clock;
use asagi::ops::{ApplyError, ApplyOptions, check_names, idle_passes};

use super::session::{Session, options, tokyo};

#[test]
fn a_load_balancer_that_would_be_replaced() {
    let mut session = Session::poc();
    session.edit("scheme: internal", "scheme: internet-facing");
    let before = session.cloud.requests().len();
    session.stands(&options());
    session.apply();
    let some =
        ApplyOptions { allow_loss: vec!["poc-poc-load-balancer/LoadBalancer".to_owned()], ..options() };
    session.stands(&some);
    session.apply_with("apply --allow-loss one of them", &some);
    assert_eq!(session.cloud.requests().len(), before, "it was refused before its first call");
    insta::assert_snapshot!(session.log());
}

#[test]
fn a_table_of_ones_own_that_would_go() {
    let mut session = Session::poc();
    let table = |keys: &str, policies: &str| {
        format!(
            "Resources:\n  Users:\n    Type: AWS::DynamoDB::Table\n{policies}    Properties:\n      BillingMode: PAY_PER_REQUEST\n      AttributeDefinitions: [{{ AttributeName: {keys}, AttributeType: S }}]\n      KeySchema: [{{ AttributeName: {keys}, KeyType: HASH }}]\n"
        )
    };
    let kept = "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n";
    session.files.add("environments/stacks/users.yaml", &table("id", ""));
    session.edit("roles:", "stacks: { users: { template: ./stacks/users.yaml } }\nroles:");
    session.apply();
    session.files.add("environments/stacks/users.yaml", &table("name", ""));
    session.say("the key of the table changes");
    session.stands(&options());
    session.apply();
    session.files.add("environments/stacks/users.yaml", &table("id", kept));
    session.say("what keeps it goes first");
    session.stands(&options());
    session.apply();
    session.files.add("environments/stacks/users.yaml", &table("name", kept));
    session.stands(&options());
    session.apply();
    insta::assert_snapshot!(session.log());
}

/// What a person agrees to by a name with a slip in it, or that nothing asks for, is not passed over.
#[test]
fn a_name_that_is_none_of_the_plans() {
    let mut session = Session::poc();
    let told = |session: &Session, given: ApplyOptions| {
        let plan = session.plan().unwrap();
        let idle = idle_passes(&plan, &given, (session.cloud.now(), &tokyo())).join("\n");
        match check_names(&plan, &given) {
            Ok(()) => idle,
            Err(ApplyError::Misnamed(found)) => {
                let lines = found.iter().map(|it| format!("{it}: {}", it.help()));
                lines.collect::<Vec<_>>().join("\n")
            }
            Err(other) => panic!("{other}"),
        }
    };
    let loss = |name: &str| ApplyOptions { allow_loss: vec![name.to_owned()], ..options() };
    let unforeseen = |digest: &str| ApplyOptions { unforeseen: vec![digest.to_owned()], ..options() };
    let reason = Some("asked for".to_owned());
    let reasons = ApplyOptions {
        again: reason.clone(),
        outside_window: reason.clone(),
        unpromoted: reason,
        ..options()
    };
    session.edit("release: \"1.0\"", "release: \"1.1\"");
    let nothing_is_lost = told(&session, loss("poc-poc-load-balancer/LoadBalancer"));
    session.edit("scheme: internal", "scheme: internet-facing");
    let lines = [
        nothing_is_lost,
        told(&session, loss("poc-poc-load-balancer/LoadBalncer")),
        told(&session, loss("poc-poc-load-balancer/LoadBalancer")),
        told(&session, unforeseen("0123")),
        told(&session, unforeseen("0123-4567-89ab-cdef-0123-4567-89ab-cdef")),
        told(&session, reasons),
    ];
    insta::assert_snapshot!(lines.join("\n\n"), @"
    `--allow-loss poc-poc-load-balancer/LoadBalancer`: the plan would not lose this: there is none to name: leave `--allow-loss` out

    `--allow-loss poc-poc-load-balancer/LoadBalncer`: the plan would not lose this: one of: `poc-poc-load-balancer/LoadBalancer`, `poc-poc-load-balancer/Listener`, `poc-poc-load-balancer/RedirectListener`; or leave `--allow-loss` out



    `--unforeseen 0123`: no stack of the plan is rewritten by macros: there is none to name: leave `--unforeseen` out

    `--unforeseen 0123-4567-89ab-cdef-0123-4567-89ab-cdef`: no stack of the plan is rewritten by macros: there is none to name: leave `--unforeseen` out

    `--outside-window` passes nothing: no maintenance window is shut
    `--unpromoted` passes nothing: no release of this plan asks to be live elsewhere first
    `--again` passes nothing: no release of this plan was taken back
    ");
    let before = session.cloud.requests().len();
    session.apply_with("apply --allow-loss with a slip", &loss("poc-poc-load-balancer/LoadBalncer"));
    assert_eq!(session.cloud.requests().len(), before);
}
