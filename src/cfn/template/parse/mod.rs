//! From text to [`Template`]: YAML with short tags or JSON, strict about shapes, every misfit with its pointer.

mod at;
mod parameter;
mod resource;

use serde_json::{Map, Value};

use at::At;

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
        let (value, document) = read(text)?;
        template(&At::root(&value, document.as_ref()))
    }

    /// The same of a text that was parsed as a document already.
    ///
    /// # Errors
    /// The first thing that makes it no template, with the pointer to it.
    pub fn of_document(document: &Document) -> Result<Self> {
        template(&At::root(&document.root.to_json(Tags::CloudFormation), Some(document)))
    }
}

/// The text as a value, and as a document where it is YAML.
fn read(text: &str) -> Result<(Value, Option<Document>)> {
    if text.trim_start().starts_with('{') {
        // JSON first: YAML reads most of it, but not every escape. What is not JSON may still be a flow mapping.
        if let Ok(value) = serde_json::from_str(text) {
            return Ok((value, None));
        }
    }
    let mut map = SourceMap::new();
    let id = map.add("template", text);
    let document = source::parse(&map, id).map_err(|error| {
        let place = map.get(id).map(|file| file.position(error.span.start));
        let line = place.map(|place| format!(" (line {})", place.line)).unwrap_or_default();
        TemplateError { message: format!("{}{line}", error.message), pointer: String::new() }
    })?;
    Ok((document.root.to_json(Tags::CloudFormation), Some(document)))
}

fn template(root: &At<'_>) -> Result<Template> {
    let rewritten = super::macros::rewrite(root.value);
    if !rewritten {
        root.only(&SECTIONS)?;
    }
    if let Some(version) = root.get("AWSTemplateFormatVersion")
        && version.value != "2010-09-09"
    {
        return Err(version.error("`AWSTemplateFormatVersion` can only be `2010-09-09`"));
    }
    let mut template = Template {
        description: root.get("Description").map(|at| at.text()).transpose()?,
        metadata: section(root, "Metadata")?.map_or(Value::Null, Value::Object),
        mappings: mappings(root)?,
        rules: section(root, "Rules")?.map_or(Value::Null, Value::Object),
        transform: root.get("Transform").map(|at| at.value.clone()),
        hooks: section(root, "Hooks")?.map_or(Value::Null, Value::Object),
        rewritten,
        ..Template::default()
    };
    if let Some(parameters) = root.get("Parameters") {
        for (name, at) in parameters.entries()? {
            template.parameters.insert(name.clone(), parameter::read(&at)?);
        }
    }
    if let Some(conditions) = root.get("Conditions") {
        for (name, at) in conditions.entries()? {
            template.conditions.insert(name.clone(), at.value.clone());
        }
    }
    resources(root, &mut template)?;
    if let Some(outputs) = root.get("Outputs") {
        for (id, at) in outputs.entries()? {
            let read = output(id, &at);
            template.outputs.insert(id.clone(), if rewritten { read.unwrap_or_default() } else { read? });
        }
    }
    Ok(template)
}

/// A resource from a value that a loop made; `None` when it is none.
pub(super) fn resource_of(id: &str, value: &Value) -> Option<Resource> {
    resource::read(id, &At::root(value, None)).ok()
}

/// An output from a value that a loop made; `None` when it is none.
pub(super) fn output_of(id: &str, value: &Value) -> Option<Output> {
    output(id, &At::root(value, None)).ok()
}

/// At least one, unless a macro is to make them.
fn resources(root: &At<'_>, template: &mut Template) -> Result<()> {
    const NONE: &str = "a template must have at least one resource in `Resources`";
    let Some(resources) = root.get("Resources") else {
        return if template.rewritten { Ok(()) } else { Err(root.error_at("Resources", NONE)) };
    };
    for (id, at) in resources.entries()? {
        let resource = match resource::read(id, &at) {
            Err(_) if template.rewritten => super::macros::unread(id, at.value),
            read => read?,
        };
        template.resources.insert(id.clone(), resource);
    }
    if template.resources.is_empty() && !template.rewritten {
        return Err(resources.error(NONE));
    }
    Ok(())
}

fn section(root: &At<'_>, key: &str) -> Result<Option<Map<String, Value>>> {
    root.get(key).map(|at| at.mapping().cloned()).transpose()
}

/// Two levels of keys, unless a transform is to fill them.
fn mappings(root: &At<'_>) -> Result<Map<String, Value>> {
    let Some(at) = root.get("Mappings") else { return Ok(Map::new()) };
    for (name, mapping) in at.entries()? {
        if name.starts_with("Fn::") {
            continue;
        }
        for (key, second) in mapping.entries()? {
            if !key.starts_with("Fn::") {
                second.mapping()?;
            }
        }
    }
    at.mapping().cloned()
}

fn output(id: &str, at: &At<'_>) -> Result<Output> {
    if id.starts_with(FOR_EACH) {
        let unread = Map::from_iter([(id.to_owned(), at.value.clone())]);
        return Ok(Output { value: Value::Object(unread), ..Output::default() });
    }
    at.only(&["Value", "Description", "Condition", "Export"])?;
    let Some(value) = at.get("Value") else {
        return Err(at.error(format!("output `{id}` must have a `Value`")));
    };
    let export = match at.get("Export") {
        None => None,
        Some(export) => {
            export.only(&["Name"])?;
            let name = export.get("Name").map(|name| name.value.clone());
            Some(name.ok_or_else(|| export.error("`Export` must have a `Name`"))?)
        }
    };
    Ok(Output {
        value: value.value.clone(),
        description: at.get("Description").map(|at| at.text()).transpose()?,
        condition: at.get("Condition").map(|at| at.text()).transpose()?,
        export,
    })
}
