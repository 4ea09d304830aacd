//! Lowering: the model becomes templates and a stack graph.
