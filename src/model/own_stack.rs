//! A team's own template among asagi's.

use indexmap::IndexMap;

use super::{Input, Source};
use crate::cfn::{ParameterDeclaration, Template};

/// A team's own template, in the same graph, diff and plan.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnStack {
    /// Its key under `stacks:`, such as `database`.
    pub name: String,
    /// The Region it stands in, where that is another than the environment's.
    pub region: Option<String>,
    /// The template's text as the team wrote it, YAML or JSON.
    pub template: String,
    /// The same, parsed once.
    pub parsed: Template,
    /// Where the text came from, for messages.
    pub path: String,
    /// Values for its parameters; a list is joined with commas.
    pub parameters: IndexMap<String, Input>,
}

impl OwnStack {
    /// The same where nothing else is: what it takes from elsewhere is made up, and it stands where the environment does.
    pub fn by_itself(mut self) -> Self {
        self.region = None;
        for (name, input) in &mut self.parameters {
            let Input::Read(source) = input else { continue };
            let declared = self.parsed.parameters.get(name);
            *input = Input::Value(declared.map_or_else(String::new, |declared| made_up(source, declared)));
        }
        self
    }
}

/// A value that the declaration takes.
fn made_up(source: &Source, declared: &ParameterDeclaration) -> String {
    let first = match source {
        Source::Previous { first } => first.as_ref(),
        _ => None,
    };
    if let Some(known) = first.or(declared.default.as_ref()).or(declared.allowed_values.first()) {
        return known.clone();
    }
    match declared.kind.trim_start_matches("List<").trim_end_matches('>') {
        "Number" => declared.range.0.unwrap_or(1.0).to_string(),
        "AWS::EC2::VPC::Id" => "vpc-0123456789abcdef0".to_owned(),
        "AWS::EC2::Subnet::Id" => "subnet-0123456789abcdef0".to_owned(),
        "AWS::EC2::SecurityGroup::Id" => "sg-0123456789abcdef0".to_owned(),
        _ => "made-up".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_up_is_what_the_parameter_takes() {
        let variable = Source::Variable("X".to_owned());
        let kept = Source::Previous { first: Some("7".to_owned()) };
        for (source, declared, expected) in [
            (&variable, "{ Type: String }", "made-up"),
            (&variable, "{ Type: String, Default: d }", "d"),
            (&variable, "{ Type: String, AllowedValues: [a, b] }", "a"),
            (&variable, "{ Type: Number, MinValue: 3 }", "3"),
            (&variable, "{ Type: 'List<AWS::EC2::Subnet::Id>' }", "subnet-0123456789abcdef0"),
            (&kept, "{ Type: Number, Default: 1 }", "7"),
        ] {
            let text =
                format!("Parameters: {{ P: {declared} }}\nResources: {{ A: {{ Type: AWS::SNS::Topic }} }}\n");
            let template = Template::parse(&text).unwrap();
            assert_eq!(made_up(source, &template.parameters["P"]), expected, "{declared}");
        }
    }
}
