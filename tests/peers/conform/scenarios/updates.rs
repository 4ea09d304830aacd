//! Stacks that change.

use super::{GROUP, SHOP};
use crate::conform::agree;
use crate::conform::differences::Difference::{
    Cleanup, CreationInitiated, ExecuteWords, OutputsAlone, Reasons, Replacement, Tags, Tokens, Untouched,
};

#[test]
fn only_parameters_change() {
    agree("parameters", &[Reasons, Cleanup, Untouched], |scene| {
        scene.given(&scene.ask("first").template(SHOP));
        scene.deploy(&scene.ask("green").previous("Seconds").value("Color", "green"));
    });
}

#[test]
fn nothing_to_change_fails_in_the_services_words() {
    agree("nothing", &[ExecuteWords], |scene| {
        scene.given(&scene.ask("first").template(SHOP));
        let made = scene.make(&scene.ask("again").previous("Seconds").previous("Color")).unwrap();
        scene.execute_with(&made, "execute");
    });
}

#[test]
fn tags_alone_are_a_change() {
    agree("tags", &[Tags], |scene| {
        scene.given(&scene.ask("first").template(SHOP).tag("System", "shop"));
        scene.deploy(&scene.ask("tags").previous("Seconds").previous("Color").tag("System", "store"));
        let tags = scene.describe("tags").unwrap().tags;
        scene.fact(&format!("{tags:?}"));
    });
}

#[test]
fn topics_that_are_told_of_events_stay_with_the_stack() {
    const TOPICS: [&str; 2] = ["one", "two"];
    let arns = TOPICS.map(|name| format!("arn:aws:sns:ap-northeast-1:123456789012:{name}"));
    let arns: Vec<&str> = arns.iter().map(String::as_str).collect();
    agree("told", &[Reasons, Cleanup, Untouched], |scene| {
        scene.given(&scene.ask("first").template(SHOP).topics(&arns));
        for (name, color, topics) in [("kept", "green", &arns[..]), ("none", "blue", &[])] {
            let ask = scene.ask(name).previous("Seconds").value("Color", color);
            let ask = if topics.is_empty() { ask.topics(topics) } else { ask };
            let made = scene.make(&ask).unwrap();
            scene.execute(&made);
            let topics = scene.describe("told").unwrap().notification_topics;
            scene.fact(&format!("told: {}", topics.join(" ")));
        }
    });
}

#[test]
fn a_replaced_resource_is_made_first_and_removed_last() {
    agree("replaced", &[Reasons, CreationInitiated, Replacement, Cleanup], |scene| {
        scene.given(&scene.ask("first").template(GROUP));
        scene.deploy(&scene.ask("port").value("Port", "81"));
        let id = scene.describe("replaced").unwrap().id;
        scene.order(&id, "UPDATE", "Group", "Note");
        scene.resources();
    });
}

#[test]
fn resources_come_and_go_with_the_template() {
    let without = SHOP.replace(
        "  Queue:\n    Type: AWS::SQS::Queue\n    Properties: { VisibilityTimeout: !Ref Seconds }\n",
        "  Topic: { Type: AWS::SNS::Topic }\n",
    );
    agree("coming", &[Reasons, CreationInitiated, Cleanup, Untouched], |scene| {
        scene.given(&scene.ask("first").template(SHOP));
        scene.deploy(&scene.ask("topic").template(&without).previous("Seconds").previous("Color"));
        scene.resources();
    });
}

#[test]
fn an_outputs_change_alone_is_a_change() {
    let renamed = SHOP.replace("  Color: { Value: !Ref Color }", "  Colour: { Value: !Ref Color }");
    agree("outputs", &[OutputsAlone], |scene| {
        scene.given(&scene.ask("first").template(SHOP));
        scene.deploy(&scene.ask("renamed").template(&renamed).previous("Seconds").previous("Color"));
    });
}

#[test]
fn executing_one_change_set_deletes_the_others() {
    agree("others", &[Reasons, Cleanup, Untouched, ExecuteWords], |scene| {
        scene.given(&scene.ask("first").template(SHOP));
        let green = scene.make(&scene.ask("green").previous("Seconds").value("Color", "green")).unwrap();
        let long = scene.make(&scene.ask("long").previous("Color").value("Seconds", "60")).unwrap();
        scene.execute(&green);
        scene.call("describe the other", async |cloud| cloud.describe_change_set(&long.id).await);
        scene.execute_with(&green, "another-token");
        scene.execute_with(&long, "another-token");
    });
}

#[test]
fn the_same_tokens_are_the_same_calls() {
    agree("tokens", &[Tokens], |scene| {
        scene.given(&scene.ask("first").template(SHOP));
        let ask = scene.ask("green").previous("Seconds").value("Color", "green");
        let made = scene.make(&ask).unwrap();
        let again = scene.make(&ask).map(|again| again.id == made.id);
        scene.fact(&format!("the same change set: {again:?}"));
        scene.execute_with(&made, "one-token");
        scene.execute_with(&made, "one-token");
        scene.rest();
    });
}
