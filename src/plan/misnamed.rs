//! What a person named that a plan does not have. A word that passes something by its name must not be taken for said
//! where the name has a slip in it.

use crate::diagnostics::nearest;
use crate::source::is_digest;

use super::Plan;
use super::loss::Loss;

/// An option whose name is none of those that there are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{option} {given}`: {why}")]
pub struct Misnamed {
    option: &'static str,
    given: String,
    why: String,
    known: Vec<String>,
}

impl Misnamed {
    /// `why` says what the name is not; of those that are known, the nearest is told first.
    pub fn new(option: &'static str, given: &str, why: impl Into<String>, known: Vec<String>) -> Self {
        let first = nearest(given, known.iter().map(String::as_str)).map(str::to_owned);
        let others = known.into_iter().filter(|name| Some(name) != first.as_ref());
        let known = first.iter().cloned().chain(others).collect();
        Self { option, given: given.escape_debug().to_string(), why: why.into(), known }
    }

    /// What to give instead.
    pub fn help(&self) -> String {
        match self.known.as_slice() {
            [] => format!("there is none to name: leave `{}` out", self.option),
            [only] => format!("the only one is `{only}`; or leave `{}` out", self.option),
            known => format!("one of: `{}`; or leave `{}` out", known.join("`, `"), self.option),
        }
    }
}

/// Of the losses and unforeseen changes that a person agrees to, those that are none of the plan's.
pub fn misnamed(plan: &Plan, allowed: &[String], unforeseen: &[String]) -> Vec<Misnamed> {
    let mut known: Vec<String> = plan.losses().iter().map(Loss::name).collect();
    // A stack that goes is named as a whole, too.
    known.extend(plan.removed().filter(|it| !it.losses().is_empty()).map(|it| it.name.clone()));
    let strange = allowed.iter().filter(|name| !known.contains(name));
    let losses = strange
        .map(|name| Misnamed::new("--allow-loss", name, "the plan would not lose this", known.clone()))
        .collect::<Vec<_>>();
    let rewritten = plan.levels.iter().flatten().any(|stack| stack.unforeseen);
    let digests = unforeseen.iter().filter_map(|given| {
        let why = match is_digest(given, "") {
            _ if !rewritten => "no stack of the plan is rewritten by macros".to_owned(),
            Err(why) => format!("it is no digest that a refused run told: {why}"),
            Ok(_) => return None,
        };
        Some(Misnamed::new("--unforeseen", given, why, Vec::new()))
    });
    losses.into_iter().chain(digests).collect()
}
