//! The environment as written: one file a section, and the JSON Schema made from it.
//!
//! Types here say what may be *written*; every default is still absent. [`crate::resolve`] turns them into the
//! [`model`](crate::model). Doc comments become the descriptions of `schemas/environment.schema.json`, so they
//! speak to the people who write specs.

mod alarms;
mod environment;
mod images;
mod instances;
mod load_balancer;
mod mend;
mod network;
mod notifications;
mod plain;
mod policy;
mod protection;
mod quotas;
pub mod reference;
mod release;
mod role;
mod rollout;
mod routes;
pub mod schema;
mod shape;
mod stacks;
mod target_group;
mod text;
mod unseen;

pub use alarms::{Alarms, MetricName, OwnAlarm, StandardAlarms};
pub use environment::{Environment, ImagesPlace, OneOrMany, Patching, Retention, Version1};
pub use images::{ApplicationLayer, BaseLayer, Build, Images, MiddlewareLayer, Retain};
pub use instances::{Capacity, Instances, Permissions, RootVolume, Scaling};
pub use load_balancer::{AccessLogs, LoadBalancer, Scheme};
pub use network::{Nat, Network, Subnets};
pub use notifications::{Notifications, PagerDuty, Slack};
pub use plain::{one_line, plain};
pub use policy::{Level, SetSeverity};
pub use protection::{Approval, Day, Guard, Protection, Window};
pub use quotas::Quotas;
pub use release::{NamedAmi, Release};
pub use role::Role;
pub use rollout::{
    Bake, BakeDetails, CohortMatch, CriterionName, Refresh, Rollout, RolloutDetails, Step, StepDetails,
    StepWord, StrategyFile,
};
pub use routes::Route;
pub(crate) use shape::meant;
pub use shape::{Mistake, codes as shape_codes, conform};
pub use stacks::{Given, OutputOf, OwnStack, ParameterValue, Scalar, ValueOf};
pub use target_group::{HealthCheck, Protocol, ProtocolVersion, TargetGroup};
pub use text::{
    AccountId, AmiId, Arn, ArtifactUri, BucketName, BucketPath, Cidr, Clock, Device, Email, InstanceType,
    Matcher, Name, OutputName, OutputOrName, ParameterName, ParentName, Period, PolicyArn, Region, RouteName,
    SecretKey, SecretName, SecurityGroupId, SlackChannel, SlackWorkspace, StackName, SubnetId, Text,
    TlsPolicy, UrlPath, VariableName, Version, VpcId,
};
pub use unseen::{Breaks, UNSEEN, unseen_in_file, unseen_in_files, unseen_in_json, unseen_in_values};
