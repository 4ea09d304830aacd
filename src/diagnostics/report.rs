//! The findings of a run over several environments. One that several share, because a base has it, is one.

use std::borrow::Cow;
use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::baseline::{Baseline, Known};
use super::secrets::Secrets;
use super::{Code, Diagnostic, Findings, Severity};
use crate::source::SourceMap;

/// A severity that an environment's `policy` sets for a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetSeverity {
    /// The rule.
    pub code: Code,
    /// What its findings are now; `None` is that they are not told.
    pub severity: Option<Severity>,
    /// Why, in the words of the spec.
    pub reason: String,
    /// How many findings it changed.
    pub findings: usize,
}

/// What was found about one environment.
#[derive(Debug, Clone, Copy)]
pub struct Examined<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its file.
    pub path: &'a str,
    /// Every file that was read for it.
    pub sources: &'a SourceMap,
    /// What was found.
    pub findings: &'a Findings,
    /// What was found and its policy keeps from being told.
    pub ignored: &'a Findings,
    /// What its policy sets.
    pub policy: &'a [SetSeverity],
}

/// What a rule's page says of it, for formats that carry it along.
#[derive(Debug, Clone, Copy)]
pub struct RuleText<'a> {
    /// The rule.
    pub code: Code,
    /// One line.
    pub title: &'a str,
    /// Why it matters.
    pub docs: &'a str,
    /// The worst that its findings can be.
    pub severity: Severity,
}

/// One finding of a run.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The finding.
    pub diagnostic: Cow<'a, Diagnostic>,
    /// The files its places are in.
    pub sources: &'a SourceMap,
    /// What it is told by from one day to the next.
    pub fingerprint: String,
    /// The environments that have it.
    pub environments: Vec<&'a str>,
    /// The file of the first of them.
    path: &'a str,
    /// The baseline has it.
    pub known: bool,
    /// The policy of an environment keeps it from being told, for this reason.
    pub ignored: Option<&'a str>,
}

impl Found<'_> {
    /// The file it is in; the environment's where it has no place.
    pub fn file(&self) -> &str {
        self.diagnostic.span().map_or(self.path, |span| self.sources.path(span.source))
    }
}

/// The findings of a run.
#[derive(Debug, Clone, Default)]
pub struct Report<'a> {
    /// The environments, in the order of their files.
    pub environments: Vec<Examined<'a>>,
    /// What is told, in the order of [`Findings::sorted`] over all files.
    pub found: Vec<Found<'a>>,
    /// What a policy keeps from being told.
    pub ignored: Vec<Found<'a>>,
    /// What the policies set, with their environments.
    pub policy: Vec<(&'a SetSeverity, Vec<&'a str>)>,
    /// What the baseline holds and nobody finds any more; `None` without a baseline.
    pub gone: Option<Vec<Known>>,
}

impl<'a> Report<'a> {
    /// Gathers what was found about every environment.
    pub fn of(environments: impl IntoIterator<Item = Examined<'a>>, baseline: Option<&Baseline>) -> Self {
        let (mut found, mut ignored) = (IndexMap::new(), IndexMap::new());
        let mut report = Self::default();
        for environment in environments {
            report.environments.push(environment);
            gather(&mut found, environment, environment.findings, baseline);
            gather(&mut ignored, environment, environment.ignored, None);
            for set in environment.policy {
                let same = |(known, _): &&mut (&SetSeverity, Vec<&str>)| {
                    (known.code, known.severity, &known.reason) == (set.code, set.severity, &set.reason)
                };
                match report.policy.iter_mut().find(same) {
                    Some((_, names)) => names.push(environment.name),
                    None => report.policy.push((set, vec![environment.name])),
                }
            }
        }
        report.found = in_order(found);
        report.ignored = in_order(ignored);
        let names: Vec<&str> = report.environments.iter().map(|environment| environment.name).collect();
        report.gone = baseline.map(|baseline| baseline.gone(&report.found, &names));
        report
    }

    /// What the baseline does not know; everything without a baseline.
    pub fn new_ones(&self) -> impl Iterator<Item = &Found<'a>> {
        self.found.iter().filter(|found| !found.known)
    }

    /// How many new ones there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.new_ones().filter(|found| found.diagnostic.severity == severity).count()
    }

    /// The codes of everything told and kept from being told.
    pub fn codes(&self) -> BTreeSet<Code> {
        self.found.iter().chain(&self.ignored).map(|found| found.diagnostic.code).collect()
    }
}

fn in_order<'a>(found: IndexMap<Same<'a>, Found<'a>>) -> Vec<Found<'a>> {
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_cached_key(|found| found.diagnostic.sort_key(found.sources, found.path));
    found
}

/// A finding is another one's when both read the same: the same place, severity and words.
type Same<'a> = (String, Severity, &'a str);

fn gather<'a>(
    all: &mut IndexMap<Same<'a>, Found<'a>>,
    environment: Examined<'a>,
    findings: &'a Findings,
    baseline: Option<&Baseline>,
) {
    let secrets = Secrets::of(environment.sources);
    for (diagnostic, fingerprint) in findings.fingerprinted(environment.sources, environment.path) {
        let key = (fingerprint.clone(), diagnostic.severity, diagnostic.message.as_str());
        let reason =
            environment.policy.iter().find(|set| set.code == diagnostic.code && set.severity.is_none());
        let found = all.entry(key).or_insert_with(|| Found {
            diagnostic: secrets.mask(diagnostic),
            sources: environment.sources,
            known: baseline.is_some_and(|baseline| baseline.knows(&fingerprint)),
            fingerprint,
            environments: Vec::new(),
            path: environment.path,
            ignored: reason.map(|set| set.reason.as_str()),
        });
        found.environments.push(environment.name);
    }
}
