//! A value after evaluation: known, or visibly unknown.

use std::collections::BTreeSet;

use indexmap::IndexMap;

/// A value after evaluation. What only the account can tell stays [`Effective::Unknown`].
#[derive(Debug, Clone, PartialEq)]
pub enum Effective {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Digits as written.
    Number(serde_json::Number),
    /// Text.
    String(String),
    /// In order.
    List(Vec<Self>),
    /// By key, in the order written.
    Map(IndexMap<String, Self>),
    /// Known only after apply.
    Unknown(Unknown),
}

/// What is known of an unknown value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    /// How to show it: `${Alb.DNSName}`, or text with such parts in it.
    pub text: String,
    /// What it comes from.
    pub references: BTreeSet<Reference>,
}

/// A resource, or one of its attributes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Logical id in the same template.
    pub logical_id: String,
    /// Attribute of `Fn::GetAtt`; `None` is `Ref`.
    pub attribute: Option<String>,
}
