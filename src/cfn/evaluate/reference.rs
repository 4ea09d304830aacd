//! `Ref`, `Fn::GetAtt`, `Fn::ImportValue` and the pseudo parameters.

use std::collections::BTreeSet;

use serde_json::Value;

use super::budget::{self, Wrong};
use super::{Evaluator, function::Outcome};
use crate::cfn::{Effective, Outside, Reference, Unknown, made};

impl Evaluator<'_> {
    pub(super) fn reference(&self, argument: &Value) -> Outcome {
        match self.written_name(argument) {
            Some(name) => self.named(&name),
            None => Err("`Ref` must have a name".into()),
        }
    }

    /// A name; the language extensions let a function that takes no value from a resource write it.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-languageextensions.html>
    fn written_name(&self, argument: &Value) -> Option<String> {
        match argument {
            Value::String(name) => Some(name.clone()),
            Value::Object(_) => self.value(argument).as_text(),
            _ => None,
        }
    }

    /// What `Ref` of this name gives; a name with a point is an attribute, as in `Fn::Sub`.
    pub(super) fn named(&self, name: &str) -> Outcome {
        if let Some(value) = self.pseudo(name) {
            return Ok(value);
        }
        if let Some(value) = self.parameter(name) {
            return Ok(value);
        }
        self.of_resource(Reference { logical_id: name.to_owned(), attribute: None })
    }

    pub(super) fn attribute(&self, logical_id: &str, attribute: &str) -> Outcome {
        self.of_resource(Reference {
            logical_id: logical_id.to_owned(),
            attribute: Some(attribute.to_owned()),
        })
    }

    pub(super) fn get_att(&self, argument: &Value) -> Outcome {
        let wrong = || Wrong::from("`Fn::GetAtt` must have a logical id and an attribute");
        match argument {
            Value::String(path) => {
                let (id, attribute) = path.split_once('.').ok_or_else(wrong)?;
                self.attribute(id, attribute)
            }
            Value::Array(items) => {
                let [id, attribute] = items.as_slice() else { return Err(wrong()) };
                let id = self.written_name(id).ok_or_else(wrong)?;
                match self.value(attribute) {
                    attribute @ Effective::Unknown(_) => self.some_attribute(&id, attribute),
                    attribute => self.attribute(&id, &attribute.as_text().ok_or_else(wrong)?),
                }
            }
            _ => Err(wrong()),
        }
    }

    /// An attribute whose name is not known.
    fn some_attribute(&self, logical_id: &str, attribute: Effective) -> Outcome {
        let resource = self.named(logical_id)?;
        self.derived("GetAtt", &[Effective::text(logical_id), attribute, resource])
    }

    fn of_resource(&self, reference: Reference) -> Outcome {
        let id = reference.logical_id.as_str();
        if !self.template.resources.contains_key(id) && !self.template.is_in_a_module(id) {
            let wrong = match &reference.attribute {
                None => format!("`{id}` is neither a parameter nor a resource"),
                Some(_) => format!("`{id}` is no resource"),
            };
            return Err(wrong.into());
        }
        if self.template.resources.contains_key(id) && self.is_active(id) == Some(false) {
            return Err(format!("resource `{id}` is left out by its condition").into());
        }
        let known = match &reference.attribute {
            None => self.lookup.reference(id),
            Some(attribute) => self.lookup.attribute(id, attribute),
        };
        self.budget.spend(known.as_ref().map_or(2 * id.len(), budget::weight))?;
        self.trace.borrow_mut().references.insert(reference.clone());
        Ok(known.unwrap_or_else(|| {
            let text = format!("${{{reference}}}");
            let made = made::alone(&text);
            let references = BTreeSet::from([reference]);
            Effective::Unknown(Unknown { references, ..Unknown::of(text, made, []) })
        }))
    }

    pub(super) fn import_value(&self, argument: &Value) -> Outcome {
        let name = self.value(argument);
        match name.as_text() {
            Some(name) => {
                let known = self.lookup.import(&name);
                Ok(known.unwrap_or_else(|| Effective::unknown(format!("${{ImportValue {name}}}"))))
            }
            None if matches!(name, Effective::Unknown(_)) => self.derived("ImportValue", &[name]),
            None => Err("`Fn::ImportValue` must have a name".into()),
        }
    }

    /// `Fn::GetStackOutput`: an output of another stack, of this account and Region or of another.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html>
    pub(super) fn stack_output(&self, argument: &Value) -> Outcome {
        let wrong = "`Fn::GetStackOutput` must have `StackName` and `OutputName`";
        let Effective::Map(argument) = self.value(argument) else { return Err(wrong.into()) };
        let named = |key: &str| argument.get(key).map(Effective::to_json).ok_or(wrong);
        let (stack, output) = (named("StackName")?, named("OutputName")?);
        let region = argument.get("Region").map(Effective::as_text);
        let here = region.is_none_or(|region| region.as_deref() == Some(&self.surroundings.region));
        if let (true, None, Some(stack), Some(output)) =
            (here, argument.get("RoleArn"), stack.as_str(), output.as_str())
            && let Some(known) = self.lookup.stack_output(stack, output)
        {
            return Ok(known);
        }
        let plain = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let text = format!("${{GetStackOutput {}.{}}}", plain(stack), plain(output));
        let whole = Effective::Map(argument);
        self.budget.spend(budget::weight(&whole))?;
        let made = made::call("GetStackOutput", [&*made::of(&whole)]);
        let mut unknown = Unknown::of(&text, made, [&whole]);
        unknown.outside.insert(Outside { name: text, choice: String::new(), anew: false });
        Ok(Effective::Unknown(unknown))
    }

    fn pseudo(&self, name: &str) -> Option<Effective> {
        let place = self.surroundings;
        let text = match name {
            "AWS::AccountId" => &place.account,
            "AWS::Region" => &place.region,
            "AWS::StackName" => &place.stack_name,
            "AWS::StackId" => &place.stack_id,
            "AWS::Partition" => place.partition(),
            "AWS::URLSuffix" => place.url_suffix(),
            "AWS::NotificationARNs" => {
                return Some(Effective::List(place.notification_arns.iter().map(Effective::text).collect()));
            }
            _ => return None,
        };
        Some(if text.is_empty() { Effective::unknown(format!("${{{name}}}")) } else { Effective::text(text) })
    }
}
