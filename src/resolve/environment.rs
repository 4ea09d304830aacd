//! A whole environment, from its path to its model.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostics::Findings;
use crate::model::{Environment, Lock, Origins, Quotas, Retention, Sibling};
use crate::source::{Files, Node, SourceMap};
use crate::spec::{self, Breaks, conform, one_line, plain, unseen_in_files, unseen_in_values};

use super::context::Context;
use super::load::load_and;
use super::sketch::Sketches;
use super::{
    Folder, Loaded, codes, images, load, load_balancer, lock, network, notifications, policy, protection,
    read_on, required_version, role, stacks, values,
};

/// Everything known about an environment after resolving it.
#[derive(Debug)]
pub struct Resolution {
    /// Every file that was read, for showing findings.
    pub sources: SourceMap,
    /// The model, as far as it could be made; absent when the text is no spec. Where `findings` has errors it has
    /// holes: good for finding more of them, and for nothing else.
    pub environment: Option<Environment>,
    /// All that was found.
    pub findings: Findings,
    /// Where values came from; absent when the file could not be read.
    pub origins: Option<Origins>,
    /// The project's other environments beside it.
    pub siblings: Vec<Arc<Sibling>>,
    /// What the images lock beside it says of the project; empty where there is none.
    pub lock: Lock,
}

/// Resolves the environment at `path`, relative to the root of the repository: reads it and all it extends and names,
/// reports everything wrong with its text, and makes the model.
pub fn resolve(files: &dyn Files, path: &str) -> Resolution {
    let sketches = Sketches::new(files);
    let loaded = load_and(files, path, &|path, root| sketches.keep(path, root));
    resolve_loaded(&Folder::with(&sketches, files, path), files, path, loaded)
}

/// [`resolve`], for one of several environments in a folder.
pub fn resolve_in(folder: &Folder, files: &dyn Files, path: &str) -> Resolution {
    resolve_loaded(folder, files, path, load(files, path))
}

fn resolve_loaded(folder: &Folder, files: &dyn Files, path: &str, loaded: Loaded) -> Resolution {
    let Loaded { mut sources, root, mut findings } = loaded;
    let (mut environment, mut around, mut images_lock) = (None, Vec::new(), Lock::default());
    let mut templates = IndexMap::new();
    let (root, spec) = root.map(|root| read(root, &sources, &mut findings)).unzip();
    if let (Some(root), Some(Some(spec))) = (&root, spec) {
        let project = spec.project.as_str();
        around = folder.siblings(project, path);
        images_lock =
            folder.lock(project).unwrap_or_else(|| lock::read(files, path, &mut sources, &mut findings));
        let mut context = Context {
            files,
            sources: &mut sources,
            root,
            findings: &mut findings,
            templates: &mut templates,
        };
        environment = model(&mut context, &spec, &around, &images_lock);
    }
    unseen_in_files(&sources, &mut findings);
    let origins = root.map(|root| Origins::new(root).with_templates(templates));
    Resolution { sources, environment, findings, origins, siblings: around, lock: images_lock }
}

/// The document as it may be judged, and what it says; nothing where that cannot be told.
fn read(root: Node, sources: &SourceMap, findings: &mut Findings) -> (Node, Option<spec::Environment>) {
    // Another version may know other keys: what this one would say of them is no help.
    if !findings.has_errors() {
        required_version(&root, findings);
    }
    if findings.has_errors() {
        return (root, None);
    }
    plain(&root, findings);
    unseen_in_values(&root, sources, Breaks::Lines, findings);
    let is_plain = !findings.has_errors();
    let mistakes = conform(&root);
    let broken = one_line(&root, &mistakes);
    findings.extend(mistakes.iter().map(|mistake| mistake.told.clone()));
    if !findings.has_errors() {
        let spec = findings.keep(root.deserialize());
        findings.extend(broken);
        return (root, spec);
    }
    findings.extend(broken);
    let readable = if is_plain { read_on(&root, mistakes) } else { None };
    match readable {
        Some(readable) => {
            let spec = readable.deserialize().ok();
            (readable, spec)
        }
        None => (root, None),
    }
}

fn model(
    context: &mut Context<'_>,
    spec: &spec::Environment,
    siblings: &[Arc<Sibling>],
    lock: &Lock,
) -> Option<Environment> {
    let retention = match spec.retention {
        Some(spec::Retention::Delete) => Retention::Delete,
        // Losing data by saying nothing must not happen.
        Some(spec::Retention::Retain) | None => Retention::Retain,
    };
    let keep = retention == Retention::Retain;
    let owner = spec.images.as_ref().and_then(|images| images.owner.as_ref()).unwrap_or(&spec.environment);
    // All parts before any is missed, so that everything wrong is reported at once.
    let network = network::network(context, &spec.network);
    let load_balancer = load_balancer::load_balancer(context, spec, keep);
    let patch_scan = images::patch_scan(context, spec);
    let protection = protection::protection(context, spec.protection.as_ref(), keep, siblings);
    let roles = spec.roles.iter();
    let roles = roles.map(|(name, written)| role::role(context, spec, lock, name, written)).collect();
    let stacks = stacks::stacks(context, &values::Around { spec, siblings });
    let images_owner_account = owner_account(context, spec, siblings, owner.as_str()).unwrap_or_default();
    Some(Environment {
        project: spec.project.to_string(),
        name: spec.environment.to_string(),
        account: spec.account.to_string(),
        region: spec.region.to_string(),
        tags: spec.tags.iter().map(|(key, value)| (key.clone(), value.to_string())).collect(),
        tag_policy: spec.tag_policy.iter().map(|(key, values)| (key.clone(), texts(values))).collect(),
        quotas: quotas(spec.quotas.as_ref()),
        images_owner: owner.to_string(),
        images_owner_account,
        image_consumers: consumers(spec, siblings, owner.as_str()),
        retention,
        network: network?,
        load_balancer: load_balancer?,
        notifications: notifications::notifications(spec.notifications.as_ref()),
        protection,
        policy: policy::policy(&spec.policy),
        roles,
        stacks,
        template_bucket: spec.template_bucket.as_ref().map(ToString::to_string),
        permissions_boundary: spec.permissions_boundary.as_ref().map(ToString::to_string),
        patch_scan,
    })
}

fn texts(written: &[spec::Text]) -> Vec<String> {
    written.iter().map(ToString::to_string).collect()
}

fn quotas(spec: Option<&spec::Quotas>) -> Quotas {
    let usual = Quotas::default();
    let said = |quota: fn(&spec::Quotas) -> Option<u32>| spec.and_then(quota);
    Quotas {
        vcpus: said(|quotas| quotas.vcpus),
        listener_rules: said(|quotas| quotas.listener_rules).unwrap_or(usual.listener_rules),
        targets: said(|quotas| quotas.targets).unwrap_or(usual.targets),
    }
}

/// The account of the environment that owns the images.
fn owner_account(
    context: &mut Context<'_>,
    spec: &spec::Environment,
    siblings: &[Arc<Sibling>],
    owner: &str,
) -> Option<String> {
    if owner == spec.environment.as_str() {
        return Some(spec.account.to_string());
    }
    let of_project = || siblings.iter().filter(|sibling| sibling.project == spec.project.as_str());
    let found = of_project().find(|sibling| sibling.name == owner);
    if found.is_none() {
        let known: Vec<&str> = of_project().map(|sibling| sibling.name.as_str()).collect();
        let message =
            format!("`{owner}` owns the images, but no environment of `{}` has that name", spec.project);
        let error = context.error(codes::OWNER, "/images/owner", message);
        let help = spec::meant(owner, &known);
        let alone = "write the owner's file beside this one, or remove `owner` to build the images here";
        context.push(error.with_help(if known.is_empty() { alone } else { &help }));
    }
    found.map(|sibling| sibling.account.clone())
}

/// Accounts besides the owner's that launch the project's images, sorted.
fn consumers(spec: &spec::Environment, siblings: &[Arc<Sibling>], owner: &str) -> Vec<String> {
    let own = (spec.environment.as_str(), spec.account.as_str());
    let of_project = siblings.iter().filter(|sibling| sibling.project == spec.project.as_str());
    let environments: Vec<(&str, &str)> =
        of_project.map(|sibling| (sibling.name.as_str(), sibling.account.as_str())).chain([own]).collect();
    let owner_account = environments.iter().find(|(name, _)| *name == owner).map(|(_, account)| *account);
    let shares = spec.roles.values().filter_map(|role| role.images.as_ref()).flat_map(|images| &images.share);
    let all = environments.iter().map(|(_, account)| *account).chain(shares.map(spec::AccountId::as_str));
    let mut accounts: Vec<String> =
        all.filter(|account| Some(*account) != owner_account).map(str::to_owned).collect();
    accounts.sort();
    accounts.dedup();
    accounts
}
