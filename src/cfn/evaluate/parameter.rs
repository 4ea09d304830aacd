//! Parameter values by their declared types.

use indexmap::IndexMap;

use super::budget::{self, Over};
use super::{Evaluator, Lookup};
use crate::cfn::{Effective, ParameterDeclaration, Template};

const SSM: &str = "AWS::SSM::Parameter::Value<";

/// The name of the SSM parameter that a parameter of this type and value takes its value from; `None` for another type.
pub fn ssm_parameter_name<'a>(kind: &str, value: &'a str) -> Option<&'a str> {
    kind.starts_with(SSM).then_some(value)
}

/// How a NoEcho value is shown.
const MASK: &str = "****";

/// Every declared parameter that has a value or a default, as `Ref` gives it.
pub(super) fn typed(
    template: &Template,
    given: &IndexMap<String, Effective>,
    lookup: &dyn Lookup,
) -> IndexMap<String, Effective> {
    let declared = template.parameters.iter();
    let values = declared.filter_map(|(name, declaration)| {
        let default = declaration.default.as_ref().map(Effective::text);
        let value = given.get(name).cloned().or(default)?;
        let value = if is_too_long(&value) { value } else { value_of_type(declaration, value, lookup) };
        Some((name.clone(), value))
    });
    values.collect()
}

/// Text that no parameter takes.
fn is_too_long(value: &Effective) -> bool {
    matches!(value, Effective::String(text) if text.len() > budget::PARAMETER)
}

fn value_of_type(declaration: &ParameterDeclaration, value: Effective, lookup: &dyn Lookup) -> Effective {
    let ssm = declaration.kind.strip_prefix(SSM).and_then(|kind| kind.strip_suffix('>'));
    let value = match (ssm, value.as_text()) {
        (Some(_), Some(name)) => {
            let resolved = lookup.dynamic(&format!("resolve:ssm:{name}"));
            resolved.unwrap_or_else(|| Effective::looked_up(format!("{{{{resolve:ssm:{name}}}}}")))
        }
        (_, Some(text)) => Effective::String(text),
        (_, None) => value,
    };
    let kind = ssm.unwrap_or(&declaration.kind);
    match value {
        Effective::String(text) if kind == "CommaDelimitedList" || kind.starts_with("List<") => {
            let items = text.split(',').map(|item| Effective::text(item.trim()));
            Effective::List(if text.is_empty() { Vec::new() } else { items.collect() })
        }
        value => value,
    }
}

impl Evaluator<'_> {
    /// What `Ref` gives for a parameter; `None` when the template declares no such.
    pub(super) fn parameter(&self, name: &str) -> Option<Effective> {
        let declaration = self.template.parameters.get(name)?;
        self.trace.borrow_mut().parameters.insert(name.to_owned());
        let Some(value) = self.parameters.get(name) else {
            return Some(Effective::unknown(format!("${{{name}}}")));
        };
        let masked = matches!(value, Effective::String(text) if text == MASK);
        let hidden = declaration.no_echo && (masked || !self.revealing.get());
        Some(if hidden { Effective::unknown(MASK) } else { self.parameter_value(name, value) })
    }

    fn parameter_value(&self, name: &str, value: &Effective) -> Effective {
        if is_too_long(value) {
            self.over(&Over::Parameter(name.to_owned()));
            return budget::beyond();
        }
        if !self.budget.has(budget::weight(value)) {
            self.over(&Over::Spent);
            return budget::beyond();
        }
        value.clone()
    }
}
