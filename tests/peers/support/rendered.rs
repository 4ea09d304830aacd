//! Where the files of a rendered environment lie. All that the tests know of the layout is here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{finished, repository, said};

/// Environments of the repository, rendered under `out` by the program itself.
pub(crate) fn render(out: &Path, environments: &[String]) -> Vec<Rendered> {
    render_from(&repository(""), out, environments)
}

/// [`render`], of the specs under another root.
pub(crate) fn render_from(root: &Path, out: &Path, environments: &[String]) -> Vec<Rendered> {
    for environment in environments {
        let mut asagi = Command::new(env!("CARGO_BIN_EXE_asagi"));
        let rendered = finished(asagi.args(["render", environment, "--out"]).arg(out).current_dir(root));
        assert!(rendered.status.success(), "asagi render {environment} failed: {}", said(&rendered));
    }
    Rendered::all_in(out)
}

/// One rendered environment: `<out>/<project>/<environment>/`, which is a Sceptre project with a manifest.
#[derive(Debug, Clone)]
pub(crate) struct Rendered {
    /// The project's name.
    pub(crate) project: String,
    /// The environment's name, which is also the stack group that Sceptre's commands are given.
    pub(crate) environment: String,
    /// The folder with `config/`, `templates/` and `vars/`.
    pub(crate) folder: PathBuf,
}

impl Rendered {
    /// Every environment under the folder that was rendered to, in order.
    pub(crate) fn all_in(out: &Path) -> Vec<Self> {
        let environments = folders_in(out).into_iter().flat_map(|(project, path)| {
            let in_project = folders_in(&path).into_iter();
            in_project.map(move |(environment, folder)| Self {
                project: project.clone(),
                environment,
                folder,
            })
        });
        environments.collect()
    }

    /// The templates, by the name their stack has in CloudFormation.
    pub(crate) fn templates(&self) -> Vec<(String, PathBuf)> {
        let named = |path: PathBuf| {
            let stack = path.file_stem()?.to_str()?.to_owned();
            Some((format!("{}-{}-{stack}", self.project, self.environment), path))
        };
        paths_in(&self.folder.join("templates")).into_iter().filter_map(named).collect()
    }
}

fn folders_in(folder: &Path) -> Vec<(String, PathBuf)> {
    let folders = paths_in(folder).into_iter().filter(|path| path.is_dir());
    folders.filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), path))).collect()
}

fn paths_in(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    paths.sort();
    paths
}
