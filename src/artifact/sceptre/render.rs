//! minijinja, set so that every value comes out as text that neither Jinja nor YAML takes for anything else.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;

use super::super::ArtifactError;
use super::super::quote::quote;

/// Text that Sceptre reads: every value quoted.
const QUOTED: [(&str, &str); 3] = [
    ("config.yaml", include_str!("../../../templates/sceptre/config.yaml.j2")),
    ("stack.yaml", include_str!("../../../templates/sceptre/stack.yaml.j2")),
    ("vars.yaml", include_str!("../../../templates/sceptre/vars.yaml.j2")),
];

/// Text that people read: every value as it is.
const PLAIN: [(&str, &str); 1] = [("README.md", include_str!("../../../templates/sceptre/README.md.j2"))];

type Engine = Result<Environment<'static>, Error>;

// Compiled once for all environments.
static QUOTING: LazyLock<Engine> = LazyLock::new(|| engine(&QUOTED, quote));
static LITERAL: LazyLock<Engine> = LazyLock::new(|| engine(&PLAIN, ToOwned::to_owned));

/// One of the texts that Sceptre reads, by its name.
pub(in crate::artifact) fn quoted(
    template: &'static str,
    context: &impl Serialize,
) -> Result<String, ArtifactError> {
    render(&QUOTING, template, context)
}

/// One of the texts that people read, by its name.
pub(in crate::artifact) fn plain(
    template: &'static str,
    context: &impl Serialize,
) -> Result<String, ArtifactError> {
    render(&LITERAL, template, context)
}

fn render(
    engine: &Engine,
    template: &'static str,
    context: &impl Serialize,
) -> Result<String, ArtifactError> {
    let failed = |error: &Error| ArtifactError { template, message: format!("{error:#}") };
    let engine = engine.as_ref().map_err(failed)?;
    let text = engine.get_template(template).and_then(|found| found.render(Value::from(Serde(context))));
    text.map_err(|error| failed(&error))
}

fn engine(templates: &[(&'static str, &'static str)], form: fn(&str) -> String) -> Engine {
    let mut engine = Environment::new();
    engine.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?,
    );
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.add_filter("comment", comment);
    engine.set_formatter(move |out: &mut Output, _: &mut State, value: &Value| match value.as_str() {
        Some(text) if value.is_safe() => out.write_str(text).map_err(Error::from),
        Some(text) => out.write_str(&form(text)).map_err(Error::from),
        None => Err(Error::new(ErrorKind::InvalidOperation, format!("`{value}` is no text"))),
    });
    templates.iter().try_for_each(|(name, text)| engine.add_template(name, text))?;
    Ok(engine)
}

/// Text as the rest of a comment: on one line.
fn comment(text: &str) -> Value {
    let line: String =
        text.chars().map(|c| if super::super::quote::is_unprintable(c) { ' ' } else { c }).collect();
    Value::from_safe_string(line)
}
