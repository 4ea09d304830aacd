//! What a door opens and what not.
