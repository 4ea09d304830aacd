//! Any text as an environment: it is refused, or it becomes stacks, and every finding is inside of its file.

use std::sync::LazyLock;

use asagi::artifact;
use asagi::cfn::Template;
use asagi::ops::load::{Loaded, from_files};
use asagi::source::MemoryFiles;

use super::source::findings_are_inside;

macro_rules! texts {
    ($($path:literal),* $(,)?) => { &[$(($path, include_bytes!(concat!("../../../", $path)))),*] };
}

/// The repository's own environments by path, so that a text can extend them and name their files.
pub const TEXTS: &[(&str, &[u8])] = texts![
    "environments/base-idhub.yaml",
    "environments/dev.yaml",
    "environments/poc.yaml",
    "environments/prod.yaml",
    "environments/stg.yaml",
    "environments/images.lock.yaml",
    "environments/components/falcon.yaml",
    "environments/components/idhub-hlp.yaml",
    "environments/components/idhub-web.yaml",
    "environments/components/poc-web.yaml",
    "environments/stacks/sessions.yaml",
    "environments/user-data/hlp.sh",
    "environments/user-data/poc.sh",
    "environments/user-data/web.sh",
];

/// The same as files.
pub static FILES: LazyLock<MemoryFiles> =
    LazyLock::new(|| TEXTS.iter().fold(MemoryFiles::new(), |files, (path, text)| files.with(*path, *text)));

pub fn run(data: &[u8]) {
    load(&FILES.clone().with("environments/fuzz.yaml", data), "environments/fuzz.yaml");
}

/// Goes as far as an environment can; what it becomes must be readable again.
pub fn load(files: &MemoryFiles, path: &str) -> Option<Loaded> {
    let loaded = match from_files(files, path) {
        Ok(loaded) => loaded,
        Err(read) => {
            assert!(read.findings.has_errors(), "nothing loaded, and nothing wrong");
            findings_are_inside(&read.findings, &read.sources);
            return None;
        }
    };
    findings_are_inside(&loaded.read.findings, &loaded.read.sources);
    for stack in loaded.graph.stacks.values() {
        let again = Template::parse(&stack.text).expect("a rendered template can be read");
        assert_eq!(again, stack.template, "{}", stack.key);
    }
    artifact::files(&loaded.environment, &loaded.graph, &loaded.spec_digest())
        .expect("files can be rendered");
    Some(loaded)
}
