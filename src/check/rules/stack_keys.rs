//! ASG0321: stacks with the same name.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Environment, LayerKind, LoadBalancer, Network, Role, Slot};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0321");

/// Stacks every environment may have.
const COMMON: [&str; 6] = ["foundation", "network", "security", "notifications", "load-balancer", "patching"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "two stacks have the same name",
    severity: &[Severity::Error],
    docs: "asagi's own stacks are `foundation`, `network`, `security`, `notifications`, `load-balancer`, `patching`, and \
           for each role `<role>-traffic`, `<role>-blue`, `<role>-green`, `<role>-alarms` and `<role>-images-…`. A team's \
           own stack needs another name.",
    fails: "stacks:\n  web-blue: { template: ./own.yaml }\n",
    mended: "stacks:\n  database: { template: ./own.yaml }\n",
    check: Check::Spec(check),
};

/// Keys of asagi's own stacks that an environment has.
pub(super) fn of_environment(environment: &Environment) -> Vec<String> {
    let created = [
        ("network", matches!(environment.network, Network::Created(_))),
        ("load-balancer", matches!(environment.load_balancer, LoadBalancer::Created(_))),
    ];
    let there = |key: &&&str| created.iter().all(|(name, created)| name != *key || *created);
    let mut keys: Vec<String> = COMMON.iter().filter(there).map(|key| (*key).to_owned()).collect();
    for role in &environment.roles {
        keys.push(role.traffic_stack());
        if role.release.is_some() {
            keys.extend(Slot::ALL.map(|slot| role.slot_stack(slot)));
            keys.push(role.alarms_stack());
        }
        if role.images.is_some() && environment.owns_images() {
            keys.extend(LayerKind::ALL.map(|layer| images_stack(role, layer)));
        }
    }
    keys
}

fn images_stack(role: &Role, layer: LayerKind) -> String {
    format!("{}-images-{}", role.name, layer.as_str())
}

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let mut taken: Vec<(String, String)> =
        COMMON.iter().map(|key| ((*key).to_owned(), "is one of asagi's own stacks".to_owned())).collect();
    for role in &subject.environment.roles {
        let keys = Slot::ALL
            .iter()
            .map(|slot| role.slot_stack(*slot))
            .chain([role.traffic_stack(), role.alarms_stack()]);
        let images = LayerKind::ALL.iter().map(|layer| images_stack(role, *layer));
        for key in keys.chain(images) {
            if let Some((_, owner)) = taken.iter().find(|(known, _)| *known == key) {
                let message = format!("role `{}` makes a stack `{key}`, which {owner}", role.name);
                findings.push(
                    subject.error(CODE, &Subject::role(role, ""), message).with_help("rename the role"),
                );
            }
            taken.push((key, format!("is a stack of role `{}`", role.name)));
        }
    }
    for stack in &subject.environment.stacks {
        if let Some((key, owner)) = taken.iter().find(|(known, _)| *known == stack.name) {
            let error = subject.error(CODE, &pointer(["stacks", &stack.name]), format!("`{key}` {owner}"));
            findings.push(error.with_help("give your stack another name"));
        }
    }
}
