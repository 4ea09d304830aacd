//! The example environments lowered, input and output together: the texts are under `snapshots/`.

mod graph;
mod hostile;
mod texts;

use super::*;
use crate::model::Environment;

fn lowered(environment: &Environment) -> StackGraph {
    lower(environment).unwrap_or_else(|error| panic!("{error}"))
}
