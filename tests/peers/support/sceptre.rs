//! Sceptre, run on a rendered environment. It is as its authors made it; only what it sleeps between two looks at a
//! stack is shortened (`hurry/`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::{REGION, finished, program, repository, said, temporary_folder};

/// A Sceptre project, and what its commands are run with.
pub(crate) struct Sceptre {
    folder: PathBuf,
    variables: Vec<(String, String)>,
}

impl Sceptre {
    /// The project in `folder` (the one that holds `config/` and `templates/`), with no cloud to talk to.
    pub(crate) fn offline(folder: &Path) -> Self {
        Self::against(folder, vec![("AWS_ENDPOINT_URL".to_owned(), "http://127.0.0.1:1".to_owned())])
    }

    /// The project in `folder`, with what [`super::Server::variables`] says.
    pub(crate) fn against(folder: &Path, variables: Vec<(String, String)>) -> Self {
        Self { folder: folder.to_owned(), variables }
    }

    /// Runs one command in the project's folder, so that `--var-file vars/bootstrap.yaml` finds its file.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        finished(self.command(arguments).current_dir(&self.folder))
    }

    /// [`Sceptre::run`], where a failure ends the test; answers what was printed.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "sceptre {} failed: {}", arguments.join(" "), said(&output));
        said(&output)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program("sceptre"));
        command
            .arg("--dir")
            .arg(&self.folder)
            .arg("--no-colour")
            .args(arguments)
            .env("AWS_DEFAULT_REGION", REGION)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONPATH", repository("tests/peers/hurry"))
            .envs(self.variables.iter().cloned());
        command
    }
}

/// What Sceptre makes of every stack of `environment`, by the stack's name in CloudFormation: `sceptre generate` with
/// its output in files, which costs one process for all of them.
pub(crate) fn generated(folder: &Path, environment: &str) -> BTreeMap<String, String> {
    let place = temporary_folder();
    let sceptre = Sceptre::offline(folder);
    let arguments = ["dump", "template", "--to-file", environment];
    let output = finished(sceptre.command(&arguments).current_dir(place.path()));
    assert!(output.status.success(), "sceptre {} failed: {}", arguments.join(" "), said(&output));
    fs::read_dir(place.path().join(".dump"))
        .expect("sceptre dump writes .dump")
        .map(|entry| {
            let folder = entry.expect(".dump can be read").path();
            let stack = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
            (stack, template_in(&folder.join("template.yaml")))
        })
        .collect()
}

/// Sceptre writes a template as one YAML string, and opens one that has no `---` with it.
fn template_in(dump: &Path) -> String {
    let text = fs::read_to_string(dump).expect("sceptre dump writes template.yaml");
    let template: String = serde_yaml::from_str(&text).expect("sceptre dumps a template as a YAML string");
    template.strip_prefix("---\n").map_or_else(|| template.clone(), str::to_owned)
}
