//! The files of a new repository: environments, what instances run at boot, and the jobs of CI.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, UndefinedBehavior, context};

use super::{ArtifactError, File};
use crate::model::Lock;

/// What a new repository is for. Names are those of a spec; they are judged by reading what was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// The project.
    pub project: String,
    /// Where it runs, in the order in which releases pass through: the last is production.
    pub environments: Vec<StarterEnvironment>,
    /// The Region of all of them.
    pub region: String,
    /// The one role to begin with.
    pub role: String,
    /// The port that its instances answer on.
    pub port: u16,
    /// The path that says whether they are well.
    pub health: String,
    /// Who is told of alarms.
    pub email: String,
    /// Whose jobs are written.
    pub ci: Vec<Ci>,
}

/// One environment of a new repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarterEnvironment {
    /// Its name, and its file's stem.
    pub name: String,
    /// The account's twelve digits.
    pub account: String,
}

/// What runs the jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ci {
    /// Gitea Actions.
    Gitea,
    /// Jenkins, with a multibranch pipeline.
    Jenkins,
}

/// The delimiters are those that neither shells, Groovy nor workflows use.
const TEMPLATES: [(&str, &str); 6] = [
    ("base", include_str!("../../templates/starter/base.yaml.j2")),
    ("environment", include_str!("../../templates/starter/environment.yaml.j2")),
    ("user-data", include_str!("../../templates/starter/user-data.sh.j2")),
    ("gitea", include_str!("../../templates/starter/gitea.yaml.j2")),
    ("gitea-apply", include_str!("../../templates/starter/gitea-apply.yaml.j2")),
    ("jenkins", include_str!("../../templates/starter/Jenkinsfile.j2")),
];

/// A whole project that is small enough to be read in one go.
const EXAMPLE: [(&str, &str); 3] = [
    ("environments/poc.yaml", include_str!("../../environments/poc.yaml")),
    ("environments/user-data/poc.sh", include_str!("../../environments/user-data/poc.sh")),
    ("environments/components/poc-web.yaml", include_str!("../../environments/components/poc-web.yaml")),
];

const GITIGNORE: &str = include_str!("../../templates/starter/gitignore");

static ENGINE: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut engine = Environment::new();
    let syntax = SyntaxConfig::builder()
        .block_delimiters("<%", "%>")
        .variable_delimiters("<<", ">>")
        .comment_delimiters("<#", "#>")
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()?;
    engine.set_syntax(syntax);
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    TEMPLATES.into_iter().try_for_each(|(name, text)| engine.add_template(name, text))?;
    Ok(engine)
});

/// The files, sorted by path.
///
/// # Errors
///
/// A mistake in one of asagi's own templates.
pub fn starter(starter: &Starter) -> Result<Vec<File>, ArtifactError> {
    let Starter { project, role, region, .. } = starter;
    let mut files = Vec::new();
    let mut add = |path: String, text: String| files.push(File { path, bytes: text.into_bytes() });
    let owner = starter.environments.first().map_or("", |first| first.name.as_str());
    let base = context! {
        project => text(project), region, owner => text(owner), role => text(role), port => starter.port,
        health => text(&starter.health), artifact => text(&format!("s3://{project}-artifacts/{role}-1.0.tar.gz")),
    };
    add(format!("environments/base-{project}.yaml"), fill("base", base)?);
    add(format!("environments/user-data/{role}.sh"), fill("user-data", context! { role })?);
    for (index, one) in starter.environments.iter().enumerate() {
        let is_last = index + 1 == starter.environments.len();
        let before = index.checked_sub(1).and_then(|before| starter.environments.get(before));
        let context = context! {
            project => text(project), region, is_last,
            environment => text(&one.name),
            account => quoted(&one.account),
            retention => if is_last { "retain" } else { "delete" },
            nat => if is_last { "per-zone" } else { "single" },
            cidr => format!("10.{index}.0.0/16"),
            email => text(&starter.email),
            previous => before.map(|before| text(&before.name)),
        };
        add(format!("environments/{}.yaml", one.name), fill("environment", context)?);
    }
    let environments: Vec<&str> = starter.environments.iter().map(|one| one.name.as_str()).collect();
    files.extend(jobs(&environments, &starter.ci)?);
    Ok(sorted(files))
}

/// The files of the smallest example, which has releases to roll out. `lock` is its part of the images lock.
///
/// # Errors
///
/// A mistake in one of asagi's own templates.
pub fn example(lock: String, ci: &[Ci]) -> Result<Vec<File>, ArtifactError> {
    let texts = EXAMPLE.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let lock = (format!("environments/{}", Lock::FILE), lock);
    let files = texts.into_iter().chain([lock]).map(|(path, text)| File { path, bytes: text.into_bytes() });
    Ok(sorted(files.chain(jobs(&["poc"], ci)?).collect()))
}

/// What CI runs, and what Git passes over.
fn jobs(environments: &[&str], ci: &[Ci]) -> Result<Vec<File>, ArtifactError> {
    let context = context! { environments => Serde(environments) };
    let of = |one: Ci| {
        let files: &[(&str, &str)] = match one {
            Ci::Gitea => &[
                (".gitea/workflows/asagi.yaml", "gitea"),
                (".gitea/workflows/asagi-apply.yaml", "gitea-apply"),
            ],
            Ci::Jenkins => &[("Jenkinsfile", "jenkins")],
        };
        files.iter().map(|(path, template)| (*path, *template))
    };
    let mut files = vec![File { path: ".gitignore".to_owned(), bytes: GITIGNORE.into() }];
    for (path, template) in ci.iter().copied().flat_map(of) {
        files.push(File { path: path.to_owned(), bytes: fill(template, context.clone())?.into_bytes() });
    }
    Ok(files)
}

fn sorted(mut files: Vec<File>) -> Vec<File> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn fill(name: &'static str, context: minijinja::Value) -> Result<String, ArtifactError> {
    let failed = |error: &Error| ArtifactError { template: name, message: format!("{error:#}") };
    let engine = ENGINE.as_ref().map_err(failed)?;
    engine.get_template(name).and_then(|found| found.render(context)).map_err(|error| failed(&error))
}

/// A text of YAML: bare where nobody could take it for anything else.
fn text(value: &str) -> String {
    let mut characters = value.chars();
    let begins = characters.next().is_some_and(|c| c.is_ascii_lowercase() || c == '/');
    let goes_on = characters
        .all(|c| c.is_ascii_alphanumeric() || "-_./@".contains(c) || value.contains("://") && c == ':');
    let is_word = matches!(value, "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n");
    if begins && goes_on && !is_word { value.to_owned() } else { quoted(value) }
}

/// A text of YAML in double quotes; JSON's are YAML's.
fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}
