//! The environment as written: one file a section, and the JSON Schema made from it.
