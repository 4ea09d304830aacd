//! One file per command: arguments, human and JSON views.
