//! What only the deployment knows, and what comes by rollouts alone: the diff, the plan and what is done say the same.

use asagi::ops;

use super::block;
use super::session::Session;

const KEEPER: &str = "
Parameters: { Value: { Type: String }, Key: { Type: String, Default: first } }
Resources: { Name: { Type: AWS::SSM::Parameter, Properties: { Name: /shop/name, Type: String, Value: !Ref Value } } }
Outputs: { Key: { Value: !Ref Key } }
";

/// The proof of concept with two stacks of its own: one keeps a name and a key, the other is made of that template.
fn own_stacks(user: &str) -> Session {
    let mut session = Session::poc();
    session.files.add("environments/stacks/keeper.yaml", KEEPER);
    session.edit(
        "roles:\n  web:",
        "stacks:\n  keeper: { template: ./stacks/keeper.yaml, parameters: { Value: orders } }\nroles:\n  web:",
    );
    session.apply();
    session.files.add("environments/stacks/user.yaml", user);
    let key = if user.contains("Key:") { "{ Key: { output: keeper.Key } }" } else { "{}" };
    session.edit(
        "roles:\n  web:",
        &format!("  user: {{ template: ./stacks/user.yaml, parameters: {key} }}\nroles:\n  web:"),
    );
    session.apply();
    session.restart();
    session
}

/// What the diff says beside what stays, and whether there is anything to do, by diff and by plan.
fn told(session: &Session) -> String {
    let report = block(ops::diff_deployed(&session.cloud, &session.loaded())).unwrap();
    let palette = asagi::diff::render::Palette::plain();
    let roles = asagi::diff::render::human_roles(&report.roles, &palette);
    let screen = format!("{}{}", session.diff(), roles.as_str());
    let lines = screen.lines().filter(|line| !line.is_empty() && !line.contains("unchanged"));
    let told: Vec<_> = report.unreadable.iter().map(String::as_str).chain(lines).collect();
    let plan = session.plan().unwrap();
    let planned = if plan.is_empty() || plan.only_sends_again() { "nothing to do" } else { "to do" };
    let differs = if report.is_empty() { "no changes" } else { "changes" };
    let notes: Vec<String> = plan.notes.iter().map(|note| format!("plan notes {note}\n")).collect();
    format!("{differs}; {planned}\n{}\n{}", told.join("\n"), notes.concat())
}

#[test]
fn a_moved_parameter_comes_with_the_next_edit_and_not_before() {
    let queue = "
Parameters: { QueueName: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop/name } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref QueueName } }
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: one } }
";
    let mut session = own_stacks(queue);
    let mut all = vec![told(&session)];
    session.edit("Value: orders", "Value: bills");
    all.push(told(&session));
    session.apply();
    all.push(told(&session));
    session.files.add("environments/stacks/user.yaml", &queue.replace("one", "two"));
    all.push(told(&session));
    session.apply();
    all.push(told(&session));
    all.push(session.log().to_owned());
    insta::assert_snapshot!(all.join("---\n"));
}

#[test]
fn a_parameter_that_the_same_run_moves_is_foreseen() {
    let queue = "
Parameters: { QueueName: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop/name }, Key: { Type: String } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref QueueName } }
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub 'one ${Key}' } }
";
    let mut session = own_stacks(queue);
    session.edit("Value: orders", "Value: bills");
    session.files.add("environments/stacks/user.yaml", &queue.replace("one", "two"));
    let before = told(&session);
    session.apply();
    insta::assert_snapshot!(format!("{before}---\n{}---\n{}", session.log(), told(&session)));
}

#[test]
fn what_cannot_be_read_back_is_sent_and_settles() {
    let user = "
Parameters: { Key: { Type: String, NoEcho: true } }
Resources: { Secret: { Type: AWS::SSM::Parameter, Properties: { Name: /shop/key, Type: String, Value: !Ref Key } } }
";
    let mut session = own_stacks(user);
    let mut all = vec![told(&session)];
    session.apply();
    session.files.add("environments/stacks/keeper.yaml", &KEEPER.replace("first", "second"));
    session.apply();
    all.push(told(&session));
    all.push(session.log().to_owned());
    let value = block(asagi::cloud::Observe::parameter(&session.cloud, "/shop/key")).unwrap();
    all.push(format!("the parameter is {}\n", value.unwrap_or_default()));
    insta::assert_snapshot!(all.join("---\n"));
}

#[test]
fn a_dynamic_reference_is_looked_up_with_an_update_of_its_resource() {
    let user = "
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: '{{resolve:ssm:/shop/name}}', KmsMasterKeyId: one } }
  Copy: { Type: AWS::SSM::Parameter, Properties: { Name: /shop/copy, Type: String, Value: '{{resolve:ssm:/shop/name}}', Description: one } }
";
    let copy = |session: &Session| {
        let value = block(asagi::cloud::Observe::parameter(&session.cloud, "/shop/copy")).unwrap();
        format!("the copy is {}\n", value.unwrap_or_default())
    };
    let mut session = own_stacks(user);
    session.edit("Value: orders", "Value: bills");
    session.apply();
    let mut all = vec![told(&session), copy(&session)];
    session
        .files
        .add("environments/stacks/user.yaml", &user.replace("KmsMasterKeyId: one", "KmsMasterKeyId: two"));
    session.apply();
    all.push(copy(&session));
    session.files.add("environments/stacks/user.yaml", &user.replace("Description: one", "Description: two"));
    all.push(told(&session));
    session.apply();
    all.extend([copy(&session), told(&session)]);
    insta::assert_snapshot!(all.join("---\n"));
}

#[test]
fn a_release_a_size_and_a_port_are_told_as_a_rollout() {
    let mut session = Session::poc();
    let mut all = vec![told(&session)];
    session.edit("capacity: { min: 2, max: 4 }", "capacity: { min: 2, max: 6 }");
    all.push(told(&session));
    session.edit("release: \"1.0\"", "release: \"1.1\"");
    session.edit("port: 80", "port: 8080");
    all.push(told(&session));
    session.until("shift-10");
    all.push(told(&session));
    insta::assert_snapshot!(all.join("---\n"));
}
