//! Parameters: given, kept, looked up, hidden.

use super::SHOP;
use crate::conform::agree;
use crate::conform::differences::Difference::{
    Cleanup, CreationInitiated, Hidden, LookedUp, ParameterWords, Reasons, Unchecked,
};

#[test]
fn parameters_are_held_to_their_declarations() {
    const TEMPLATE: &str = r#"
Parameters:
  Missing: { Type: String }
  AlsoMissing: { Type: String }
  Color: { Type: String, Default: blue, AllowedValues: [blue, green] }
  Count: { Type: Number, Default: 1, MinValue: 1, MaxValue: 3 }
  Name: { Type: String, Default: abc, AllowedPattern: "[a-z]+", MinLength: 2, MaxLength: 4 }
  Said: { Type: String, Default: abc, AllowedPattern: "[a-z]+", ConstraintDescription: takes small letters }
Resources: { Topic: { Type: AWS::SNS::Topic } }
"#;
    agree("declared", &[ParameterWords, Unchecked], |scene| {
        scene.make(&scene.ask("missing").template(TEMPLATE));
        let whole =
            |name: &str| scene.ask(name).template(TEMPLATE).value("Missing", "x").value("AlsoMissing", "x");
        let asks = [
            ("unknown", "Other", "x"),
            ("allowed", "Color", "red"),
            ("number", "Count", "many"),
            ("least", "Count", "0"),
            ("most", "Count", "4"),
            ("pattern", "Name", "ABC"),
            ("short", "Name", "a"),
            ("long", "Name", "abcde"),
            ("said", "Said", "ABC"),
        ]
        .map(|(name, parameter, value)| whole(name).value(parameter, value));
        for ask in &asks {
            scene.make(ask);
        }
        let previous = scene.ask("previous").template(TEMPLATE).previous("Missing").value("AlsoMissing", "x");
        scene.make(&previous);
        scene.rest();
    });
}

#[test]
fn previous_values_are_kept_and_new_defaults_are_not() {
    let other = SHOP.replace("Default: 30", "Default: 60");
    agree("kept", &[], |scene| {
        scene.given(&scene.ask("first").template(SHOP).value("Color", "green"));
        scene.make(&scene.ask("kept").template(&other).previous("Seconds").previous("Color"));
        scene.make(&scene.ask("left-out").template(&other).previous("Color"));
        scene.make(&scene.ask("defaults"));
    });
}

#[test]
fn hidden_values_are_not_told() {
    const TEMPLATE: &str = r#"
Parameters: { Word: { Type: String, NoEcho: true } }
Resources:
  Note: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Word } }
"#;
    agree("hidden", &[Reasons, Cleanup, Hidden], |scene| {
        scene.given(&scene.ask("first").template(TEMPLATE).value("Word", "open sesame"));
        let word = scene.describe("hidden").unwrap().parameters["Word"].value.clone();
        scene.fact(&format!("Word = {word}"));
        if let Some(made) = scene.make(&scene.ask("next").value("Word", "close sesame")) {
            scene.fact(&format!("{:?}", made.parameters));
            scene.execute(&made);
        }
        scene.make(&scene.ask("same").previous("Word"));
    });
}

#[test]
fn values_are_looked_up_each_time() {
    const TEMPLATE: &str = r#"
Parameters: { Image: { Type: "AWS::SSM::Parameter::Value<String>", Default: /conform/image } }
Resources:
  Note: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Image } }
Outputs: { Image: { Value: !Ref Image } }
"#;
    agree("looked-up", &[Reasons, CreationInitiated, Cleanup, ParameterWords, LookedUp], |scene| {
        scene.make(&scene.ask("absent").template(TEMPLATE));
        scene.put_parameter("/conform/image", "ami-1");
        scene.deploy(&scene.ask("first").template(TEMPLATE));
        scene.make(&scene.ask("same").previous("Image"));
        scene.put_parameter("/conform/image", "ami-2");
        scene.deploy(&scene.ask("moved").previous("Image"));
        let image = scene.describe("looked-up").unwrap().parameters["Image"].clone();
        scene.fact(&format!("{image:?}"));
    });
}
