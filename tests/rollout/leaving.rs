//! Stacks and roles that leave the spec: told until somebody asks for their removal, and removed when everyone has let go.

use asagi::cloud::local::Fault;
use asagi::ops::ApplyOptions;

use super::cloud::Death;
use super::session::{Session, options};

const QUEUE: &str = "Resources:\n  Queue: { Type: AWS::SQS::Queue }\n";
const TABLE: &str = "Resources:\n  Users:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]\n      KeySchema: [{ AttributeName: id, KeyType: HASH }]\n";
const HELP: &str = "  hlp:
    instances: { type: t3.small, capacity: { min: 1, max: 2 } }
    targetGroup: { port: 80, healthCheck: { path: /, interval: 10, healthy: 2 }, deregistrationDelay: 30 }
    routes:
      - { name: hlp, priority: 50, paths: [\"/help/*\"] }
    rollout: { strategy: blue-green, hold: 10m, minRequests: 20 }
    release: { ami: ami-0a1b2c3d4e5f60718 }
";

/// What the plan says of stacks that left the spec, in their order.
fn left(session: &mut Session) {
    let plan = session.plan().unwrap();
    let levels = plan.levels.iter().map(|level| {
        let keys: Vec<&str> = level.iter().map(|stack| stack.key.as_str()).collect();
        keys.join("+")
    });
    let levels: Vec<String> = levels.collect();
    session.say(&format!("$ plan: levels {}", levels.join(", ")));
    let mut leaving = plan.leaving;
    leaving.sort_by_key(|it| it.goes.map(|goes| (goes.after, goes.turn)));
    for it in leaving {
        let when = it.goes.map_or("stays".to_owned(), |goes| format!("goes after level {}", goes.after));
        session.say(&format!("  {} {when}", it.name));
        it.holds_up.iter().for_each(|why| session.say(&format!("    {why}")));
    }
}

/// Two stacks of the team's own beside the role, one of which takes a value of the other.
fn with_two(given: &str) -> Session {
    let mut session = Session::poc();
    session.files.add("environments/stacks/queue.yaml", QUEUE);
    session.files.add("environments/stacks/table.yaml", TABLE);
    session.edit("roles:", &format!("{given}\nroles:"));
    session.apply();
    session.restart();
    session
}

#[test]
fn a_stack_that_leaves_the_spec_is_removed_by_its_name() {
    let both =
        "stacks: { jobs: { template: ./stacks/queue.yaml }, users: { template: ./stacks/table.yaml } }";
    let mut session = with_two(both);
    session.edit(both, "");
    left(&mut session);
    session.apply();
    session.prune = true;
    left(&mut session);
    session.stands(&options());
    session.apply();
    let some = ApplyOptions { allow_loss: vec!["poc-poc-users/Users".to_owned()], ..options() };
    session.inject(
        "the table cannot be deleted, once",
        Fault::ResourceFails {
            stack: "poc-poc-users".to_owned(),
            logical_id: "Users".to_owned(),
            reason: "Table is protected against deletion".to_owned(),
            times: 1,
        },
    );
    session.apply_with("apply --prune --allow-loss", &some);
    left(&mut session);
    session.apply_with("apply --prune --allow-loss", &some);
    left(&mut session);
    session.apply();
    insta::assert_snapshot!(session.log());
}

/// The run dies with the call that removes the first of them; the next one follows it, and removes the other.
#[test]
fn a_removal_that_was_cut_short_is_gone_on_with() {
    let both =
        "stacks: { jobs: { template: ./stacks/queue.yaml }, mails: { template: ./stacks/queue.yaml } }";
    let mut session = with_two(both);
    session.edit(both, "");
    session.prune = true;
    session.die(Death::After(1));
    session.apply();
    session.cloud.revive();
    left(&mut session);
    session.apply();
    left(&mut session);
    insta::assert_snapshot!(session.log());
}

#[test]
fn a_role_that_leaves_the_spec_goes_before_what_it_stands_on() {
    let mut session = Session::poc();
    session.edit("    release: \"1.0\"\n", &format!("    release: \"1.0\"\n{HELP}"));
    session.apply();
    session.wait(std::time::Duration::from_secs(1_800));
    session.apply();
    session.restart();
    session.look("hlp");
    session.edit(HELP, "");
    left(&mut session);
    session.stands(&options());
    session.apply();
    session.prune = true;
    left(&mut session);
    session.stands(&options());
    session.apply();
    let names = session.plan().unwrap().losses().iter().map(asagi::plan::Loss::name).collect();
    session
        .apply_with("apply --prune with all that it loses", &ApplyOptions { allow_loss: names, ..options() });
    left(&mut session);
    session.look("web");
    // Its users lose it, which is what was agreed to by name: nobody asks the witness here.
    insta::assert_snapshot!(session.story());
}
