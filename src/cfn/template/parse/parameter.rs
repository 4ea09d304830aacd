//! One entry of `Parameters`.

use super::At;
use crate::cfn::{ParameterDeclaration, TemplateError};

const KEYS: [&str; 11] = [
    "Type",
    "Default",
    "Description",
    "NoEcho",
    "AllowedValues",
    "AllowedPattern",
    "ConstraintDescription",
    "MinLength",
    "MaxLength",
    "MinValue",
    "MaxValue",
];

pub(super) fn read(at: &mut At<'_>) -> Result<ParameterDeclaration, TemplateError> {
    at.only(&KEYS)?;
    let Some(kind) = at.get("Type") else { return Err(at.error("a parameter must have a `Type`")) };
    let kind = kind.text()?;
    let allowed = at.get("AllowedValues");
    let allowed = allowed.map(|mut at| at.items()?.map(|item| item.scalar()).collect::<Result<_, _>>());
    Ok(ParameterDeclaration {
        kind,
        allowed_values: allowed.transpose()?.unwrap_or_default(),
        default: at.get("Default").map(|at| at.scalar()).transpose()?,
        description: at.get("Description").map(At::text).transpose()?,
        no_echo: at.get("NoEcho").map(|at| at.boolean()).transpose()?.unwrap_or(false),
        allowed_pattern: at.get("AllowedPattern").map(At::text).transpose()?,
        constraint_description: at.get("ConstraintDescription").map(At::text).transpose()?,
        length: (
            at.get("MinLength").map(|at| at.number()).transpose()?,
            at.get("MaxLength").map(|at| at.number()).transpose()?,
        ),
        range: (
            at.get("MinValue").map(|at| at.number()).transpose()?,
            at.get("MaxValue").map(|at| at.number()).transpose()?,
        ),
    })
}
