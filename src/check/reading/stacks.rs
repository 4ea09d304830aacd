//! Templates, 05xx: what no rule sees, because it is seen when a template is read.

use crate::check::stack_error::RENDER;
use crate::resolve::codes;

use super::{Rule, page};

pub(in crate::check) const NOT_RENDERED: Rule = page(
    RENDER,
    "a stack that cannot be made",
    "asagi could not make one of its own stacks from a spec without errors: a mistake in asagi. The message says which.",
    "",
    "",
);

pub(in crate::check) const ELSEWHERE: Rule = page(
    codes::ELSEWHERE,
    "an output of an environment that is not there",
    "`environment` beside `output` names another environment of the project, by its own name, in the same account. The stack \
     that it means is `PROJECT-ENVIRONMENT-STACK`; one that asagi did not make is named whole with `stack`.",
    "stacks: { topic: { template: ./topic.yaml, parameters: { Name: { output: dns.ZoneId, environment: shraed } } } }\n",
    "stacks: { topic: { template: ./topic.yaml, parameters: { Name: { output: ZoneId, stack: company-dns } } } }\n",
);

pub(in crate::check) const NO_TEMPLATE: Rule = page(
    codes::TEMPLATE,
    "a team's own template that is none",
    "What `stacks:` names is a CloudFormation template, YAML or JSON, with at least one resource. The finding stands in that file.",
    "stacks: { boot: { template: ./boot.sh } }\n",
    "stacks: { topic: { template: ./own.yaml } }\n",
);
