//! From a path to one merged document: the file and all it extends.

use crate::diagnostics::{Diagnostic, Findings, type_codes};
use crate::source::{FileError, Files, Kind, Node, SourceId, SourceMap, Span, parse};

use super::{codes, paths};

/// At most so many files make one environment; a file that several extend counts each time.
pub(super) const MAX_FILES: usize = 32;

/// A document as it is after all files it extends are under it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Every file that was read.
    pub sources: SourceMap,
    /// The merged tree without `extends`; absent when the file itself could not be read.
    pub root: Option<Node>,
    /// What was wrong.
    pub findings: Findings,
}

/// Loads `path`, relative to the root of the repository, and all files it extends.
pub fn load(files: &dyn Files, path: &str) -> Loaded {
    load_and(files, path, &|_, _| {})
}

/// The same; `tell` is told every file that is parsed on the way, as it stands there.
pub(super) fn load_and(files: &dyn Files, path: &str, tell: &dyn Fn(&str, &Node)) -> Loaded {
    let mut loader = Loader { files, tell, loaded: Loaded::default(), open: Vec::new(), read: 0 };
    let root = match paths::normal(path) {
        Some(path) => loader.file(&path, None),
        None => {
            let error = Diagnostic::error(codes::OUTSIDE, format!("`{path}` lies outside the repository"));
            loader.loaded.findings.push(error);
            None
        }
    };
    Loaded { root, ..loader.loaded }
}

struct Loader<'a> {
    files: &'a dyn Files,
    tell: &'a dyn Fn(&str, &Node),
    loaded: Loaded,
    /// Files being read, outermost first.
    open: Vec<String>,
    read: usize,
}

impl Loader<'_> {
    fn file(&mut self, path: &str, named_at: Option<Span>) -> Option<Node> {
        if self.open.iter().any(|open| open == path) {
            let chain = self.open.join("` → `");
            let error = Diagnostic::error(codes::EXTENDS_CYCLE, format!("`{path}` extends itself"));
            self.push(error.with_note(format!("`{chain}` → `{path}`")), named_at);
            return None;
        }
        self.read += 1;
        if self.read > MAX_FILES {
            if self.read == MAX_FILES + 1 {
                let message = format!("more than {MAX_FILES} files are laid over each other");
                self.push(Diagnostic::error(codes::TOO_MANY_FILES, message), named_at);
            }
            return None;
        }
        let own = self.parse(path, named_at)?;
        self.open.push(path.to_owned());
        let merged = self.with_bases(path, own);
        self.open.pop();
        Some(merged)
    }

    fn parse(&mut self, path: &str, named_at: Option<Span>) -> Option<Node> {
        let known = self.loaded.sources.find(path);
        let id = known.or_else(|| self.read(path, named_at))?;
        let sources = &mut self.loaded.sources;
        let document = parse(sources, id);
        if let Ok(document) = &document {
            hide_parameters(&document.root, sources);
            (self.tell)(path, &document.root);
        }
        self.loaded.findings.keep(document).map(|document| document.root)
    }

    fn read(&mut self, path: &str, named_at: Option<Span>) -> Option<SourceId> {
        match self.files.read(path) {
            Ok(bytes) => self.loaded.findings.keep(self.loaded.sources.add_bytes(path, &bytes)),
            Err(error) => {
                let code = if error == FileError::Outside { codes::OUTSIDE } else { codes::FILE };
                let mut found = Diagnostic::error(code, format!("cannot read `{path}`: {error}"));
                found.help = paths::meant(self.files, path).filter(|_| named_at.is_some());
                self.push(found, named_at);
                None
            }
        }
    }

    fn with_bases(&mut self, path: &str, mut own: Node) -> Node {
        let Some(extends) = take_extends(&mut own) else { return own };
        let mut below: Option<Node> = None;
        for (relative, span) in self.bases(&extends) {
            let Some(base) = paths::beside(path, &relative) else {
                let error =
                    Diagnostic::error(codes::OUTSIDE, format!("`{relative}` lies outside the repository"));
                self.push(error, Some(span));
                continue;
            };
            if let Some(base) = self.file(&base, Some(span)) {
                below = Some(match below {
                    Some(below) => Node::merge(below, base),
                    None => base,
                });
            }
        }
        match below {
            Some(below) => Node::merge(below, own),
            None => own,
        }
    }

    /// The paths a value of `extends` names, with their places.
    fn bases(&mut self, extends: &Node) -> Vec<(String, Span)> {
        let items = match &extends.kind {
            Kind::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(extends),
        };
        let mut bases = Vec::new();
        for item in items {
            match item.as_str() {
                Some(path) => bases.push((path.to_owned(), item.span)),
                None => {
                    let message = format!(
                        "expected a path or a list of paths for `extends`, found {}",
                        item.describe()
                    );
                    self.push(Diagnostic::error(type_codes::WRONG_TYPE, message), Some(item.head()));
                }
            }
        }
        bases
    }

    fn push(&mut self, diagnostic: Diagnostic, at: Option<Span>) {
        self.loaded.findings.push(match at {
            Some(span) => diagnostic.primary(span, ""),
            None => diagnostic,
        });
    }
}

/// Values for own templates are secrets until their template says otherwise.
fn hide_parameters(root: &Node, sources: &mut SourceMap) {
    let stacks = root.get("/stacks").map(Node::entries).unwrap_or_default();
    let given = stacks.iter().filter_map(|stack| stack.value.get("/parameters"));
    given.flat_map(Node::entries).for_each(|entry| sources.hide(entry.value.span));
}

fn take_extends(node: &mut Node) -> Option<Node> {
    let Kind::Mapping(entries) = &mut node.kind else { return None };
    let index = entries.iter().position(|entry| entry.key == "extends")?;
    Some(entries.remove(index).value)
}
