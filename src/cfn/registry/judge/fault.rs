//! What a provider schema refuses.

/// A place and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Keys and indexes below the properties, evaluated: what `AWS::NoValue` leaves nothing of does not count.
    pub path: Vec<String>,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The path ends in a key that the type does not have; those it has.
    Unknown(Vec<String>),
    /// The path ends in a key that only the service gives.
    ReadOnly,
    /// The mapping lacks this key.
    Missing(String),
    /// The mapping lacks one of these keys.
    MissingOne(Vec<String>),
    /// The mapping has two keys of which only one may stand.
    Both(String, String),
    /// The first key needs the second beside it.
    Needs(String, String),
    /// It is another thing than the schema wants: what it wants in words, and what stands there.
    Type(&'static str, &'static str),
    /// It is not one of these.
    Enum(Vec<String>),
    /// It is not as this pattern says.
    Pattern(String),
    /// A number out of its range, a text or a list of another length: what is allowed, in words.
    Range(String),
    /// The list has something twice.
    Twice,
    /// None of the alternatives that the schema has fits.
    NoChoice,
    /// More than one of them fit.
    ManyChoices,
}
