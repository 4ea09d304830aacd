//! What only the deployment knows: values behind the names that SSM parameter types have, and NoEcho values, which
//! nobody reads back. They make no change of a stack by themselves, and come along with the next one.

use std::fmt;

use crate::cfn::{Effective, ssm_parameter_name};
use crate::words;

use super::secret::MASK;
use super::{Cause, Change, Side, StackDiff, diff_stack};

/// An SSM parameter that a parameter's type names, and that is another value now than the stack has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedValue {
    /// Name of the SSM parameter.
    pub name: String,
    /// What the stack has.
    pub before: String,
    /// What it is now; `None` when it could not be read, and may be the same.
    pub after: Option<String>,
    /// What takes its value: logical id, and what happens to it.
    pub resources: Vec<(String, Change)>,
    /// Nothing else of the stack changes, so it waits for what does.
    pub waits: bool,
}

impl fmt::Display for MovedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = words::mask(&self.before);
        match &self.after {
            Some(after) => {
                let after = words::mask(after);
                write!(f, "the SSM parameter {} has moved: {before} → {after}", self.name)?;
            }
            None => {
                write!(f, "the SSM parameter {} may have moved from {before}, and cannot be read", self.name)?
            }
        }
        for (word, of) in
            [("replaced", Change::Replace), ("replaced", Change::MayReplace), ("updated", Change::Modify)]
        {
            let named = self.resources.iter().filter(|(_, change)| *change == of);
            let named: Vec<String> = named.map(|(id, _)| format!("`{id}`")).collect();
            let will = if of == Change::MayReplace || self.after.is_none() { "may be" } else { "will be" };
            if !named.is_empty() {
                write!(f, "; {} {will} {word}", named.join(", "))?;
            }
        }
        if self.waits { f.write_str(" with the next change of the stack") } else { Ok(()) }
    }
}

impl Side {
    /// This side, if what only the deployment knows were what it is on the other; `None` where nothing is known there
    /// alone.
    pub fn as_known_in(&self, deployed: &Self) -> Option<Self> {
        let mut same = self.clone();
        for (name, declared) in &self.template.parameters {
            let was = deployed.parameters.get(name).and_then(Effective::as_text);
            if declared.no_echo && was.as_deref() == Some(MASK) {
                same.parameters.insert(name.clone(), Effective::text(MASK));
            }
            let asked =
                self.looked_up(name).and_then(|(key, _)| Some((deployed.dynamic.get(&key)?.clone(), key)));
            if let Some((value, key)) = asked {
                same.dynamic.insert(key, value);
            }
        }
        (same != *self).then_some(same)
    }

    /// Under which key the value of a parameter is looked up, and the name of the SSM parameter.
    pub(super) fn looked_up(&self, parameter: &str) -> Option<(String, String)> {
        let declared = self.template.parameters.get(parameter)?;
        let given = self.parameters.get(parameter).map(Effective::as_text);
        let value = given.unwrap_or_else(|| declared.default.clone())?;
        let name = ssm_parameter_name(&declared.kind, &value)?;
        Some((format!("resolve:ssm:{name}"), name.to_owned()))
    }

    /// NoEcho parameters that nobody can compare, since the deployed value is given back as asterisks.
    fn unreadable(&self, deployed: &Self) -> Vec<String> {
        let masked = |name: &String| {
            let was = deployed.parameters.get(name).and_then(Effective::as_text);
            was.as_deref() == Some(MASK)
        };
        let hidden = self.template.parameters.iter().filter(|(_, declared)| declared.no_echo);
        hidden.map(|(name, _)| name.clone()).filter(masked).collect()
    }
}

/// What would become of a stack, where neither what only the deployment knows nor an order that means nothing changes it by
/// itself. It is told beside.
pub fn diff_deployed(desired: &Side, deployed: &Side) -> StackDiff {
    let whole = diff_stack(desired, Some(deployed));
    let Some(same) = desired.as_known_in(deployed) else { return whole.without_order_alone() };
    let still = diff_stack(&same, Some(deployed)).without_order_alone();
    let waits = still.is_empty();
    let moved = moved(desired, deployed, &whole, waits);
    let unreadable = desired.unreadable(deployed);
    let mut diff = match waits {
        true => StackDiff { open: whole.predicted(), ..still },
        false => whole,
    };
    (diff.moved, diff.unreadable) = (moved, unreadable);
    diff
}

/// What stands behind a name now, or may; nothing where it is as the stack has it. What cannot be read is told where
/// the stack changes anyhow.
fn moved(desired: &Side, deployed: &Side, whole: &StackDiff, waits: bool) -> Vec<MovedValue> {
    let one = |parameter: &String| {
        let (key, name) = desired.looked_up(parameter)?;
        let before = deployed.dynamic.get(&key)?;
        let after = desired.dynamic.get(&key)?;
        if before == after || waits && !after.is_known() {
            return None;
        }
        let cause = Cause::Parameter(parameter.clone());
        let takes = whole.resources.iter().filter(|it| {
            it.held.is_none() && it.properties.iter().any(|change| change.causes.contains(&cause))
        });
        Some(MovedValue {
            name,
            before: before.as_text()?,
            after: after.as_text(),
            resources: takes.map(|it| (it.logical_id.clone(), it.change)).collect(),
            waits,
        })
    };
    let mut found: Vec<MovedValue> = Vec::new();
    for it in desired.template.parameters.keys().filter_map(one) {
        match found.iter_mut().find(|known| known.name == it.name) {
            Some(known) => {
                let new = it.resources.into_iter().filter(|new| !known.resources.contains(new));
                let new: Vec<_> = new.collect();
                known.resources.extend(new);
            }
            None => found.push(it),
        }
    }
    found
}

impl StackDiff {
    /// Nothing is known to differ, and a value that cannot be read back may: it is sent again, and CloudFormation tells.
    /// Not where that would bring along what has moved meanwhile.
    pub fn sends_again(&self) -> bool {
        let is_moved = self.moved.iter().any(|it| it.after.is_some());
        !self.unreadable.is_empty() && !is_moved && self.is_empty()
    }

    /// What is told of values that cannot be read back.
    pub fn unreadable_words(&self) -> Option<String> {
        let names: Vec<String> = self.unreadable.iter().map(|name| format!("`{name}`")).collect();
        let (names, are) = match names.len() {
            0 => return None,
            1 => (names.concat(), "is NoEcho and cannot be read back: it is"),
            _ => (names.join(", "), "are NoEcho and cannot be read back: they are"),
        };
        Some(format!(
            "{names} {are} sent with every apply, and CloudFormation tells whether anything changes"
        ))
    }
}
