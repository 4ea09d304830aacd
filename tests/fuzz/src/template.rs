//! Two texts as templates, deployed and desired: read, written, evaluated, compared, predicted.

use asagi::cfn::{Effective, Evaluator, NothingKnown, Surroundings, Template};
use asagi::diff::render::{Palette, human, json};
use asagi::diff::{Side, diff_removed_stack, diff_stack, within};

use indexmap::IndexMap;

use super::own::SECRET;
use super::spec::{FILES, load};

/// Between the two texts.
const BETWEEN: &str = "\n--- desired\n";

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (deployed, desired) = text.split_once(BETWEEN).unwrap_or((&text, &text));
    as_own_stack(desired, "A: b, VpcId: { output: network.VpcId }");
    let (Some(deployed), Some(desired)) = (side(deployed), side(desired)) else { return };
    let diff = diff_stack(&desired, Some(&deployed));
    let predicted = diff.predicted();
    let beyond = within(&predicted, &predicted);
    assert!(beyond.is_empty(), "a prediction holds itself: {beyond:?}");
    let same = diff_stack(&deployed, Some(&deployed));
    assert!(same.predicted().is_empty(), "{:?}", same.predicted());
    let diffs = [diff, diff_stack(&desired, None), diff_removed_stack(&deployed)];
    human(&diffs, &Palette::plain());
    json(&diffs);
}

/// The text as a team's own template with those parameters, judged by every rule that looks at those.
pub fn as_own_stack(text: &str, parameters: &str) {
    let stacks =
        format!("stacks: {{ fuzz: {{ template: ./stacks/fuzz.yaml, parameters: {{ {parameters} }} }} }}");
    let spec = format!("asagi: v1\nextends: poc.yaml\nenvironment: fuzz\n{stacks}\n");
    let files = FILES.clone().with("environments/fuzz.yaml", spec);
    load(&files.with("environments/stacks/fuzz.yaml", text), "environments/fuzz.yaml");
}

/// The text as a stack, with a value for every other parameter.
fn side(text: &str) -> Option<Side> {
    let names = Template::parse(text).ok()?.parameters.into_keys().step_by(2);
    as_stack(text, names.map(|name| (name, Effective::text("1,a"))).collect())
}

/// The text as a stack with those values of its parameters, where it is a template: written and evaluated on the way.
pub fn as_stack(text: &str, parameters: IndexMap<String, Effective>) -> Option<Side> {
    let template = Template::parse(text).ok()?;
    let again = Template::parse(&template.to_text()).expect("what was written can be read");
    assert_eq!(again, template);
    let surroundings = Surroundings {
        account: "123456789012".to_owned(),
        region: "ap-northeast-1".to_owned(),
        stack_name: "fuzz".to_owned(),
        stack_id: "arn:aws:cloudformation:ap-northeast-1:123456789012:stack/fuzz/1".to_owned(),
        zones: ["a", "c", "d"].map(|zone| format!("ap-northeast-1{zone}")).to_vec(),
        notification_arns: Vec::new(),
    };
    let evaluation = Evaluator::new(&template, &parameters, &surroundings, &NothingKnown).evaluate();
    for problem in &evaluation.problems {
        assert!(!problem.message.is_empty() && !problem.message.contains(SECRET), "{problem:?}");
    }
    Some(Side { template, parameters, surroundings, ..Side::default() })
}
