//! A request's parameters against a template's declarations, in CloudFormation's words.

use indexmap::IndexMap;

use crate::cfn::{ParameterDeclaration, ParameterValue, StackParameter, Template};
use crate::cloud::local::world::World;
use crate::cloud::{CloudError, Result};

/// Largest parameter value, in bytes.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const VALUE_LIMIT: usize = 4_096;

/// The value of every parameter of the template.
///
/// # Errors
/// One is missing, unknown, or breaks its declaration.
pub(crate) fn resolve(
    world: &World,
    template: &Template,
    given: &IndexMap<String, ParameterValue>,
    before: &IndexMap<String, StackParameter>,
) -> Result<IndexMap<String, StackParameter>> {
    let unknown = given.keys().filter(|name| !template.parameters.contains_key(*name));
    refuse_all(unknown, |names| format!("Parameters: [{names}] do not exist in the template"))?;
    let mut values = IndexMap::new();
    let mut missing = Vec::new();
    for (name, declaration) in &template.parameters {
        match value(name, declaration, given.get(name), before)? {
            Some(value) => {
                check(name, declaration, &value)?;
                let resolved = lookup(world, declaration, &value)?;
                values.insert(name.clone(), StackParameter { value, resolved });
            }
            None => missing.push(name),
        }
    }
    refuse_all(missing.into_iter(), |names| format!("Parameters: [{names}] must have values"))?;
    Ok(values)
}

fn refuse_all<'a>(names: impl Iterator<Item = &'a String>, words: impl Fn(String) -> String) -> Result<()> {
    let names: Vec<&str> = names.map(String::as_str).collect();
    if names.is_empty() { Ok(()) } else { Err(CloudError::Validation(words(names.join(", ")))) }
}

fn value(
    name: &str,
    declaration: &ParameterDeclaration,
    given: Option<&ParameterValue>,
    before: &IndexMap<String, StackParameter>,
) -> Result<Option<String>> {
    match given {
        Some(ParameterValue::Value(value)) => Ok(Some(value.clone())),
        Some(ParameterValue::Secret(secret)) => Ok(Some(secret.reveal().to_owned())),
        Some(ParameterValue::Previous) => {
            let Some(before) = before.get(name) else {
                return Err(CloudError::Validation(format!(
                    "Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template"
                )));
            };
            Ok(Some(before.value.clone()))
        }
        None => Ok(declaration.default.clone()),
    }
}

/// A constraint's own description takes the place of whatever it would be told as.
fn check(name: &str, declaration: &ParameterDeclaration, value: &str) -> Result<()> {
    if value.len() > VALUE_LIMIT {
        let words = format!("Parameter '{name}' must not be longer than {VALUE_LIMIT} bytes");
        return Err(CloudError::Validation(words));
    }
    let held = check_constraints(name, declaration, value);
    match &declaration.constraint_description {
        Some(asked) => held.map_err(|_| {
            CloudError::Validation(format!("Parameter {name} failed to satisfy constraint: {asked}"))
        }),
        None => held,
    }
}

fn check_constraints(name: &str, declaration: &ParameterDeclaration, value: &str) -> Result<()> {
    if !declaration.allowed_values.is_empty() {
        let is_list = declaration.kind == "CommaDelimitedList" || declaration.kind.starts_with("List<");
        let items = value.split(',').map(str::trim);
        let mut values: Vec<&str> = if is_list { items.collect() } else { vec![value] };
        values.retain(|value| !declaration.allowed_values.iter().any(|allowed| allowed == value));
        if !values.is_empty() {
            let words = format!("Parameter '{name}' must be one of AllowedValues");
            return Err(CloudError::Validation(words));
        }
    }
    check_length(name, declaration, value)?;
    check_number(name, declaration, value)?;
    check_pattern(name, declaration, value)
}

fn check_length(name: &str, declaration: &ParameterDeclaration, value: &str) -> Result<()> {
    let length = u64::try_from(value.chars().count()).unwrap_or(u64::MAX);
    let (least, most) = declaration.length;
    match (least, most) {
        (Some(least), _) if length < least => Err(CloudError::Validation(format!(
            "Parameter '{name}' must contain at least {least} characters"
        ))),
        (_, Some(most)) if length > most => {
            Err(CloudError::Validation(format!("Parameter '{name}' must contain at most {most} characters")))
        }
        _ => Ok(()),
    }
}

fn check_number(name: &str, declaration: &ParameterDeclaration, value: &str) -> Result<()> {
    if declaration.kind != "Number" {
        return Ok(());
    }
    let Ok(number) = value.trim().parse::<f64>() else {
        return Err(CloudError::Validation(format!("Parameter '{name}' must be a number")));
    };
    let (least, most) = declaration.range;
    match (least, most) {
        (Some(least), _) if number < least => {
            Err(CloudError::Validation(format!("Parameter '{name}' must be a number not less than {least}")))
        }
        (_, Some(most)) if number > most => Err(CloudError::Validation(format!(
            "Parameter '{name}' must be a number not greater than {most}"
        ))),
        _ => Ok(()),
    }
}

/// A pattern must match the whole value. One that JSON Schema's dialect cannot read is let through: it is the
/// account's to refuse, not the twin's.
fn check_pattern(name: &str, declaration: &ParameterDeclaration, value: &str) -> Result<()> {
    let Some(pattern) = &declaration.allowed_pattern else { return Ok(()) };
    let schema = serde_json::json!({ "type": "string", "pattern": format!("^(?:{pattern})$") });
    let Ok(validator) = jsonschema::validator_for(&schema) else { return Ok(()) };
    if validator.is_valid(&serde_json::Value::String(value.to_owned())) {
        return Ok(());
    }
    Err(CloudError::Validation(format!("Parameter '{name}' must match pattern {pattern}")))
}

/// What an SSM parameter type resolves to.
fn lookup(world: &World, declaration: &ParameterDeclaration, value: &str) -> Result<Option<String>> {
    if !declaration.kind.starts_with("AWS::SSM::Parameter::") {
        return Ok(None);
    }
    let found = world.parameter_value(value);
    if found.is_none() {
        return Err(CloudError::Validation(format!(
            "Unable to fetch parameters [{value}] from parameter store for this account."
        )));
    }
    Ok(found.filter(|_| declaration.kind.starts_with("AWS::SSM::Parameter::Value<")))
}
