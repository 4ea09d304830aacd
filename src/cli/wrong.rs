//! What is to go wrong on the embedded target, as `simulate`, `apply` and `rollback` are told.

use clap::Args;

use super::faults::{self, Fault};
use super::target::OpenTarget;
use super::{Failure, Target};

/// What is to go wrong.
#[derive(Debug, Args)]
pub(super) struct Wrong {
    /// The candidate's alarms on a metric go off
    #[arg(long, value_name = "ROLE.METRIC@WHEN", value_parser = faults::alarm)]
    alarm: Vec<Fault>,
    /// They have no data
    #[arg(long, value_name = "ROLE.METRIC@WHEN", value_parser = faults::no_data)]
    no_data: Vec<Fault>,
    /// So many of so many targets of a slot stay healthy
    #[arg(long, value_name = "ROLE.SLOT=N/M@WHEN", value_parser = faults::unhealthy)]
    unhealthy: Vec<Fault>,
    /// No instance of a slot starts
    #[arg(long, value_name = "ROLE.SLOT@WHEN", value_parser = faults::launch_fails)]
    launch_fails: Vec<Fault>,
    /// An Availability Zone is down
    #[arg(long, value_name = "ZONE@WHEN", value_parser = faults::zone_down)]
    zone_down: Vec<Fault>,
    /// A zonal shift: the load balancer sends nothing to an Availability Zone
    #[arg(long, value_name = "ZONE@WHEN", value_parser = faults::zonal_shift)]
    zonal_shift: Vec<Fault>,
    /// The next change of a stack fails
    #[arg(long, value_name = "STACK@PHASE", value_parser = faults::fails)]
    fail: Vec<Fault>,
    /// The process ends, and the same command is run again
    #[arg(long, value_name = "@WHEN", value_parser = faults::kill)]
    kill: Vec<Fault>,
    /// Somebody changes weights (`ROLE.weights=BLUE/GREEN`), sizes (`ROLE.SLOT.sizes=MIN/MAX`) or the record (`ROLE.record`)
    /// by hand
    #[arg(long, value_name = "WHAT@WHEN", value_parser = faults::edit)]
    edit: Vec<Fault>,
}

impl Wrong {
    /// All of it.
    pub(super) fn all(&self) -> Vec<Fault> {
        let Self { alarm, no_data, unhealthy, launch_fails, zone_down, zonal_shift, fail, kill, edit } = self;
        let all = [alarm, no_data, unhealthy, launch_fails, zone_down, zonal_shift, fail, kill, edit];
        all.into_iter().flatten().cloned().collect()
    }
}

/// The same for an embedded target that is kept, on which it stays wrong unless it has an end.
#[derive(Debug, Args)]
pub(super) struct WrongThere {
    #[command(flatten)]
    wrong: Wrong,
    /// End what an earlier command let go wrong
    #[arg(long)]
    all_well: bool,
}

impl WrongThere {
    /// What is to go wrong, where it can be made to: on the embedded target.
    ///
    /// # Errors
    /// On AWS nothing is.
    pub(super) fn on(&self, target: Target) -> Result<Vec<Fault>, Failure> {
        let all = self.wrong.all();
        let first = all.first().map(ToString::to_string);
        match first.or(self.all_well.then(|| "`--all-well`".to_owned())) {
            Some(first) if target == Target::Aws => {
                Err(Failure::new(format!("on AWS nothing is made to go wrong: {first}"))
                    .help("such flags are for the embedded target: `--target local`, or `asagi simulate`"))
            }
            _ => Ok(all),
        }
    }

    /// Ends what went wrong before, where that is asked for.
    ///
    /// # Errors
    /// The target is broken or out of reach.
    pub(super) fn begin(&self, target: &OpenTarget) -> Result<(), Failure> {
        if self.all_well { target.all_well() } else { Ok(()) }
    }
}
