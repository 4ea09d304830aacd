//! Meaning, 0301 to 0312: what resolving finds before there is a model.

use crate::check::policy::{NOT_LOWERED as LOWERED, UNKNOWN_RULE as RULE};
use crate::resolve::codes;

use super::{Rule, page};

pub(in crate::check) const TOGETHER: Rule = page(
    codes::TOGETHER,
    "keys that exclude each other, or need each other",
    "A load balancer is either created or somebody else's; a cohort is recognised by one thing at a time. The message names both keys.",
    "loadBalancer: { securityGroup: sg-0a1b2c3d }\n",
    "loadBalancer: { scheme: internal }\n",
);

pub(in crate::check) const STRATEGY: Rule = page(
    codes::STRATEGY,
    "a strategy that does not exist",
    "`blue-green`, `canary`, `hybrid-canary`, `gradual`, `immediate`, `canary-approved`, `rolling`, or `steps` of your own.",
    "roles: { web: { rollout: { strategy: blue-geen } } }\n",
    "roles: { web: { rollout: { strategy: blue-green } } }\n",
);

pub(in crate::check) const STEP: Rule = page(
    codes::STEP,
    "a step that says nothing, or several things at once",
    "A step is one of `shift`, `route`, `bake`, `approval`, `hold`, `refresh`; only `bake` may stand beside `shift` and `route`.",
    "roles: { web: { rollout: { steps: [provision, verify, { shift: 100, hold: 24h }, retire] } } }\n",
    "roles: { web: { rollout: { steps: [provision, verify, { shift: 100, bake: 15m }, { hold: 24h }, retire] } } }\n",
);

pub(in crate::check) const COMPONENT: Rule = page(
    codes::COMPONENT,
    "a standard component that does not exist",
    "A component is one of asagi's, by name, or a document of your own, by a path that begins with `./`.",
    "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [apach, cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } } } }\n",
    "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [apache, cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } } } }\n",
);

pub(in crate::check) const SCHEDULE: Rule = page(
    codes::SCHEDULE,
    "a schedule that cannot be read, or followed",
    "`2nd Wed 03:00 Asia/Tokyo`, `weekly Sun 03:00 Asia/Tokyo`, `daily 03:00 Asia/Tokyo` or `cron(0 3 ? * wed#2 *) Asia/Tokyo`: of the two day fields exactly one is `?`. Middleware follows two hours later and the application four, on the same day, since three pipelines at one minute race.",
    "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" }, build: { schedule: \"every Wed 03:00 Asia/Tokyo\" } } } }\n",
    "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" }, build: { schedule: \"weekly Wed 03:00 Asia/Tokyo\" } } } }\n",
);

pub(in crate::check) const TIME_ZONE: Rule = page(
    codes::TIME_ZONE,
    "a time zone that does not exist",
    "Names are IANA's, `Asia/Tokyo`. Without a zone AWS would mean UTC, nine hours off.",
    "protection: { window: { days: [Tue], from: \"02:00\", to: \"06:00\", timezone: Asia/Tokio } }\n",
    "protection: { window: { days: [Tue], from: \"02:00\", to: \"06:00\", timezone: Asia/Tokyo } }\n",
);

pub(in crate::check) const NETWORK_BLOCK: Rule = page(
    codes::CIDR,
    "a network's block that is none, or too small",
    "A created VPC has a block of /16 to /24, of which each subnet is an eighth.",
    "network: { vpc: null, subnets: null, cidr: 10.0.0.0/28 }\n",
    "network: { vpc: null, subnets: null, cidr: 10.0.0.0/16 }\n",
);

pub(in crate::check) const OWNER: Rule = page(
    codes::OWNER,
    "images of an environment that does not exist",
    "`images.owner` is the environment of this project that builds and keeps the images; its file stands beside this one.",
    "images: { owner: nobody }\n",
    "images: { owner: stg }\n",
);

pub(in crate::check) const LISTENER: Rule = page(
    codes::LISTENER,
    "not the listener of an Application Load Balancer",
    "Weights, cohorts and alarms are those of an Application Load Balancer; a Network Load Balancer has no rules.",
    "loadBalancer: { certificate: null, securityGroup: sg-0a1b2c3d, listener: \"arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:listener/net/a/b/c\" }\n",
    "loadBalancer: { certificate: null, securityGroup: sg-0a1b2c3d, listener: \"arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:listener/app/a/b/c\" }\nroles: { web: { routes: [{ priority: 100, hosts: [poc.example.co.jp] }] } }\n",
);

pub(in crate::check) const LOCK: Rule = page(
    codes::LOCK,
    "an images lock that cannot be right",
    "What `environments/images.lock.yaml` says goes to CloudFormation and into records as it stands, so it is looked at: AMI \
     ids are AMI ids, days are days, names are those of specs, and a build is there once. `asagi images lock` writes the \
     file; a merge that went wrong is the usual reason.",
    "# environments/images.lock.yaml\nasagi: v1\nprojects:\n  poc:\n    web:\n      \"1.0\":\n        - build: \"2026-11-31\"\n          images: { application: ami-1 }\n",
    "# environments/images.lock.yaml\nasagi: v1\nprojects:\n  poc:\n    web:\n      \"1.0\":\n        - build: \"2026-11-30\"\n          images: { application: ami-0a1b2c3d4e5f60718 }\n",
);

pub(in crate::check) const PERIOD: Rule = page(
    codes::PERIOD,
    "a length of time too long to count",
    "Periods are `90s`, `15m`, `24h`, `2d` or sums such as `1h30m`.",
    "",
    "",
);

pub(in crate::check) const VERSION: Rule = page(
    codes::VERSION,
    "an environment for another version of asagi",
    "Another asagi renders other templates: two people with two versions would take turns in changing the same stacks. `requiredVersion` takes Cargo's requirements, `>=0.3, <0.5`, and stands best in the file that all environments extend.",
    "requiredVersion: \">=999\"\n",
    "requiredVersion: \">=0.1\"\n",
);

pub(in crate::check) const POLICY_RULE: Rule = page(
    RULE,
    "a policy about a rule that does not exist",
    "`policy` sets the severity of rules by their codes, each with a reason.",
    "policy: { ASG9999: { severity: note, reason: not needed here } }\n",
    "tags: { Owner: ops }\n",
);

pub(in crate::check) const POLICY_LOWERED: Rule = page(
    LOWERED,
    "an error that a policy would make less of",
    "Only rules of policy (04xx) and warnings can be lowered: another error would fail in the account.",
    "policy: { ASG0331: { severity: note, reason: it works elsewhere } }\nroles: { web: { instances: { capacity: { min: 6, max: 4 } } } }\n",
    "policy: { ASG0401: { severity: note, reason: only people of this team can reach it } }\nroles: { web: { instances: { capacity: { min: 4, max: 6 } } } }\n",
);
