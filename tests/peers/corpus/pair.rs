//! Pairs of templates: hand-written ones from `samples/pairs/`, and the project's own with one thing changed.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, OnceLock};

use asagi::cfn::{Effective, Surroundings, Template};
use asagi::diff::Side;

use crate::support::{ACCOUNT, REGION, render, repository, temporary_folder};

use super::mutate;

/// A stack as it is deployed and as it is wanted.
pub(super) struct Pair {
    /// Where it comes from and what changes.
    pub(super) name: String,
    pub(super) before: Version,
    pub(super) after: Version,
}

/// One template with its parameter values.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) text: String,
    pub(super) template: Arc<Template>,
    pub(super) parameters: BTreeMap<String, String>,
}

impl Version {
    pub(super) fn new(text: String, parameters: BTreeMap<String, String>) -> Self {
        let template =
            Template::parse(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", error.pointer));
        Self { text, template: Arc::new(template), parameters }
    }

    /// As asagi's diff wants it.
    pub(super) fn side(&self, stack: &str) -> Side {
        let parameters = self.parameters.iter();
        let ids = self.template.resources.keys();
        Side {
            physical_ids: ids.map(|id| (id.clone(), format!("{stack}-{id}"))).collect(),
            template: Template::clone(&self.template),
            parameters: parameters.map(|(name, value)| (name.clone(), Effective::text(value))).collect(),
            surroundings: Surroundings {
                account: ACCOUNT.to_owned(),
                region: REGION.to_owned(),
                stack_name: stack.to_owned(),
                ..Surroundings::default()
            },
            ..Side::default()
        }
    }
}

/// Every pair, made once; those of one stack follow each other.
pub(super) fn all() -> &'static [Pair] {
    static PAIRS: OnceLock<Vec<Pair>> = OnceLock::new();
    PAIRS.get_or_init(|| written().into_iter().chain(own()).collect())
}

/// The cases of `samples/pairs/*.txt`: `=== name`, then `--- before` and `--- after` with parameters as `Name=value`,
/// each followed by its template. Without an `--- after` template only the parameters differ.
fn written() -> Vec<Pair> {
    let folder = repository("tests/peers/samples/pairs");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| cases(&fs::read_to_string(file).unwrap())).collect()
}

fn cases(text: &str) -> Vec<Pair> {
    let cases = text.split("\n=== ").flat_map(|part| part.split("=== ")).filter(|part| part.contains("--- "));
    cases.map(case).collect()
}

fn case(text: &str) -> Pair {
    let mut parts = text.split("--- ");
    let name = parts.next().unwrap().trim().to_owned();
    let mut version = || {
        let part = parts.next().unwrap_or_else(|| panic!("`{name}` has no two versions"));
        let (head, template) = part.split_once('\n').unwrap_or((part, ""));
        let values = head.split_whitespace().skip(1).filter_map(|value| value.split_once('='));
        let parameters = values.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        (template.trim_start_matches('\n').to_owned(), parameters)
    };
    let ((text, parameters), (new_text, new_parameters)) = (version(), version());
    let before = Version::new(text, parameters);
    let after = if new_text.trim().is_empty() {
        Version { parameters: new_parameters, ..before.clone() }
    } else {
        Version::new(new_text, new_parameters)
    };
    Pair { name, before, after }
}

/// The templates of two environments, each with one thing changed at a time.
fn own() -> Vec<Pair> {
    let out = temporary_folder();
    let mut seen = mutate::Seen::default();
    let mut pairs = Vec::new();
    for environment in render(out.path(), &["prod".to_owned(), "dev".to_owned()]) {
        for (stack, path) in environment.templates() {
            let text = fs::read_to_string(path).unwrap();
            pairs.extend(mutate::pairs(&stack, &text, &mut seen));
        }
    }
    pairs
}
