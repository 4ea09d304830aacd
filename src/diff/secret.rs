//! Values that are never shown, whatever the template says of them.

use crate::cfn::Effective;

use super::Path;

/// Parts of names of properties whose literal values are secrets.
const SECRET: [&str; 6] = ["Password", "SecretString", "AuthToken", "PrivateKey", "SecretKey", "ApiKey"];

/// How a secret value is shown.
pub(super) const MASK: &str = "****";

/// The value as it may be shown.
pub(super) fn shown(path: &Path, value: &Effective) -> Effective {
    shown_as(path.last_key(), value)
}

fn shown_as(key: &str, value: &Effective) -> Effective {
    match value {
        Effective::Map(map) => {
            Effective::Map(map.iter().map(|(key, value)| (key.clone(), shown_as(key, value))).collect())
        }
        Effective::List(items) => Effective::List(items.iter().map(|item| shown_as(key, item)).collect()),
        Effective::String(_) | Effective::Number(_) if SECRET.iter().any(|word| key.contains(word)) => {
            Effective::unknown(MASK)
        }
        other => other.clone(),
    }
}
