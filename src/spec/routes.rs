//! `roles.<role>.routes`: which requests reach a role.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Cidr, RouteName, Text};

/// Which requests reach a role: conditions must all hold, of the values of one condition any.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Route {
    /// Unique in its role; `route100` for priority 100 unless said.
    pub name: Option<RouteName>,
    /// Lower goes first; the nine numbers below it are kept for cohorts.
    #[schemars(range(min = 1, max = 50000))]
    pub priority: u32,
    /// Path patterns such as `/api/*`; `*` and `?` are wildcards.
    #[serde(default)]
    pub paths: Vec<Text>,
    /// Host patterns such as `*.example.co.jp`.
    #[serde(default)]
    pub hosts: Vec<Text>,
    /// Header names with the values that match.
    #[serde(default)]
    pub headers: IndexMap<String, Vec<Text>>,
    /// HTTP methods such as `GET`.
    #[serde(default)]
    pub methods: Vec<Text>,
    /// Query strings, `key=value` or `value`.
    #[serde(default)]
    pub query: Vec<Text>,
    /// Address blocks of the connecting peer (which may be a proxy).
    #[serde(default)]
    pub source: Vec<Cidr>,
}
