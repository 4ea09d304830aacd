//! What one environment must know of the others beside it, without reading them whole: of every file the few keys that
//! others ask about. A file is read and parsed once, however many environments extend it, and what is kept of it is
//! small, so a command on one environment costs the sum of the files, not their product.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::model::{Route, Sibling, SiblingRole};
use crate::source::{Entry, Files, Kind, Node, SourceMap, parse};

use super::load::MAX_FILES;
use super::paths;

/// How much is kept below a place.
enum Keep {
    /// A scalar; of a list or a mapping only that it is one.
    Scalar,
    /// These keys of a mapping.
    Keys(&'static [(&'static str, Keep)]),
    /// Every value of a mapping, by this.
    Values(&'static Keep),
    /// Every item of a list, by this.
    Items(&'static Keep),
}

/// What [`sibling`] reads, and nothing else.
const KEPT: Keep = Keep::Keys(&[
    ("project", Keep::Scalar),
    ("environment", Keep::Scalar),
    ("account", Keep::Scalar),
    ("region", Keep::Scalar),
    ("loadBalancer", Keep::Keys(&[("listener", Keep::Scalar)])),
    ("protection", Keep::Keys(&[("promoteFrom", Keep::Scalar)])),
    ("roles", Keep::Values(&ROLE)),
    ("stacks", Keep::Values(&Keep::Keys(&[("template", Keep::Scalar)]))),
]);

const ROLE: Keep = Keep::Keys(&[
    ("routes", Keep::Items(&ROUTE)),
    ("instances", Keep::Keys(&[("rootVolume", Keep::Keys(&[("size", Keep::Scalar)]))])),
]);

const ROUTE: Keep = Keep::Keys(&[
    ("name", Keep::Scalar),
    ("priority", Keep::Scalar),
    ("hosts", TEXTS),
    ("paths", TEXTS),
    ("headers", Keep::Values(&TEXTS)),
    ("methods", TEXTS),
    ("query", TEXTS),
    ("source", TEXTS),
]);

const TEXTS: Keep = Keep::Items(&Keep::Scalar);

impl Keep {
    /// The node without what is not kept. What is laid over it, and what it is laid over, comes to the same as without
    /// that: what is left is of the same kind, with the same tag, at the same keys.
    fn of(&self, node: &Node) -> Node {
        let kept = |entry: &Entry, keep: &Self| Entry {
            key: entry.key.clone(),
            key_span: entry.key_span,
            value: keep.of(&entry.value),
        };
        let kind = match (&node.kind, self) {
            (kind @ Kind::Scalar { .. }, _) => kind.clone(),
            (Kind::Mapping(entries), Self::Keys(keys)) => {
                let known = entries.iter().filter_map(|entry| {
                    let (_, keep) = keys.iter().find(|(key, _)| *key == entry.key)?;
                    Some(kept(entry, keep))
                });
                Kind::Mapping(known.collect())
            }
            (Kind::Mapping(entries), Self::Values(keep)) => {
                Kind::Mapping(entries.iter().map(|entry| kept(entry, keep)).collect())
            }
            (Kind::Sequence(items), Self::Items(keep)) => {
                Kind::Sequence(items.iter().map(|item| keep.of(item)).collect())
            }
            (Kind::Mapping(_), _) => Kind::Mapping(Vec::new()),
            (Kind::Sequence(_), _) => Kind::Sequence(Vec::new()),
        };
        Node { span: node.span, tag: node.tag.clone(), kind }
    }
}

/// What is kept of one file.
struct Sketch {
    /// Its own keys, without `extends`.
    own: Node,
    /// The files it names under `extends`, as far as they lie in the repository.
    extends: Vec<String>,
}

/// The files of a repository as sketches, each made when it is first asked for.
pub(super) struct Sketches<'a> {
    files: &'a dyn Files,
    made: Mutex<BTreeMap<String, Arc<OnceLock<Option<Sketch>>>>>,
}

impl<'a> Sketches<'a> {
    pub(super) fn new(files: &'a dyn Files) -> Self {
        Self { files, made: Mutex::default() }
    }

    /// Keeps what is wanted of a file that was parsed for somebody else.
    pub(super) fn keep(&self, path: &str, root: &Node) {
        let _ = self.place(path).set(Some(Sketch::of(path, root)));
    }

    /// Whether a file can be read and is no environment of its own, only a part of others.
    pub(super) fn is_part(&self, path: &str) -> bool {
        let sketch = self.sketch(path);
        let sketch = sketch.get().and_then(Option::as_ref);
        sketch.is_some_and(|sketch| sketch.own.entry("environment").is_none())
    }

    /// An environment as others see it, if it can be read so far.
    pub(super) fn sibling(&self, path: &str) -> Option<Sibling> {
        let mut read = 0;
        sibling(path, &self.merged(path, &mut Vec::new(), &mut read)?)
    }

    /// The same order and the same bounds as [`super::load()`] has; what is wrong is told there.
    fn merged(&self, path: &str, open: &mut Vec<String>, read: &mut usize) -> Option<Node> {
        if open.iter().any(|open| open == path) {
            return None;
        }
        *read += 1;
        if *read > MAX_FILES {
            return None;
        }
        let sketch = self.sketch(path);
        let sketch = sketch.get().and_then(Option::as_ref)?;
        open.push(path.to_owned());
        let mut below: Option<Node> = None;
        for base in &sketch.extends {
            let Some(base) = self.merged(base, open, read) else { continue };
            below = Some(match below {
                Some(below) => Node::merge(below, base),
                None => base,
            });
        }
        open.pop();
        let own = sketch.own.clone();
        Some(match below {
            Some(below) => Node::merge(below, own),
            None => own,
        })
    }

    /// The place of a file's sketch, filled.
    fn sketch(&self, path: &str) -> Arc<OnceLock<Option<Sketch>>> {
        let place = self.place(path);
        place.get_or_init(|| sketch(self.files, path));
        place
    }

    fn place(&self, path: &str) -> Arc<OnceLock<Option<Sketch>>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(made.entry(path.to_owned()).or_default())
    }
}

fn sketch(files: &dyn Files, path: &str) -> Option<Sketch> {
    let mut sources = SourceMap::new();
    let id = sources.add_bytes(path, &files.read(path).ok()?).ok()?;
    Some(Sketch::of(path, &parse(&sources, id).ok()?.root))
}

impl Sketch {
    fn of(path: &str, root: &Node) -> Self {
        let extends = root.entry("extends").map(|entry| match &entry.value.kind {
            Kind::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        });
        let named = extends.unwrap_or_default().iter().filter_map(Node::as_str);
        let extends = named.filter_map(|relative| paths::beside(path, relative)).collect();
        Self { own: KEPT.of(root), extends }
    }
}

/// What others see of an environment, from its merged document.
fn sibling(path: &str, root: &Node) -> Option<Sibling> {
    let text = |pointer: &str| root.get(pointer).and_then(Node::as_str).map(str::to_owned);
    Some(Sibling {
        project: text("/project")?,
        name: text("/environment")?,
        account: text("/account")?,
        region: text("/region"),
        listener: text("/loadBalancer/listener"),
        roles: root.get("/roles").map(Node::entries).unwrap_or_default().iter().map(role).collect(),
        templates: root
            .get("/stacks")
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .filter_map(template)
            .collect(),
        promote_from: text("/protection/promoteFrom"),
        path: path.to_owned(),
    })
}

fn template(entry: &Entry) -> Option<(String, String)> {
    Some((entry.key.clone(), entry.value.get("/template").and_then(Node::as_str)?.to_owned()))
}

fn role(entry: &Entry) -> SiblingRole {
    let number = |node: &Node, pointer: &str| node.get(pointer).and_then(Node::raw)?.parse().ok();
    let routes = entry.value.get("/routes").map(Node::items).unwrap_or_default();
    SiblingRole {
        name: entry.key.clone(),
        routes: routes.iter().filter_map(route).collect(),
        root_volume: number(&entry.value, "/instances/rootVolume/size"),
    }
}

/// A route without a priority that can be read is none.
fn route(node: &Node) -> Option<Route> {
    let texts = |node: &Node| node.items().iter().filter_map(Node::raw).map(str::to_owned).collect();
    let list = |key: &str| node.entry(key).map(|entry| texts(&entry.value)).unwrap_or_default();
    let headers = node.entry("headers").map(|entry| entry.value.entries()).unwrap_or_default().iter();
    Some(Route {
        name: node.get("/name").and_then(Node::as_str).unwrap_or_default().to_owned(),
        priority: node.get("/priority").and_then(Node::raw)?.parse().ok()?,
        paths: list("paths"),
        hosts: list("hosts"),
        headers: headers.map(|entry| (entry.key.clone(), texts(&entry.value))).collect(),
        methods: list("methods"),
        query: list("query"),
        source: list("source"),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use proptest::prelude::*;

    use super::*;
    use crate::resolve::load::load_and;
    use crate::resolve::{Folder, load};
    use crate::source::{FileError, MemoryFiles};

    /// Files that count how often each is read.
    struct Counted(MemoryFiles, Mutex<BTreeMap<String, usize>>);

    impl Files for Counted {
        fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
            *self.1.lock().expect("no panic").entry(path.to_owned()).or_default() += 1;
            self.0.read(path)
        }

        fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
            self.0.list(folder)
        }
    }

    #[test]
    fn a_part_that_all_extend_is_read_once_for_all() {
        let mut files = MemoryFiles::new()
            .with("environments/a.yaml", "project: poc\nroles: { web: { routes: [{ priority: 7 }] } }\n")
            .with("environments/b.yaml", "extends: a.yaml\nregion: ap-northeast-1\n");
        for number in 0..20 {
            let text = format!("extends: [b.yaml, a.yaml]\nenvironment: e{number}\naccount: '{number}'\n");
            files = files.with(format!("environments/e{number}.yaml"), text);
        }
        let files = Counted(files, Mutex::default());
        let sketches = Sketches::new(&files);
        let loaded = load_and(&files, "environments/e0.yaml", &|path, root| sketches.keep(path, root));
        assert!(loaded.findings.is_empty());
        let folder = Folder::with(&sketches, &files, "environments/e0.yaml");
        let others = folder.siblings("poc", "environments/e0.yaml");
        assert_eq!(others.len(), 19);
        assert!(others.iter().all(|other| other.roles[0].routes[0].priority == 7), "{others:?}");
        let counts = files.1.into_inner().expect("no panic");
        assert_eq!(counts.values().copied().max(), Some(1), "{counts:?}");
    }

    /// A value of such a spec, in flow style: what is asked for, what is not, and what cannot be.
    fn value() -> impl Strategy<Value = String> {
        let key = prop::sample::select(vec![
            "project",
            "environment",
            "account",
            "region",
            "loadBalancer",
            "listener",
            "protection",
            "promoteFrom",
            "roles",
            "web",
            "routes",
            "priority",
            "instances",
            "rootVolume",
            "size",
            "tags",
        ]);
        let leaf = prop::sample::select(vec!["poc", "'1'", "7", "null", "~", "[]", "{}", "!x {}", "!!str 7"]);
        leaf.prop_map(str::to_owned).prop_recursive(5, 40, 4, move |inner| {
            let entries = prop::collection::btree_map(key.clone(), inner.clone(), 0..5).prop_map(|entries| {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{ {} }}", entries.join(", "))
            });
            let items =
                prop::collection::vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(", ")));
            prop_oneof![4 => entries, 1 => items]
        })
    }

    /// A file: the shape of a spec with values of any kind, and what it extends.
    fn file() -> impl Strategy<Value = String> {
        let route = "{ web: { routes: [{ priority: 8 }, 3], instances: { rootVolume: { size: 40 } } } }";
        let roles = prop_oneof![Just(route.to_owned()), value()];
        let extends =
            prop::sample::select(vec!["", "a.yaml", "[a.yaml, b.yaml]", "[b.yaml, c.yaml, 3]", "../../x"]);
        (extends, value(), value(), roles, any::<bool>()).prop_map(|(extends, project, balancer, roles, named)| {
            let extends = if extends.is_empty() { String::new() } else { format!("extends: {extends}\n") };
            let project = if named { "poc".to_owned() } else { project };
            format!("{extends}project: {project}\nenvironment: e\naccount: '1'\nloadBalancer: {balancer}\nroles: {roles}\n")
        })
    }

    proptest! {
        #[test]
        fn a_sketch_says_what_the_whole_says(texts in (file(), file(), file(), value())) {
            let names = ["a.yaml", "b.yaml", "c.yaml", "d.yaml"];
            let texts = [texts.0, texts.1, texts.2, texts.3];
            let files = names.into_iter().zip(texts).fold(MemoryFiles::new(), |files, (name, text)| files.with(name, text));
            for name in names {
                let whole = load(&files, name).root.and_then(|root| sibling(name, &root));
                prop_assert_eq!(Sketches::new(&files).sibling(name), whole);
            }
        }
    }
}
