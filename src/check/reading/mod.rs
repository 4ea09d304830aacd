//! Pages of what is found while text is read, before there is a model that a rule could look at. Where it is found is
//! `source`, `spec` and `resolve`; what it means is here, so that `explain` knows every code.

mod files;
mod meaning;
mod shape;
mod stacks;
mod syntax;

pub(super) use files::*;
pub(super) use meaning::*;
pub(super) use shape::*;
pub(super) use stacks::*;
pub(super) use syntax::*;

use super::{Check, Rule};
use crate::diagnostics::{Code, Severity};

/// A page: what is found, why it matters, an example and the same mended.
const fn page(
    code: Code,
    title: &'static str,
    docs: &'static str,
    fails: &'static str,
    mended: &'static str,
) -> Rule {
    Rule { code, title, severity: &[Severity::Error], docs, fails, mended, check: Check::Reading }
}
