//! The one place that names targets: from `--target` to a cloud.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

#[cfg(feature = "aws")]
use crate::cloud::aws::{Access, AwsCloud, Pace, Place};
use crate::cloud::local::{LocalCloud, Settings};
use crate::cloud::{Cloud, Regions};
use crate::model::Period;
use crate::rollout::Cancellation;
use crate::workspace::{self, Workspace};

use super::Failure;
use super::console::{note, waits};
use super::options::{Options, Target};
use super::sabotage::{Plot, Sabotage};

/// After so long without a word a person wonders.
const SILENCE: Duration = Duration::from_secs(4);

/// An open target, and what runs its calls.
pub(super) struct OpenTarget {
    cloud: Arc<dyn Cloud>,
    runtime: Runtime,
    /// The embedded one, where it is that.
    local: Option<Arc<LocalCloud>>,
    /// What is to go wrong on it.
    plot: Option<Plot>,
}

impl OpenTarget {
    /// The embedded one.
    pub(super) fn of(local: Arc<LocalCloud>) -> Result<Self, Failure> {
        Ok(Self { cloud: local.clone(), runtime: runtime()?, local: Some(local), plot: None })
    }

    #[cfg(feature = "aws")]
    fn aws(place: &Place, access: &Access, buckets: Option<&str>) -> Result<Self, Failure> {
        let runtime = runtime()?;
        let cloud = runtime.block_on(AwsCloud::connect(place, access, &Pace::default()))?;
        let cloud = buckets.into_iter().fold(cloud, AwsCloud::with_buckets_in);
        Ok(Self { cloud: Arc::new(cloud), runtime, local: None, plot: None })
    }

    /// The same with others beside it, each by its Region, in which those stacks stand.
    pub(super) fn with(
        mut self,
        region: &str,
        others: BTreeMap<String, Self>,
        stacks: BTreeMap<String, String>,
    ) -> Self {
        if !others.is_empty() {
            let others = others.into_iter().map(|(region, other)| (region, other.cloud)).collect();
            self.cloud = Arc::new(Regions::new((region.to_owned(), self.cloud), others, stacks));
        }
        self
    }

    /// What a rollout is driven through.
    pub(super) fn cloud(&self) -> &dyn Cloud {
        self.cloud.as_ref()
    }

    /// By which things go wrong on it, where it is the embedded one.
    pub(super) fn sabotage(&self, prefix: &str, region: &str) -> Option<Sabotage> {
        Some(Sabotage::new(self.local.clone()?, prefix, region))
    }

    /// Nothing goes wrong on it any more, where it is the embedded one.
    pub(super) fn all_well(&self) -> Result<(), Failure> {
        Ok(self.local.as_ref().map_or(Ok(()), |local| local.clear_faults())?)
    }

    /// From now on that goes wrong.
    pub(super) fn let_go_wrong(&mut self, plot: Option<Plot>) {
        self.plot = plot;
    }

    /// What is to go wrong on it.
    pub(super) fn plot(&self) -> Option<&Plot> {
        self.plot.as_ref()
    }

    /// Runs calls to their end.
    pub(super) fn wait<T, E>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, Failure>
    where
        Failure: From<E>,
    {
        Ok(self.runtime.block_on(async {
            tokio::pin!(work);
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = self.cloud.deadline(SILENCE) => {}
            }
            // Whoever waits is told for what; that nobody can be told is no reason to stop.
            note("waiting for answers of AWS, Ctrl-C ends it");
            work.await
        })?)
    }

    /// Runs calls to their end, whatever comes of them.
    pub(super) fn ask<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Runs a rollout to its end, or until the person cancels. Somebody else listens for that: the embedded target
    /// never gives its thread away.
    pub(super) fn follow<T>(&self, cancelled: Arc<Cancellation>, work: impl Future<Output = T>) -> T {
        let listener = Builder::new_current_thread().enable_all().build();
        if let Ok(listener) = listener {
            std::thread::spawn(move || {
                if listener.block_on(tokio::signal::ctrl_c()).is_ok() {
                    cancelled.cancel();
                }
            });
        }
        self.runtime.block_on(work)
    }
}

fn runtime() -> Result<Runtime, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::new(format!("cannot start: {error}")))
}

/// Opens the target for an account and region, and that of its buckets where it is another. The embedded one is slowed down
/// for a person who watches.
pub(super) fn open(
    options: &Options,
    workspace: &Workspace,
    (account, region, buckets): (&str, &str, Option<&str>),
    watched: bool,
) -> Result<OpenTarget, Failure> {
    match options.target {
        Target::Local => {
            let settings = settings(account, region)?;
            let local = LocalCloud::open(workspace.door(), settings, waits(options.quiet))?;
            let local = paced(local, watched);
            if let Some(time) = options.advance {
                local.advance(within_a_year(time)?.as_duration())?;
            }
            OpenTarget::of(Arc::new(local))
        }
        Target::Aws if options.advance.is_some() => Err(Failure::new("time of AWS cannot be advanced")
            .help("`--advance` is for the embedded target: `--target local`")),
        #[cfg(not(feature = "aws"))]
        Target::Aws => {
            let _ = buckets;
            Err(Failure::new("this build of asagi does not reach AWS").help(
                "it was built with `--no-default-features`: build it without that, or give `--target local`",
            ))
        }
        #[cfg(feature = "aws")]
        Target::Aws => {
            let place = Place { account: account.to_owned(), region: region.to_owned() };
            let access = Access { profile: options.profile.clone(), role: options.assume_role.clone() };
            OpenTarget::aws(&place, &access, buckets)
        }
    }
}

/// The embedded clock only goes forward: a slip of the keyboard must not take it to the end of time.
fn within_a_year(time: Period) -> Result<Period, Failure> {
    const MOST: Period = Period::hours(24 * 366);
    if time <= MOST {
        return Ok(time);
    }
    Err(Failure::new(format!("`--advance` lets at most {MOST} pass at once"))
        .help("a shorter time, several times over"))
}

/// The account that an embedded target stands for.
pub(super) fn settings(account: &str, region: &str) -> Result<Settings, Failure> {
    let start = workspace::start_of_local_time()?;
    Ok(Settings { account: account.to_owned(), region: region.to_owned(), start })
}

/// So long a person sees each picture of a rollout on the embedded target.
const PICTURE: Duration = Duration::from_millis(25);

/// Slowed down for a person who watches.
pub(super) fn paced(local: LocalCloud, watched: bool) -> LocalCloud {
    if watched { local.with_pace(|_| std::thread::sleep(PICTURE)) } else { local }
}
