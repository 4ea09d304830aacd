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
//!
//! # The doors
//!
//! Whoever writes a pull request, a file beside the specs, a plan on its way or a name in the account is a stranger. What
//! comes from outside comes in at one of these doors, as the type that is named there, and nowhere else;
//! `tests/layering` holds that.
//!
//! | what comes in | at which door | what is trusted of it | inside it is |
//! |---|---|---|---|
//! | specs, bases | [`workspace::Workspace`], by [`source::Files`] | nothing: shape, sizes and meaning are checked, and what is wrong stops every command but those that go back | [`source::Document`] with spans, then [`spec`], then [`model`] |
//! | own templates, components | the same | nothing: evaluated within a budget, held against the schemas, never run | [`cfn::Template`] |
//! | user data | the same | its bytes are what instances run, so it is shown, compared and looked through for secrets, never run | text of the [`model`] |
//! | the images lock | the same | nothing: ids, dates and names are checked | [`model::Lock`] |
//! | commits of Git | [`workspace::GitTree`] | what its owner's references name, see below | [`workspace::GitTree`], which is [`source::Files`] as the disk is |
//! | a plan file | [`workspace::read_file`] | nothing: what it says must come out again of spec, lock and account | [`plan::PlanFile`], digests alone |
//! | the journal, locks, `.asagi/` | [`workspace::Door`] | nothing: a file of another kind is told and left alone; losing it loses nothing | [`workspace::Journal`], [`workspace::Lock`] |
//! | the embedded target's store | [`workspace::Door`] | as much as the account's answers: it stands for them | documents of [`cloud::local`] |
//! | the account's answers, its errors | [`cloud::Cloud`] | numbers, states and ids for what they are; never its sentences and names | [`cfn`]'s nouns, [`words::Foreign`] |
//! | environment variables | `cli::Options`, [`workspace::start_of_local_time`], `cloud::aws::network` | what they name: the caller set them | values that were parsed |
//! | environment variables that a spec names | [`workspace::variable`], asked by `plan` and `apply` alone | nothing: a spec of a stranger may name any, so none is shown, and none that somebody signs in with is read | [`words::Secret`] |
//! | certificates, profiles | `cloud::aws::network`, and the SDK | as every client of AWS trusts them | the SDK's own |
//! | arguments, answers of a person | [`cli::Console`] | what they ask for; their text is shown as foreign | parsed arguments |
//!
//! **Below the root and nowhere else.** A [`workspace::Door`] is an opened folder. Below it, files are named by plain parts,
//! no link is followed out, only regular files are opened, a size is looked at before a file is read, and what is written
//! appears whole or not at all. Links that stay below the root are followed for reading and never for writing.
//!
//! **Git.** The commit that `git:REF` names is read, never run: no process, setting, filter, hook, helper, replacement,
//! graft, fetch or variable has a meaning. The repository is the nearest `.git` above the root, since no commit can bring a
//! path of that name; it must be the caller's own (or the one that `--trust-git` names), and no part of it may lie where a
//! commit can write. Trusted: what its owner's references name. Not trusted: every object. Kind and size are looked at
//! before it is read, its bytes are held against its id, links stay below the root, a name that means two commits is
//! refused.
//!
//! **Out again.** A screen, a log, a comment and a document take [`words::Shown`] alone. Every text is foreign to it: in one
//! line, with what nobody sees shown by its number. [`words::Foreign`] has no `Display` and is masked beside that, since an
//! account quotes what it was given; [`words::Secret`] has no way to be shown at all, and is what a NoEcho parameter is set to in
//! a request. The sentence of a [`cloud::CloudError`] is shown as foreign text and taken out of it by the targets alone.

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
