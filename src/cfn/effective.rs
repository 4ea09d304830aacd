//! A value after evaluation: known, or visibly unknown.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::made;

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
    /// How it is made, with every argument of every function: the same for what is made alike, and for nothing else. It
    /// is compared and never shown.
    pub made: String,
    /// What it comes from in the same template.
    pub references: BTreeSet<Reference>,
    /// What it comes from outside of it. Where there is nothing such, what is made otherwise is another value.
    pub outside: BTreeSet<Outside>,
}

/// A value that is made outside the template: by another stack, by an unknown condition, by the account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outside {
    /// What tells it from others, as it is shown.
    pub name: String,
    /// What it is chosen from, where it is a choice that nobody knows yet; else empty.
    pub choice: String,
    /// It is surely another than before; else it may turn out to be the same.
    pub anew: bool,
}

impl Unknown {
    /// An unknown value shown as this text, made as that, which comes from wherever these values come from.
    pub fn of<'a>(
        text: impl Into<String>,
        made: impl Into<String>,
        values: impl IntoIterator<Item = &'a Effective>,
    ) -> Self {
        let (references, outside) = (BTreeSet::new(), BTreeSet::new());
        let mut unknown = Self { text: text.into(), made: made.into(), references, outside };
        values.into_iter().for_each(|value| unknown.take(value));
        unknown
    }

    fn take(&mut self, value: &Effective) {
        match value {
            Effective::List(items) => items.iter().for_each(|item| self.take(item)),
            Effective::Map(map) => map.values().for_each(|value| self.take(value)),
            Effective::Unknown(unknown) => {
                self.references.extend(unknown.references.iter().cloned());
                self.outside.extend(unknown.outside.iter().cloned());
            }
            _ => {}
        }
    }

    /// Surely another value than before, whatever is written.
    pub fn is_anew(&self) -> bool {
        self.outside.iter().any(|outside| outside.anew)
    }
}

/// A resource, or one of its attributes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Logical id in the same template.
    pub logical_id: String,
    /// Attribute of `Fn::GetAtt`; `None` is `Ref`.
    pub attribute: Option<String>,
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.attribute {
            None => f.write_str(&self.logical_id),
            Some(attribute) => write!(f, "{}.{attribute}", self.logical_id),
        }
    }
}

impl Effective {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// An unknown value that comes from outside the stack, shown as this text. It may be what it was before.
    pub fn unknown(text: impl Into<String>) -> Self {
        Self::from_outside(text.into(), false)
    }

    /// The same, where it is surely another than before.
    pub fn anew(text: impl Into<String>) -> Self {
        Self::from_outside(text.into(), true)
    }

    fn from_outside(text: String, anew: bool) -> Self {
        let outside = BTreeSet::from([Outside { name: text.clone(), choice: String::new(), anew }]);
        Self::Unknown(Unknown { made: made::alone(&text), text, references: BTreeSet::new(), outside })
    }

    /// Text that the account looks up (`{{resolve:…}}`): it changes where its text does.
    pub fn looked_up(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::Unknown(Unknown::of(&text, made::literal(&text), []))
    }

    /// Text, a number or a boolean as the text that CloudFormation makes of it; `None` for everything else.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::String(text) => Some(text.clone()),
            Self::Null | Self::List(_) | Self::Map(_) | Self::Unknown(_) => None,
        }
    }

    /// Nothing in it is unknown.
    pub fn is_known(&self) -> bool {
        match self {
            Self::List(items) => items.iter().all(Self::is_known),
            Self::Map(map) => map.values().all(Self::is_known),
            Self::Unknown(_) => false,
            _ => true,
        }
    }

    /// What its unknown parts come from in the same template.
    pub fn references(&self) -> BTreeSet<Reference> {
        Unknown::of("", "", [self]).references
    }

    /// As JSON, unknown parts as the text they are shown as.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => Value::Number(number.clone()),
            Self::String(text) => Value::String(text.clone()),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(map) => {
                Value::Object(map.iter().map(|(key, value)| (key.clone(), value.to_json())).collect())
            }
            Self::Unknown(unknown) => Value::String(unknown.text.clone()),
        }
    }
}

/// Keys whose value is called by what stands beside them, and the keys that it stands under.
const VALUES: [&str; 2] = ["value", "parametervalue"];
const NAMES: [&str; 5] = ["name", "key", "optionname", "parameterkey", "parametername"];

/// What the value of a key is called: of a `Value` the `Name` beside it.
pub fn called<'a>(key: &'a str, beside: &'a IndexMap<String, Effective>) -> &'a str {
    let is = |names: &[&str], key: &str| names.iter().any(|name| key.eq_ignore_ascii_case(name));
    let name = || {
        beside.iter().find_map(|(key, value)| match value {
            Effective::String(text) if is(&NAMES, key) => Some(text.as_str()),
            _ => None,
        })
    };
    if is(&VALUES, key) { name().unwrap_or(key) } else { key }
}

impl From<&Value> for Effective {
    /// The value as it stands: functions in it are mappings like any other.
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::String(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(map) => {
                Self::Map(map.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect())
            }
        }
    }
}
