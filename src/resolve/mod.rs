//! Spec to model: overlays, defaults, names and references, remembering where each value came from.
