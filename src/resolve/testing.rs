//! Specs for tests: a small environment that is right, and what changing it makes of the findings.

use crate::diagnostics::Findings;
use crate::diagnostics::render::{Paint, human};
use crate::source::{FileError, Files, MemoryFiles, SourceMap};

use super::{Resolution, resolve};

/// A small environment in which nothing is wrong.
pub(crate) const SMALL: &str = r#"asagi: v1
project: poc
environment: poc
account: "444455556666"
region: ap-northeast-1
network:
  vpc: vpc-0f1e2d3c4b5a69780
  subnets:
    public: [subnet-0f1e2d3c4b5a697a1, subnet-0f1e2d3c4b5a697c1]
    private: [subnet-0f1e2d3c4b5a697a2, subnet-0f1e2d3c4b5a697c2]
loadBalancer:
  certificate: arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f
roles:
  web:
    instances:
      type: m7i.large
      capacity: { min: 2, max: 4 }
    targetGroup:
      port: 8080
      healthCheck: { path: /health }
    routes:
      - { name: all, priority: 100, paths: ["/*"] }
    release: { ami: ami-0a1b2c3d4e5f60718 }
"#;

/// `SMALL` with `from` replaced by `to`; `from` must be there.
pub(crate) fn small_with(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(SMALL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "`{from}` is not in:\n{text}");
        text.replacen(from, to, 1)
    })
}

/// One file in memory, as `environments/poc.yaml`.
pub(crate) fn alone(text: impl Into<Vec<u8>>) -> MemoryFiles {
    MemoryFiles::new().with("environments/poc.yaml", text)
}

/// Resolves `environments/poc.yaml`.
pub(crate) fn poc(files: &dyn Files) -> Resolution {
    resolve(files, "environments/poc.yaml")
}

/// What is shown of findings.
pub(crate) fn shown(findings: &Findings, sources: &SourceMap) -> String {
    human(findings, sources, Paint::Plain).as_str().to_owned()
}

/// The message lines alone: `error[ASG0201]: …` with the place each is at.
pub(crate) fn brief(findings: &Findings, sources: &SourceMap) -> Vec<String> {
    let line = |found: &&crate::diagnostics::Diagnostic| {
        let place = found.span().map(|span| {
            let start = sources.start(span);
            format!("{}:{}:{} ", sources.path(span.source), start.line, start.column)
        });
        let help = found.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}{} {}{help}", place.unwrap_or_default(), found.code, found.message)
    };
    findings.sorted(sources).iter().map(line).collect()
}

/// The repository itself, for its examples.
pub(crate) struct Repository;

#[expect(clippy::disallowed_methods, reason = "tests read the repository's own examples")]
impl Files for Repository {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        std::fs::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).map_err(|_| FileError::Missing)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let entries = std::fs::read_dir(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR")));
        let entries = entries.map_err(|_| FileError::Missing)?.filter_map(Result::ok);
        let files = entries.filter(|entry| entry.path().is_file());
        let mut names: Vec<String> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        Ok(names)
    }
}
