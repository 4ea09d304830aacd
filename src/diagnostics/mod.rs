//! What is told to a person: code, severity, message, labelled places, help.
