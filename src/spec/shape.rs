//! Whether a merged document is a spec: JSON Schema's errors, all of them, in words and at their places.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::{mend, schema};
use crate::diagnostics::{Diagnostic, nearest, type_codes};
use crate::source::{Node, Tags, Value as Scalar, pointer};
use crate::words::brief;

/// The codes of shape.
pub mod codes {
    use crate::diagnostics::Code;

    /// A text that does not have the form it must have.
    pub const FORM: Code = Code::new("ASG0207");
    /// A number outside its range, a text too long, a list with too few or too many items.
    pub const RANGE: Code = Code::new("ASG0208");
    /// A name of the user's own with characters that names cannot have.
    pub const NAME: Code = Code::new("ASG0209");
    /// Anything else the schema does not allow.
    pub const SHAPE: Code = Code::new("ASG0210");
}

struct Spec {
    schema: Value,
    validator: Validator,
}

static SPEC: LazyLock<Option<Spec>> = LazyLock::new(|| {
    let schema = schema::environment();
    let validator = jsonschema::validator_for(&schema).ok()?;
    Some(Spec { schema, validator })
});

/// Something that the schema does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The pointer of the value, or of the key that is unknown or missing.
    pub at: String,
    /// What is told of it.
    pub told: Diagnostic,
}

/// Everything about `root` that the schema does not allow.
pub fn conform(root: &Node) -> Vec<Mistake> {
    let Some(spec) = SPEC.as_ref() else { return Vec::new() };
    let json = root.to_json(Tags::Ignore);
    let mut wording =
        Wording { spec, root, mistakes: Vec::new(), missing: Vec::new(), meant: BTreeSet::new() };
    for error in spec.validator.iter_errors(&json) {
        wording.word(&error);
    }
    // A key that stands there under another name, or at another depth, is told once.
    let Wording { mut mistakes, missing, meant, .. } = wording;
    mistakes.extend(missing.into_iter().filter(|mistake| !meant.contains(&mistake.at)));
    mistakes
}

struct Wording<'a> {
    spec: &'a Spec,
    root: &'a Node,
    mistakes: Vec<Mistake>,
    /// Keys that are missing.
    missing: Vec<Mistake>,
    /// Pointers of keys that unknown ones are meant to be.
    meant: BTreeSet<String>,
}

impl Wording<'_> {
    fn word(&mut self, error: &ValidationError<'_>) {
        let at = error.instance_path().as_str();
        let told = match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                for key in unexpected {
                    let told = self.unknown_key(error, at, key);
                    self.mistakes.push(Mistake { at: format!("{at}{}", pointer([key])), told });
                }
                return;
            }
            Kind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                let told = self.missing_key(error, at, key);
                self.missing.push(Mistake { at: format!("{at}{}", pointer([key])), told });
                return;
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => return self.choice(at, context),
            // The choice itself is told, with what is in it.
            Kind::Type { .. } if self.beside(error).is_some_and(|schema| schema.get("enum").is_some()) => {
                return;
            }
            Kind::Type { kind } => self.wrong_type(at, &names_of(kind), self.form_of(error)),
            Kind::Enum { options } => self.unknown_name(at, options),
            Kind::Pattern { .. } => self.wrong_form(error, at),
            Kind::PropertyNames { error } => {
                let key = error.instance().as_str().unwrap_or_default();
                let told = self.wrong_name(error, at);
                return self.mistakes.push(Mistake { at: format!("{at}{}", pointer([key])), told });
            }
            other => self.out_of_range(at, other, error),
        };
        self.mistakes.push(Mistake { at: at.to_owned(), told });
    }

    fn unknown_key(&mut self, error: &ValidationError<'_>, at: &str, key: &str) -> Diagnostic {
        let place = format!("{at}{}", pointer([key]));
        let span = self.root.key_span(&place).unwrap_or_else(|| self.root.place(at));
        let properties =
            self.beside(error).and_then(|schema| schema.get("properties")).and_then(Value::as_object);
        let known: Vec<&str> =
            properties.into_iter().flat_map(|keys| keys.keys().map(String::as_str)).collect();
        let near = mend::misspelt(key, &known);
        let owner = mend::owner(&self.spec.schema, at, key, &known).filter(|_| near.is_none());
        let help = match (&near, &owner) {
            (Some((_, help)), _) => help.clone(),
            (None, Some(owner)) => format!("`{key}` is a key of {}: check the indentation", subject(owner)),
            (None, None) if !key.is_empty() && key.chars().all(|c| c.is_ascii_digit()) => {
                "a `,` begins another entry: write numbers without it".to_owned()
            }
            (None, None) => meant(key, &known),
        };
        let name = near.map(|(name, _)| format!("{at}{}", pointer([name])));
        self.meant.extend(name.or_else(|| Some(format!("{}{}", owner?, pointer([key])))));
        let message = format!("unknown key `{key}` in {}", subject(at));
        Diagnostic::error(type_codes::UNKNOWN_KEY, message).primary(span, "").with_help(help)
    }

    fn missing_key(&self, error: &ValidationError<'_>, at: &str, key: &str) -> Diagnostic {
        let message = format!("missing key `{key}` in {}", subject(at));
        let mut found = Diagnostic::error(type_codes::MISSING_KEY, message).primary(self.root.place(at), "");
        let properties = self.beside(error).and_then(|schema| schema.get("properties"));
        found.help = mend::missing(key, properties.and_then(|keys| keys.get(key)));
        found
    }

    /// A choice is by the kind of YAML value: a text, a list, a mapping. The branch of that kind says what is wrong.
    fn choice(&mut self, at: &str, context: &[Vec<ValidationError<'static>>]) {
        let kind_of = |error: &ValidationError<'_>| match error.kind() {
            Kind::Type { kind } if error.instance_path().as_str() == at => Some(names_of(kind)),
            _ => None,
        };
        let mut expected = Vec::new();
        for branch in context {
            match branch.iter().find_map(kind_of) {
                Some(kinds) => expected.extend(kinds),
                None => return branch.iter().for_each(|error| self.word(error)),
            }
        }
        expected.dedup();
        let told = self.wrong_type(at, &expected, None);
        self.mistakes.push(Mistake { at: at.to_owned(), told });
    }

    fn wrong_type(&self, at: &str, expected: &[&str], form: Option<&str>) -> Diagnostic {
        let node = self.root.get(at);
        let raw = node.and_then(Node::raw).unwrap_or_default();
        let found = node.map_or_else(|| "nothing".to_owned(), Node::describe);
        let value = node.and_then(Node::value);
        let unquoted = matches!(value, Some(Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool(_)));
        let span = self.root.place(at);
        if unquoted && expected.contains(&"text") {
            let message = format!("expected text for {}, found {found} without quotes", subject(at));
            return Diagnostic::error(type_codes::UNQUOTED, message).primary(span, "").with_help(match form
                .filter(|form| form.contains("length of time"))
            {
                Some(_) => format!("write it with its unit, such as `{raw}m`"),
                None => format!("write `\"{raw}\"`"),
            });
        }
        let message = format!("expected {} for {}, found {found}", expected.join(" or "), subject(at));
        let mut error = Diagnostic::error(type_codes::WRONG_TYPE, message).primary(span, "");
        error.help = mend::value(node, expected);
        error
    }

    fn unknown_name(&self, at: &str, options: &Value) -> Diagnostic {
        let known: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let raw = self.root.get(at).and_then(Node::raw).unwrap_or_default();
        if at == "/asagi" {
            let message = format!("this asagi reads specs of format `v1`, not `{raw}`");
            return Diagnostic::error(type_codes::UNKNOWN_NAME, message)
                .primary(self.root.place(at), "")
                .with_help("write `v1`, or use an asagi that reads the other format");
        }
        let message = format!("unknown value `{raw}` for {}", subject(at));
        Diagnostic::error(type_codes::UNKNOWN_NAME, message)
            .primary(self.root.place(at), "")
            .with_help(meant(raw, &known))
    }

    fn wrong_form(&self, error: &ValidationError<'_>, at: &str) -> Diagnostic {
        let raw = self.root.get(at).and_then(Node::raw).unwrap_or_default();
        let words = self.form_of(error).unwrap_or("expected another form");
        let message = format!("{}: {words}, found `{}`", subject(at), brief(raw));
        let mut found = Diagnostic::error(codes::FORM, message).primary(self.root.place(at), "");
        found.help = mend::form(raw, words);
        found
    }

    /// The schema's words for the form of a text.
    fn form_of(&self, error: &ValidationError<'_>) -> Option<&str> {
        self.beside(error)?.get("patternErrorMessage")?.as_str()
    }

    fn wrong_name(&self, error: &ValidationError<'_>, at: &str) -> Diagnostic {
        let key = error.instance().as_str().unwrap_or_default();
        let place = format!("{at}{}", pointer([key]));
        let span = self.root.key_span(&place).unwrap_or_else(|| self.root.place(at));
        Diagnostic::error(codes::NAME, format!("`{}` cannot be a name in {}", brief(key), subject(at)))
            .primary(span, "")
            .with_help("begin with a lower-case letter and go on with letters, digits and (where names have words) single hyphens")
    }

    fn out_of_range(&self, at: &str, kind: &Kind, error: &ValidationError<'_>) -> Diagnostic {
        let (code, words) = match kind {
            Kind::Minimum { limit } => (codes::RANGE, format!("expected at least {limit}")),
            Kind::Maximum { limit } => (codes::RANGE, format!("expected at most {limit}")),
            Kind::MaxLength { limit } => (codes::RANGE, format!("expected at most {limit} characters")),
            Kind::MinLength { .. } | Kind::MinItems { .. } | Kind::MinProperties { .. } => {
                (codes::RANGE, "expected at least one".to_owned())
            }
            Kind::MaxItems { limit } => (codes::RANGE, format!("expected at most {limit}")),
            _ => (codes::SHAPE, error.to_string()),
        };
        let found = self.root.get(at).map_or_else(|| "nothing".to_owned(), found);
        Diagnostic::error(code, format!("{words} for {}, found {found}", subject(at)))
            .primary(self.root.place(at), "")
    }

    /// The schema that holds the keyword which failed.
    fn beside(&self, error: &ValidationError<'_>) -> Option<&Value> {
        let keyword = error.schema_path().as_str();
        let (parent, _) = keyword.rsplit_once('/')?;
        self.spec.schema.pointer(parent)
    }
}

fn found(node: &Node) -> String {
    match node.items() {
        [] => node.describe(),
        items => format!("{} items", items.len()),
    }
}

/// JSON's types in YAML's words.
fn names_of(kind: &TypeKind) -> Vec<&'static str> {
    let json: Vec<String> = match kind {
        TypeKind::Single(kind) => vec![kind.to_string()],
        TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
    };
    let words = json.iter().map(|kind| match kind.trim_matches('"') {
        "string" => "text",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "a boolean",
        "array" => "a list",
        "object" => "a mapping",
        _ => "nothing",
    });
    words.collect()
}

/// What a person calls the place: `` `port` ``, `` item 2 of `subnets` ``, `the file`.
pub(crate) fn subject(at: &str) -> String {
    let Some((parent, last)) = at.rsplit_once('/') else { return "the file".to_owned() };
    match last.parse::<usize>() {
        Ok(index) => format!("item {} of {}", index + 1, subject(parent)),
        Err(_) => format!("`{}`", last.replace("~1", "/").replace("~0", "~")),
    }
}

/// What to write instead of an unknown name: the nearest, or the choice.
pub(crate) fn meant(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "remove it".to_owned(),
        None => format!(
            "known here: {}",
            known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
    }
}
