//! Findings that are known already, kept in a file, so that a CI shows the new ones only.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::report::Found;

/// Form of the file that this version reads and writes.
const VERSION: u32 = 1;

/// The findings of a day, by fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline(IndexMap<String, Known>);

/// A finding as the file holds it: enough for a person to know which it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Known {
    /// What it is told by.
    pub fingerprint: String,
    /// Its rule.
    pub code: String,
    /// Its file; the environment's where it has no place.
    pub file: String,
    /// As it was worded.
    pub message: String,
    /// The environments that had it.
    pub environments: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    findings: Vec<Known>,
}

impl Baseline {
    /// Of the findings of a run.
    pub fn of(found: &[Found<'_>]) -> Self {
        let known = found.iter().map(|found| Known {
            fingerprint: found.fingerprint.clone(),
            code: found.diagnostic.code.to_string(),
            file: found.file().to_owned(),
            message: found.diagnostic.message.clone(),
            environments: found.environments.iter().map(|&name| name.to_owned()).collect(),
        });
        Self(known.map(|known| (known.fingerprint.clone(), known)).collect())
    }

    /// From a file's text.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written: Written =
            serde_json::from_str(text).map_err(|error| format!("not a baseline: {error}"))?;
        if written.version != VERSION {
            return Err(format!("a baseline of version {}; this asagi reads {VERSION}", written.version));
        }
        let known = written.findings.into_iter().map(|known| (known.fingerprint.clone(), known));
        Ok(Self(known.collect()))
    }

    /// The file's text; the same findings give the same bytes.
    pub fn to_text(&self) -> String {
        let written = Written { version: VERSION, findings: self.0.values().cloned().collect() };
        let text = serde_json::to_string_pretty(&written);
        text.map(|text| text + "\n").unwrap_or_default()
    }

    /// Whether it holds that finding.
    pub fn knows(&self, fingerprint: &str) -> bool {
        self.0.contains_key(fingerprint)
    }

    /// What it holds and nobody finds any more, of environments that were all looked at.
    pub fn gone(&self, found: &[Found<'_>], looked_at: &[&str]) -> Vec<Known> {
        let looked = |known: &Known| known.environments.iter().all(|name| looked_at.contains(&name.as_str()));
        let found: BTreeSet<&str> = found.iter().map(|found| found.fingerprint.as_str()).collect();
        let still = |known: &Known| found.contains(known.fingerprint.as_str());
        self.0.values().filter(|known| looked(known) && !still(known)).cloned().collect()
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_baseline_is_told() {
        for (text, expected) in [
            ("{}", "not a baseline: missing field `version`"),
            ("{\"version\": 2, \"findings\": []}", "a baseline of version 2; this asagi reads 1"),
            ("[", "not a baseline: EOF"),
        ] {
            let error = Baseline::parse(text).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = "{\"version\": 1, \"findings\": [{\"fingerprint\": \"ab\", \"code\": \"ASG0331\", \"file\": \"a.yaml\", \
                    \"message\": \"m\", \"environments\": [\"prod\"]}]}";
        let baseline = Baseline::parse(text).unwrap();
        assert!(baseline.knows("ab") && !baseline.knows("cd"));
        assert_eq!(Baseline::parse(&baseline.to_text()), Ok(baseline.clone()));
        assert_eq!(baseline.gone(&[], &["prod", "dev"]).len(), 1);
        assert_eq!(baseline.gone(&[], &["dev"]), []);
    }
}
