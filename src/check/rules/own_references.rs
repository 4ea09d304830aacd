//! ASG0510: references inside a team's own template that lead nowhere.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cfn::{Template, names_in};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity, nearest};
use crate::model::OwnStack;
use crate::source::pointer;

const CODE: Code = Code::new("ASG0510");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a reference inside a template that leads nowhere",
    severity: &[Severity::Error],
    docs: "`Ref` and `Fn::Sub` name a parameter, a resource or a pseudo parameter of AWS, `Fn::GetAtt` and `DependsOn` a \
           resource, `Condition` and `Fn::If` a condition of the same template. CloudFormation refuses the template \
           otherwise, and tells one of them at a time. A template with a transform may get more by it and is left alone.",
    fails: "stacks: { lost: { template: ./lost.yaml } }\n",
    mended: "stacks: { found: { template: ./own.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in subject.environment.stacks.iter().filter(|stack| stack.parsed.transform.is_none()) {
        let template = &stack.parsed;
        let has_loops =
            template.resources.values().any(|resource| resource.kind == crate::cfn::Resource::FOR_EACH);
        let mut names = Names { template, stack, subject, findings, has_loops };
        for (id, resource) in &template.resources {
            let at = pointer(["Resources", id]);
            for (key, value) in &resource.properties {
                names.value(&format!("{at}/Properties{}", pointer([key])), value);
            }
            for (key, value) in
                [("UpdatePolicy", &resource.update_policy), ("CreationPolicy", &resource.creation_policy)]
            {
                names.value(&format!("{at}/{key}"), value);
            }
            for other in &resource.depends_on {
                names.resource(&format!("{at}/DependsOn"), other);
            }
            if let Some(condition) = &resource.condition {
                names.condition(&format!("{at}/Condition"), condition);
            }
        }
        for (id, output) in &template.outputs {
            names.value(&pointer(["Outputs", id, "Value"]), &output.value);
            if let Some(condition) = &output.condition {
                names.condition(&pointer(["Outputs", id, "Condition"]), condition);
            }
        }
    }
}

struct Names<'a, 'b> {
    template: &'a Template,
    stack: &'a OwnStack,
    subject: &'a Subject<'a>,
    findings: &'b mut Findings,
    /// Loops make names that are not written.
    has_loops: bool,
}

impl Names<'_, '_> {
    fn value(&mut self, at: &str, value: &Value) {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(&format!("{at}/{index}"), item);
                }
            }
            Value::Object(map) => {
                for (key, inner) in map {
                    match (key.as_str(), inner) {
                        ("Ref", Value::String(name)) => self.anything(at, name),
                        ("Fn::GetAtt", Value::String(path)) => {
                            self.resource(at, path.split('.').next().unwrap_or_default());
                        }
                        ("Fn::GetAtt", Value::Array(path)) => {
                            self.resource(at, path.first().and_then(Value::as_str).unwrap_or_default());
                        }
                        ("Fn::Sub", Value::String(text)) => self.sub(at, text, &BTreeSet::new()),
                        ("Fn::Sub", Value::Array(parts)) => self.sub_with(at, parts),
                        ("Fn::If", Value::Array(parts)) => {
                            self.condition(at, parts.first().and_then(Value::as_str).unwrap_or_default());
                            parts.iter().skip(1).for_each(|part| self.value(at, part));
                        }
                        _ => self.value(&format!("{at}{}", pointer([key])), inner),
                    }
                }
            }
            _ => {}
        }
    }

    fn sub_with(&mut self, at: &str, parts: &[Value]) {
        let values = parts.get(1).and_then(Value::as_object);
        let own: BTreeSet<&str> = values.into_iter().flat_map(|map| map.keys().map(String::as_str)).collect();
        self.sub(at, parts.first().and_then(Value::as_str).unwrap_or_default(), &own);
        values.into_iter().flat_map(|map| map.values()).for_each(|value| self.value(at, value));
    }

    fn sub(&mut self, at: &str, text: &str, own: &BTreeSet<&str>) {
        for name in names_in(text).filter(|name| !own.contains(name)) {
            match name.split_once('.') {
                Some((resource, _)) => self.resource(at, resource),
                None => self.anything(at, name),
            }
        }
    }

    fn anything(&mut self, at: &str, name: &str) {
        let Template { parameters, resources, .. } = self.template;
        let known = parameters.contains_key(name)
            || resources.contains_key(name)
            || self.template.is_in_a_module(name);
        if !name.starts_with("AWS::") && !known {
            self.lost(at, name, parameters.keys().chain(resources.keys()), "parameter or resource");
        }
    }

    fn resource(&mut self, at: &str, name: &str) {
        let resources = &self.template.resources;
        if !resources.contains_key(name) && !self.template.is_in_a_module(name) {
            self.lost(at, name, resources.keys(), "resource");
        }
    }

    fn condition(&mut self, at: &str, name: &str) {
        let conditions = &self.template.conditions;
        if !conditions.contains_key(name) {
            self.lost(at, name, conditions.keys(), "condition");
        }
    }

    fn lost<'n>(&mut self, at: &str, name: &str, known: impl Iterator<Item = &'n String>, what: &str) {
        if self.has_loops {
            return;
        }
        let message = format!("`{}` has no {what} `{name}`", self.stack.path);
        let place = self.subject.origins.in_template(&self.stack.name, at);
        let error = Diagnostic::error(CODE, message).primary(place, "");
        self.findings.push(match nearest(name, known.map(String::as_str)) {
            Some(near) => error.with_help(format!("did you mean `{near}`?")),
            None => error,
        });
    }
}
