//! Stacks that could not be made of a spec, as findings: what rules could not see before the templates were there.

use crate::cfn::TEMPLATE_BODY_LIMIT;
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::model::{Environment, Input, LoadBalancer, Network, Origins};
use crate::source::pointer;
use crate::stacks::{StackError, StackProblem};

/// A template could not be rendered or read: a mistake in asagi.
pub(super) const RENDER: Code = Code::new("ASG0501");
/// A value for a parameter that the template does not declare.
pub(super) const ARGUMENT: Code = Code::new("ASG0503");
/// A parameter without a value.
pub(super) const PARAMETER: Code = Code::new("ASG0504");
/// A stack that is not there, or a circle.
pub(super) const DEPENDENCY: Code = Code::new("ASG0506");
/// An output that the other stack does not have.
pub(super) const OUTPUT: Code = Code::new("ASG0507");
/// A template too large to be sent.
pub(super) const SIZE: Code = Code::new("ASG0508");

/// A stack that cannot be made, as a finding; a team's own is pointed at where the spec names what is wrong, and
/// one of asagi's that takes an output where the spec asks for that.
pub fn stack_error(error: &StackError, environment: &Environment, origins: Option<&Origins>) -> Diagnostic {
    let code = match &error.problem {
        StackProblem::Render(_) | StackProblem::Parse(_) | StackProblem::Duplicate => RENDER,
        StackProblem::Argument(_) => ARGUMENT,
        StackProblem::Parameter(_) => PARAMETER,
        StackProblem::Dependency(_) => DEPENDENCY,
        StackProblem::Output { .. } => OUTPUT,
        StackProblem::TooLarge { .. } => SIZE,
    };
    let finding = Diagnostic::error(code, error.to_string());
    let Some(origins) = origins else { return finding };
    let own = pointer(["stacks", &error.stack]);
    let place = match &error.problem {
        _ if !origins.written(&own) => match &error.problem {
            StackProblem::Dependency(from) | StackProblem::Output { from, .. } => {
                let mut asked = asked_outputs(environment).into_iter().filter(|(_, stack)| stack == from);
                asked.next().map_or_else(|| role_of(&error.stack, origins), |(at, _)| at.to_owned())
            }
            _ => role_of(&error.stack, origins),
        },
        StackProblem::Argument(name) | StackProblem::Output { parameter: name, .. } => {
            format!("{own}/parameters{}", pointer([name]))
        }
        StackProblem::Parameter(_) | StackProblem::Dependency(_) => format!("{own}/parameters"),
        _ => format!("{own}/template"),
    };
    let help = match &error.problem {
        StackProblem::Output { output, known, .. } => {
            return Diagnostic {
                help: Some(outputs(output, known)),
                ..finding.primary(origins.place(&place), "")
            };
        }
        StackProblem::TooLarge { limit: TEMPLATE_BODY_LIMIT, .. } => Some(
            "have fewer routes or cohorts, move what is your own into a stack of its own, or name a bucket that larger \
             templates go through: `templateBucket`",
        ),
        StackProblem::TooLarge { .. } => Some("divide it into two stacks"),
        _ => None,
    };
    let help = help.map(str::to_owned);
    Diagnostic { help, ..finding.primary(origins.place(&place), "") }
}

/// What a stack has instead of an output that it does not have.
pub(super) fn outputs(output: &str, known: &[String]) -> String {
    let all = format!("it has {}", known.join(", "));
    match nearest(output, known.iter().map(String::as_str)) {
        Some(near) if known.len() == 1 => format!("did you mean `{near}`?"),
        Some(near) => format!("did you mean `{near}`? {all}"),
        None if known.is_empty() => "it has none".to_owned(),
        None => all,
    }
}

/// The role that a stack of asagi's is of, by the beginning of its key; else the whole spec.
fn role_of(key: &str, origins: &Origins) -> String {
    let roles = origins.root().get("/roles").map(crate::source::Node::entries).unwrap_or_default();
    let named =
        roles.iter().filter(|role| key.strip_prefix(&role.key).is_some_and(|rest| rest.starts_with('-')));
    named.max_by_key(|role| role.key.len()).map_or_else(String::new, |role| pointer(["roles", &role.key]))
}

/// Where the spec feeds asagi's own stacks with outputs, each with the key of the stack that it is taken from.
fn asked_outputs(environment: &Environment) -> Vec<(&'static str, &str)> {
    let mut asked = Vec::new();
    if let Network::Existing(network) = &environment.network {
        asked.push(("/network/vpc", network.vpc.output()));
        asked.push(("/network/subnets/public", network.public.output()));
        asked.push(("/network/subnets/private", network.private.output()));
    }
    if let LoadBalancer::Created(created) = &environment.load_balancer {
        asked.push(("/loadBalancer/certificate", created.certificate.as_ref().and_then(Input::output)));
        asked.push(("/loadBalancer/webAcl", created.web_acl.as_ref().and_then(Input::output)));
    }
    asked.into_iter().filter_map(|(at, output)| Some((at, output?.0))).collect()
}
