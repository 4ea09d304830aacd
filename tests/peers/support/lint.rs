//! Two linters that know every resource type's schema. Each takes all templates in one process: the rules load once.

use std::fmt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{REGION, finished, program, repository, said, temporary_folder};

/// What a linter says about one place.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// The template.
    pub(crate) file: String,
    /// The line, from 1; 0 where the linter names none.
    pub(crate) line: u64,
    /// The rule's code: `E3002` by cfn-lint, `F3002` by cloudformation-validate.
    pub(crate) rule: String,
    /// `fatal`, `error`, `warning` or `informational`.
    pub(crate) level: String,
    /// The sentence.
    pub(crate) message: String,
}

impl Finding {
    /// Whether the template is wrong, rather than open to improvement.
    pub(crate) fn is_error(&self) -> bool {
        matches!(self.level.as_str(), "fatal" | "error")
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, rule, level, message } = self;
        write!(formatter, "{file}:{line}: {level} {rule}: {message}")
    }
}

/// Everything that cfn-lint finds in the templates: 1 s, and about 30 ms a small template.
pub(crate) fn cfn_lint<P: AsRef<Path>>(templates: &[P]) -> Vec<Finding> {
    let mut command = Command::new(program("cfn-lint"));
    command.args(["--format", "json", "--non-zero-exit-code", "none", "--regions", REGION, "--"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let read = |finding: &Value| Finding {
        file: text(&finding["Filename"]),
        line: finding["Location"]["Start"]["LineNumber"].as_u64().unwrap_or_default(),
        rule: text(&finding["Rule"]["Id"]),
        level: text(&finding["Level"]).to_lowercase(),
        message: text(&finding["Message"]),
    };
    answer(&mut command, templates).iter().map(read).collect()
}

/// Everything that AWS's own validator finds in the templates: 0.5 s, and about 10 ms a template. It also tells what
/// is merely so (`I9001`: a create-only property is set); those are `informational`.
pub(crate) fn cloudformation_validate<P: AsRef<Path>>(templates: &[P]) -> Vec<Finding> {
    let mut command = Command::new(program("python"));
    command.arg(repository("tests/peers/validate.py")).env("AWS_DEFAULT_REGION", REGION);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let read = |finding: &Value| Finding {
        file: text(&finding["file"]),
        line: finding["line"].as_u64().unwrap_or_default(),
        rule: text(&finding["rule"]),
        level: text(&finding["level"]),
        message: text(&finding["message"]),
    };
    answer(&mut command, templates).iter().map(read).collect()
}

/// Runs a linter on the templates where no configuration file of its own can be found; it answers a JSON list.
fn answer<P: AsRef<Path>>(linter: &mut Command, templates: &[P]) -> Vec<Value> {
    assert!(!templates.is_empty(), "a linter was given no template");
    let nowhere = temporary_folder();
    let templates = templates.iter().map(|path| repository("").join(path));
    let output = finished(linter.args(templates).current_dir(nowhere.path()));
    assert!(output.status.success(), "{linter:?} failed: {}", said(&output));
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{linter:?} gave no JSON list ({error}): {}", said(&output)))
}
