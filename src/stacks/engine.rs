//! The template engine: minijinja, set so that a value can never become anything but a value.
//!
//! In a template, `{{ value }}` is a quoted flow value. Filters make other forms:
//! `{{ name | id }}` is a bare logical id (refused when it is none), `{{ text | literal(8) }}` a block scalar whose
//! lines begin in that column, `{{ text | sub }}` text for a place inside `!Sub`, `{{ name | secret }}` a dynamic
//! reference to a secret's value, `# {{ text | comment }}` a comment.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, Template, UndefinedBehavior};
use serde::Serialize;

use super::filled::{Filled, Form, HOLE};
use super::scalar;

/// How a dynamic reference begins: CloudFormation resolves it wherever it stands, even in a plain text.
const DYNAMIC_REFERENCE: &str = "{{resolve:";

/// Words that one YAML reader or another takes for something else than text.
const NO_TEXT: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// The stacks' templates, by the name of their file.
const TEMPLATES: [(&str, &str); 11] = [
    ("alarms", include_str!("../../templates/stacks/alarms.yaml.j2")),
    ("foundation", include_str!("../../templates/stacks/foundation.yaml.j2")),
    ("guard", include_str!("../../templates/stacks/guard.yaml.j2")),
    ("images", include_str!("../../templates/stacks/images.yaml.j2")),
    ("load-balancer", include_str!("../../templates/stacks/load-balancer.yaml.j2")),
    ("network", include_str!("../../templates/stacks/network.yaml.j2")),
    ("notifications", include_str!("../../templates/stacks/notifications.yaml.j2")),
    ("patching", include_str!("../../templates/stacks/patching.yaml.j2")),
    ("security", include_str!("../../templates/stacks/security.yaml.j2")),
    ("slot", include_str!("../../templates/stacks/slot.yaml.j2")),
    ("traffic", include_str!("../../templates/stacks/traffic.yaml.j2")),
];

/// All of them compiled, once for all environments.
static ENGINE: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut engine = engine()?;
    TEMPLATES.into_iter().try_for_each(|(name, text)| engine.add_template(name, text))?;
    Ok(engine)
});

/// The template of that name with the values of a context. The same context gives the same bytes.
///
/// # Errors
///
/// A mistake in the template, a value it has no place for, or a text that CloudFormation would resolve.
pub(super) fn fill(name: &str, context: &Value) -> Result<Filled, Error> {
    let engine = ENGINE.as_ref().map_err(|error| invalid(error.to_string()))?;
    filled(&engine.get_template(name)?, context)
}

fn filled(template: &Template<'_, '_>, context: &Value) -> Result<Filled, Error> {
    let mut captured = template.render_captured(context.clone())?;
    let written =
        captured.with_state_mut(|state| std::mem::take(state.get_or_insert_extension(Written::default())));
    Filled::new(captured.into_output(), written.0)
        .ok_or_else(|| invalid("a value is written at another place than where it is named"))
}

fn engine() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?,
    );
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Json);
    environment.set_formatter(write_value);
    environment.add_filter("id", id);
    environment.add_filter("literal", literal);
    environment.add_filter("sub", sub);
    environment.add_filter("secret", secret);
    environment.add_filter("comment", comment);
    Ok(environment)
}

/// The values that were written so far, in the order of their holes.
#[derive(Default)]
struct Written(Vec<Form>);

/// Leaves a hole in the text and keeps what belongs there.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    if value.is_safe() {
        // what a macro wrote: its values were kept when it was called
        return out.write_str(value.as_str().unwrap_or_default()).map_err(Error::from);
    }
    let form = match value.downcast_object_ref::<Form>() {
        Some(form) => form.clone(),
        None => Form::Flow(refuse_reference(quote(value)?)?),
    };
    state.get_or_insert_extension(Written::default()).0.push(form);
    out.write_str(HOLE.encode_utf8(&mut [0; 4])).map_err(Error::from)
}

impl Object for Form {}

fn quote(value: &impl Serialize) -> Result<String, Error> {
    scalar::flow(value).map_err(|error| invalid(error.to_string()))
}

/// Neither quoting nor a block scalar changes how a dynamic reference begins, so finished text can be searched.
fn refuse_reference(text: String) -> Result<String, Error> {
    // few texts hold a brace, and one character is found faster than several
    if text.contains('{') && text.contains(DYNAMIC_REFERENCE) {
        return Err(invalid("text with `{{resolve:` would be resolved by CloudFormation"));
    }
    Ok(text)
}

fn id(name: &str) -> Result<Value, Error> {
    let word = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
        && !NO_TEXT.iter().any(|word| word.eq_ignore_ascii_case(name));
    if !word {
        return Err(invalid(format!("`{name}` is no logical id")));
    }
    Ok(Value::from_object(Form::Word(name.to_owned())))
}

fn literal(text: &str, column: usize) -> Result<Value, Error> {
    let block = scalar::literal(text, column).map_err(|error| invalid(error.to_string()))?;
    let block = refuse_reference(block)?;
    let form = match block.starts_with('|') {
        true => Form::Block { written: block, text: text.to_owned() },
        false => Form::Flow(block),
    };
    Ok(Value::from_object(form))
}

fn sub(text: &str) -> Result<String, Error> {
    scalar::escape_sub(text).ok_or_else(|| invalid("an unclosed `${` cannot stand inside `Fn::Sub`"))
}

fn secret(name: &str) -> Result<Value, Error> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    if name.is_empty() || !name.chars().all(allowed) {
        return Err(invalid(format!("`{name}` is no name of a secret")));
    }
    let reference = format!("\"{DYNAMIC_REFERENCE}secretsmanager:{name}:SecretString}}}}\"");
    Ok(Value::from_object(Form::Flow(reference)))
}

/// Text after `#`, on one line.
fn comment(text: &str) -> Result<Value, Error> {
    if text.chars().any(|c| c.is_control() || !scalar::is_printable(c)) {
        return Err(invalid("a comment cannot hold a line end"));
    }
    Ok(Value::from_object(Form::Comment(refuse_reference(text.to_owned())?)))
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

#[cfg(test)]
mod tests {
    use minijinja::value::Serde;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use super::*;

    fn render(name: &str, template: &str, context: impl Serialize) -> Result<String, Error> {
        let engine = engine()?;
        let template = engine.template_from_named_str(name, template)?;
        Ok(filled(&template, &Value::from(Serde(context)))?.text())
    }

    const TEMPLATE: &str = "\
Plain: {{ text }}
List: [{{ text }}, {{ text }}]
{{ text }}: key
# between
Nested:
  Block: {{ text | literal(4) }}

  After: {% if text %}{{ text }}{% else %}''{% endif %}

";

    fn parsed(text: &str) -> Json {
        serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    fn round_trip(text: &str) {
        let rendered = match render("test", TEMPLATE, json!({ "text": text })) {
            Ok(rendered) => rendered,
            Err(error) => return assert!(text.contains("{{resolve:"), "{error}: {text:?}"),
        };
        let mut expected = json!({ "Plain": text, "List": [text, text] });
        expected[text] = json!("key");
        expected["Nested"] = json!({ "Block": text, "After": text });
        assert_eq!(parsed(&rendered), expected, "{rendered}");
    }

    #[test]
    fn hostile_text_comes_out_as_the_text_it_is() {
        let hostile = [
            "\"",
            "'\n- injected: true\n",
            "{{ 7 * 7 }}",
            "{% raw %}",
            "${AWS::AccountId}",
            "!Ref Secret",
            "#{x} # comment",
            "*alias &anchor",
            "yes",
            "012",
            "~",
            "\\\\u0041",
            "a: b\r\n---\n...\n",
            "\u{feff}\u{2028}\u{85}\u{7f}\u{0}",
            "\t\n \t",
            "  two\n    four\n one\n",
        ];
        for text in hostile {
            round_trip(text);
        }
    }

    proptest! {
        #[test]
        fn any_text_parses_back_to_itself(text in "\\PC{0,12}|(?s).{0,40}|[ \\t\\n\\r#a:-]{1,24}|[ \\n\\tab]{1,24}") {
            prop_assume!(!["Plain", "List", "Nested"].contains(&text.as_str()));
            round_trip(&text);
        }
    }

    #[test]
    fn a_text_that_cloudformation_would_resolve_is_refused() {
        for template in ["{{ text }}", "{{ text | literal(2) }}", "{{ [text] }}", "{{ text | sub }}"] {
            let text = "a\n{{resolve:secretsmanager:root:SecretString}}";
            let error = render("test", template, json!({ "text": text })).unwrap_err().to_string();
            assert!(error.contains("would be resolved by CloudFormation"), "{template}: {error}");
        }
    }

    #[test]
    fn filters_make_the_other_forms() {
        let context = json!({ "name": "BlueGroup", "text": "${x} \"y\"", "secret": "ops/pagerduty" });
        let template = "{{ name | id }}: !Sub {{ text | sub }}\nUrl: {{ secret | secret }}\n";
        let expected = "BlueGroup: !Sub \"${!x} \\\"y\\\"\"\nUrl: \"{{resolve:secretsmanager:ops/pagerduty:SecretString}}\"\n";
        assert_eq!(render("test", template, &context).unwrap(), expected);
    }

    #[test]
    fn mistakes_are_errors() {
        for template in
            ["{{ missing }}", "{{ text | id }}", "{{ text | secret }}", "{% if missing %}{% endif %}"]
        {
            assert!(render("test", template, json!({ "text": "a b" })).is_err(), "{template} passed");
        }
    }
}
