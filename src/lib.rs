//! asagi compiles one high-level description of an immutable EC2 environment into CloudFormation stacks and a
//! Sceptre project, shows what they would change, and rolls releases out phase by phase.
//!
//! # The map of the house
//!
//! Data goes one way; everything left of the cloud is pure: text in, values out.
//!
//! ```text
//! environments/prod.yaml ──source──▶ spec ──resolve──▶ model ──check──▶ findings
//!                                                        │
//!                                                      stacks  (templates/*.yaml.j2)
//!                                                        ▼
//!                              artifact ◀── stack graph ──▶ diff ◀── deployed stacks
//!                      CloudFormation files                 ▼
//!                      Sceptre project                    plan   (phases of change sets)
//!                                                           ▼
//!                                                        rollout ──▶ cloud: aws | local
//! ```

pub mod words;
pub mod source;
pub mod diagnostics;
pub mod spec;
pub mod model;
pub mod resolve;
pub mod cfn;
pub mod check;
pub mod stacks;
pub mod artifact;
pub mod diff;
pub mod plan;
pub mod cloud;
pub mod rollout;
pub mod workspace;
pub mod ops;
pub mod cli;
