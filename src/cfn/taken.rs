//! What a template takes from other stacks by their names, and under which names it gives: exports and outputs that
//! functions ask for.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{Effective, Evaluator, Lookup, Surroundings, Template};

/// What a template takes from other stacks, and gives them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// Names of exports that `Fn::ImportValue` asks for.
    pub imports: BTreeSet<String>,
    /// Stack and output that `Fn::GetStackOutput` asks for, of the same account and region.
    pub outputs: BTreeSet<(String, String)>,
    /// Names under which it exports, each with its output.
    pub exports: BTreeMap<String, String>,
}

/// A text that holds none of these words takes and exports nothing.
pub fn takes_or_gives(text: &str) -> bool {
    ["ImportValue", "GetStackOutput", "Export"].iter().any(|word| text.contains(word))
}

/// The same of a template with these values, as far as names are known.
pub fn taken(
    template: &Template,
    parameters: &IndexMap<String, Effective>,
    surroundings: &Surroundings,
) -> Taken {
    let asked = Asked::default();
    let loops = Evaluator::new(template, parameters, surroundings, &asked);
    let unrolled = loops.unrolled();
    let outputs = Evaluator::new(&unrolled, parameters, surroundings, &asked).evaluate().outputs;
    let exports = outputs.into_iter().filter_map(|(name, value)| {
        let output = name.strip_suffix(".Export")?.to_owned();
        Some((value.as_text()?, output))
    });
    let exports = exports.collect();
    let (imports, outputs) = (asked.imports.take(), asked.outputs.take());
    Taken { imports, outputs, exports }
}

/// Notes what was asked for, and answers nothing.
#[derive(Default)]
struct Asked {
    imports: RefCell<BTreeSet<String>>,
    outputs: RefCell<BTreeSet<(String, String)>>,
}

impl Lookup for Asked {
    fn reference(&self, _: &str) -> Option<Effective> {
        None
    }

    fn attribute(&self, _: &str, _: &str) -> Option<Effective> {
        None
    }

    fn import(&self, export: &str) -> Option<Effective> {
        self.imports.borrow_mut().insert(export.to_owned());
        None
    }

    fn stack_output(&self, stack: &str, output: &str) -> Option<Effective> {
        self.outputs.borrow_mut().insert((stack.to_owned(), output.to_owned()));
        None
    }

    fn dynamic(&self, _: &str) -> Option<Effective> {
        None
    }
}
