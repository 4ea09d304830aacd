//! `--target aws` itself: asagi's own client of AWS, driven against a server that speaks the API, through a network that
//! does what networks do.

mod access;
mod at_once;
mod calls;
mod cli;
mod early;
mod faults;
mod kills;
mod large;
mod live;
mod many;
mod operators;
mod pages;
mod policy;
mod proxy;
mod rollout;
mod stories;
mod stuck;
mod target;
mod told;
