//! minijinja, set so that every value comes out as text that neither Jinja nor YAML takes for anything else.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;

use super::super::ArtifactError;
use super::super::quote::quote;

/// Every value quoted for Sceptre's YAML.
pub(in crate::artifact) fn quoted(
    template: &'static str,
    text: &str,
    context: &impl Serialize,
) -> Result<String, ArtifactError> {
    render(template, text, context, quote)
}

/// Every value as it is: for text that people read.
pub(in crate::artifact) fn plain(
    template: &'static str,
    text: &str,
    context: &impl Serialize,
) -> Result<String, ArtifactError> {
    render(template, text, context, ToOwned::to_owned)
}

fn render(
    template: &'static str,
    text: &str,
    context: &impl Serialize,
    form: fn(&str) -> String,
) -> Result<String, ArtifactError> {
    let rendered =
        engine(form).and_then(|engine| engine.render_named_str(template, text, Value::from(Serde(context))));
    rendered.map_err(|error| ArtifactError { template, message: format!("{error:#}") })
}

fn engine(form: fn(&str) -> String) -> Result<Environment<'static>, Error> {
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
    Ok(engine)
}

/// Text as the rest of a comment: on one line.
fn comment(text: &str) -> Value {
    let line: String =
        text.chars().map(|c| if super::super::quote::is_unprintable(c) { ' ' } else { c }).collect();
    Value::from_safe_string(line)
}
