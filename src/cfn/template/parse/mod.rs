//! From text to [`Template`]: YAML with short tags or JSON, strict about shapes, every misfit with its pointer.

mod at;
mod digits;
mod parameter;
mod place;
mod resource;

use serde_json::{Map, Value};

use at::At;
use digits::Digits;
use resource::mapping;

use super::restore::{Lost, with_holes};
use super::{Output, Resource, Template, TemplateError};
use crate::source::{self, Document, SourceMap, Tags};

type Result<T> = std::result::Result<T, TemplateError>;

const SECTIONS: [&str; 11] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Mappings",
    "Conditions",
    "Rules",
    "Transform",
    "Resources",
    "Outputs",
    "Hooks",
];

/// Key of a loop that the service unrolls before it reads the section.
pub(in crate::cfn) const FOR_EACH: &str = "Fn::ForEach::";

impl Template {
    /// Reads a template, YAML or JSON. Short tags become `Ref` and `Fn::…`; order is kept.
    ///
    /// # Errors
    /// The first thing that makes the text no template, with the pointer to it.
    pub fn parse(text: &str) -> Result<Self> {
        let (mut value, digits) = read(text)?;
        template(&mut At::root(&mut value, &digits))
    }

    /// The same of what `GetTemplate` gave back, with every character that was lost on the way and that the desired
    /// template knows.
    ///
    /// # Errors
    /// As [`Template::parse`].
    pub fn parse_read_back(text: &str, desired: &Self) -> Result<Self> {
        let may_lack = text.contains('?') && !Self::is_exact(text);
        let Some(lost) = may_lack.then(|| Lost::of(desired)).flatten() else { return Self::parse(text) };
        let (mut value, digits) = read(&with_holes(text))?;
        lost.restore(&mut value);
        template(&mut At::root(&mut value, &digits))
    }

    /// The same of a text that was parsed as a document already.
    ///
    /// # Errors
    /// The first thing that makes it no template, with the pointer to it.
    pub fn of_document(document: &Document) -> Result<Self> {
        let mut value = document.root.to_json(Tags::CloudFormation);
        template(&mut At::root(&mut value, &Digits::of(&document.root)))
    }

    /// The same of a text that was read as a value already, short tags long. Numbers are written as JSON writes them.
    ///
    /// # Errors
    /// The first thing that makes it no template, with the pointer to it.
    pub fn of_value(mut value: Value) -> Result<Self> {
        template(&mut At::root(&mut value, &Digits::default()))
    }

    /// The text as a value, short tags long: what [`Template::of_value`] takes.
    ///
    /// # Errors
    /// The text is neither YAML nor JSON.
    pub fn value_of(text: &str) -> Result<Value> {
        read(text).map(|(value, _)| value)
    }
}

/// The text as a value, and the numbers that a value writes otherwise.
fn read(text: &str) -> Result<(Value, Digits)> {
    if text.trim_start().starts_with('{') {
        // JSON first: YAML reads most of it, but not every escape. What is not JSON may still be a flow mapping.
        if let Ok(value) = serde_json::from_str(text) {
            return Ok((value, Digits::default()));
        }
    }
    let mut map = SourceMap::new();
    let id = map.add("template", text);
    let document = source::parse_template(&map, id).map_err(|error| {
        let place = map.get(id).map(|file| file.position(error.span.start));
        let line = place.map(|place| format!(" (line {})", place.line)).unwrap_or_default();
        TemplateError { message: format!("{}{line}", error.message), pointer: String::new() }
    })?;
    let digits = Digits::of(&document.root);
    Ok((document.root.into_json(Tags::CloudFormation), digits))
}

fn template(root: &mut At<'_>) -> Result<Template> {
    let rewritten = super::macros::rewrite(root.value());
    if !rewritten {
        root.only(&SECTIONS)?;
    }
    if let Some(version) = root.get("AWSTemplateFormatVersion")
        && version.value() != "2010-09-09"
    {
        return Err(version.error("`AWSTemplateFormatVersion` can only be `2010-09-09`"));
    }
    let mut template = Template {
        description: root.get("Description").map(At::text).transpose()?,
        metadata: mapping(root, "Metadata")?.map_or(Value::Null, Value::Object),
        mappings: mappings(root)?,
        rules: mapping(root, "Rules")?.map_or(Value::Null, Value::Object),
        transform: root.get("Transform").map(At::take),
        hooks: mapping(root, "Hooks")?.map_or(Value::Null, Value::Object),
        rewritten,
        ..Template::default()
    };
    if let Some(mut parameters) = root.get("Parameters") {
        for (name, mut at) in parameters.entries()? {
            template.parameters.insert(name.clone(), parameter::read(&mut at)?);
        }
    }
    if let Some(mut conditions) = root.get("Conditions") {
        for (name, at) in conditions.entries()? {
            template.conditions.insert(name.clone(), at.take());
        }
    }
    resources(root, &mut template)?;
    if let Some(mut outputs) = root.get("Outputs") {
        for (id, mut at) in outputs.entries()? {
            let read = output(id, &mut at);
            template.outputs.insert(id.clone(), if rewritten { read.unwrap_or_default() } else { read? });
        }
    }
    Ok(template)
}

/// A resource from a value that a loop made; `None` when it is none.
pub(super) fn resource_of(id: &str, value: &Value) -> Option<Resource> {
    resource::read(id, &mut At::root(&mut value.clone(), &Digits::default())).ok()
}

/// An output from a value that a loop made; `None` when it is none.
pub(super) fn output_of(id: &str, value: &Value) -> Option<Output> {
    output(id, &mut At::root(&mut value.clone(), &Digits::default())).ok()
}

/// At least one, unless a macro is to make them.
fn resources(root: &mut At<'_>, template: &mut Template) -> Result<()> {
    const NONE: &str = "a template must have at least one resource in `Resources`";
    let missing = root.error_at("Resources", NONE);
    let Some(mut resources) = root.get("Resources") else {
        return if template.rewritten { Ok(()) } else { Err(missing) };
    };
    for (id, mut at) in resources.entries()? {
        let resource = if template.rewritten {
            let unread = super::macros::unread(id, at.value());
            resource::read(id, &mut at).unwrap_or(unread)
        } else {
            resource::read(id, &mut at)?
        };
        template.resources.insert(id.clone(), resource);
    }
    if template.resources.is_empty() && !template.rewritten {
        return Err(missing);
    }
    Ok(())
}

/// Two levels of keys, unless a transform is to fill them.
fn mappings(root: &mut At<'_>) -> Result<Map<String, Value>> {
    let Some(mut at) = root.get("Mappings") else { return Ok(Map::new()) };
    for (name, mut mapping) in at.entries()? {
        if name.starts_with("Fn::") {
            continue;
        }
        for (key, mut second) in mapping.entries()? {
            if !key.starts_with("Fn::") {
                second.entries().map(drop)?;
            }
        }
    }
    at.mapping()
}

fn output(id: &str, at: &mut At<'_>) -> Result<Output> {
    if id.starts_with(FOR_EACH) {
        let unread = Map::from_iter([(id.to_owned(), at.value().clone())]);
        return Ok(Output { value: Value::Object(unread), ..Output::default() });
    }
    at.only(&["Value", "Description", "Condition", "Export"])?;
    let Some(value) = at.get("Value").map(At::take) else {
        return Err(at.error(format!("output `{id}` must have a `Value`")));
    };
    let export = match at.get("Export") {
        None => None,
        Some(mut export) => {
            export.only(&["Name"])?;
            let name = export.get("Name").map(At::take);
            Some(name.ok_or_else(|| export.error("`Export` must have a `Name`"))?)
        }
    };
    Ok(Output {
        value,
        description: at.get("Description").map(At::text).transpose()?,
        condition: at.get("Condition").map(At::text).transpose()?,
        export,
    })
}
