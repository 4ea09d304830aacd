//! `--target aws` itself: asagi's own client of AWS, driven against a server that speaks the API, through a network that
//! does what networks do.

mod cli;
mod faults;
mod kills;
mod live;
mod operators;
mod proxy;
mod rollout;
mod target;
