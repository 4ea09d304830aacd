//! CloudFormation's nouns: template, intrinsic function, stack, change set, event; and evaluation.
