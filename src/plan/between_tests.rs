//! Two stacks before and after, and what is refused of them because of each other.

use indexmap::IndexMap;

use super::between::{Neighbour, refused_between};
use crate::cfn::{Surroundings, Template};
use crate::diff::{Side, StackDiff, diff_removed_stack, diff_stack};
use crate::stacks::Argument;

/// Templates of a stack: as it is, as it is to be.
struct Two<'a>(&'a str, Option<&'a str>, Option<&'a str>);

fn side(text: &str) -> Side {
    let surroundings = Surroundings { region: "ap-northeast-1".to_owned(), ..Surroundings::default() };
    Side { template: Template::parse(text).unwrap(), surroundings, ..Side::default() }
}

fn refused(stacks: &[Two<'_>], arguments: &IndexMap<String, Argument>) -> String {
    let sides: Vec<(Option<Side>, Option<Side>)> =
        stacks.iter().map(|Two(_, there, wanted)| (there.map(side), wanted.map(side))).collect();
    let diffs: Vec<StackDiff> = sides
        .iter()
        .map(|(there, wanted)| match (there, wanted) {
            (there, Some(wanted)) => diff_stack(wanted, there.as_ref()),
            (Some(there), None) => diff_removed_stack(there),
            (None, None) => StackDiff::default(),
        })
        .collect();
    let neighbours: Vec<Neighbour<'_>> = stacks
        .iter()
        .zip(&sides)
        .zip(&diffs)
        .map(|((Two(key, ..), (there, wanted)), diff)| Neighbour {
            key,
            wanted: wanted.as_ref(),
            there: there.as_ref(),
            arguments: Some(arguments),
            diff,
        })
        .collect();
    let found = refused_between(&neighbours);
    let lines = stacks.iter().zip(found).flat_map(|(Two(key, ..), problems)| {
        problems.into_iter().map(move |it| format!("{key}: {}", it.message))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn topic(name: &str, outputs: &str) -> String {
    format!("Resources: {{ T: {{ Type: AWS::SNS::Topic, Properties: {{ TopicName: {name} }} }} }}\n{outputs}")
}

const EXPORTS: &str = "Outputs: { Arn: { Value: !Ref T, Export: { Name: shared } } }\n";

fn imports(value: &str) -> String {
    format!(
        "Resources: {{ P: {{ Type: AWS::SSM::Parameter, Properties: {{ Name: /p, Type: String, Value: {value} }} }} }}\n"
    )
}

#[test]
fn an_export_stays_as_it_is_while_another_stack_holds_on_to_it() {
    let user = imports("!ImportValue shared");
    let by_sub = imports("!Sub ['x-${V}', { V: { 'Fn::ImportValue': !Sub 'sha${A}' } }]")
        .replace("Resources", "Parameters: { A: { Type: String, Default: red } }\nResources");
    let free = imports("none");
    let (one, two) = (topic("one", EXPORTS), topic("two", EXPORTS));
    let renamed = topic("one", "Outputs: { Arn: { Value: !Ref T, Export: { Name: other } } }\n");
    let moved = topic("one", "Outputs: { Other: { Value: !Ref T, Export: { Name: shared } } }\n");
    let gone = topic("one", "");
    let case = |after: Option<&str>, before: &str, then: Option<&str>| {
        refused(&[Two("alpha", Some(&one), after), Two("bravo", Some(before), then)], &IndexMap::new())
    };
    let changes = "alpha: export `shared` changes while `bravo` imports it, which an update refuses: let `bravo` take the value as a parameter, `{ output: alpha.Arn }`, and apply that first";
    let goes = changes.replace("changes while", "goes while");
    assert_eq!(case(Some(&two), &user, Some(&user)), changes);
    assert_eq!(case(Some(&two), &by_sub, Some(&by_sub)), changes);
    assert_eq!(case(Some(&gone), &user, Some(&user)), goes);
    assert_eq!(case(Some(&renamed), &user, Some(&user)), goes);
    assert_eq!(case(None, &user, Some(&user)), goes);
    // It stays what it is, under whatever output.
    assert_eq!(case(Some(&one), &user, Some(&user)), "");
    assert_eq!(case(Some(&moved), &user, Some(&user)), "");
    // Nobody holds on to it, or lets go of it in the same run.
    assert_eq!(case(Some(&two), &free, Some(&free)), "");
    assert_eq!(case(Some(&gone), &user, Some(&free)), "");
    // Who takes it up takes it as it is then, where it is.
    assert_eq!(case(Some(&two), &free, Some(&user)), "");
    assert_eq!(
        case(Some(&gone), &free, Some(&user)),
        "bravo: imports `shared`, which `alpha` exports no longer: name `{ output: alpha.… }` as a parameter where the value is wanted"
    );
}

#[test]
fn a_name_is_of_one_stack() {
    let (named, exports) = (topic("one", ""), topic("one", EXPORTS));
    let told = [
        // Exports of one name.
        refused(
            &[Two("alpha", Some(&exports), Some(&exports)), Two("bravo", None, Some(&topic("two", EXPORTS)))],
            &IndexMap::new(),
        ),
        // A resource that moves to a stack that comes before, and to one that comes after.
        refused(
            &[Two("alpha", None, Some(&named)), Two("bravo", Some(&named), Some(&imports("x")))],
            &IndexMap::new(),
        ),
        refused(
            &[Two("alpha", Some(&named), Some(&imports("x"))), Two("bravo", None, Some(&named))],
            &IndexMap::new(),
        ),
    ];
    insta::assert_snapshot!(told.join("\n--\n"), @"
    bravo: `alpha` exports `shared` already, which an update refuses: give this export another name
    --
    alpha: `T` is made while `T` of `bravo` has the name `one`, which an update refuses: give it another `TopicName`, or let `bravo` go of it first
    --
    ");
}

#[test]
fn an_output_that_is_left_out_feeds_nobody() {
    let left_out = "Conditions: { C: !Equals [a, b] }\nResources: { T: { Type: AWS::SNS::Topic } }\nOutputs: { Arn: { Condition: C, Value: !Ref T } }\n";
    let takes = "Parameters: { Arn: { Type: String } }\nResources: { P: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Arn } } }\n";
    let output = |output: &str| Argument::Output { stack: "alpha".to_owned(), output: output.to_owned() };
    let fed = |stacks: &[Two<'_>]| refused(stacks, &IndexMap::from([("Arn".to_owned(), output("Arn"))]));
    let with = left_out.replace("[a, b]", "[a, a]");
    assert_eq!(
        fed(&[Two("alpha", Some(&with), Some(left_out)), Two("bravo", Some(takes), Some(takes))]),
        "bravo: parameter `Arn` takes `alpha.Arn`, which `alpha` leaves out by its condition: give it another value"
    );
    assert_eq!(fed(&[Two("alpha", Some(&with), Some(&with)), Two("bravo", Some(takes), Some(takes))]), "");
}
