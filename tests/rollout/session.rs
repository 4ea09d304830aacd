//! A session: edits, plans, applies and rollbacks one after another, each written down with what came of it.

use std::fmt::Write;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use asagi::cloud::local::{AlarmSelector, Changes, Fault};
use asagi::cloud::{Clock, CloudFormation, Observe};
use asagi::model::{Period, Zone};
use asagi::ops::load::Loaded;
use asagi::ops::{
    self, ApplyOptions, ApplyReport, Consent, End, Identity, Look, PlanOptions, RollbackOptions, Surroundings,
};
use asagi::plan::{Plan, RoleState};
use asagi::rollout::{Built, Cancellation, Dilemma, NoJournal, observe};
use asagi::stacks::Owner;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::block;
use super::cloud::{Death, Witness};
use super::transcript::{Transcript, picture, since};
use super::world::Overlay;

/// An environment, its target, and what has been done so far.
pub(crate) struct Session {
    /// The target.
    pub(crate) cloud: Witness,
    /// The files.
    pub(crate) files: Overlay,
    /// The environment's file.
    pub(crate) path: String,
    /// `{project}-{environment}`.
    pub(crate) prefix: String,
    /// `--prune`: stacks that left the spec are removed.
    pub(crate) prune: bool,
    start: Timestamp,
    log: String,
}

/// A Monday in Tokyo.
const NOON: &str = "2026-11-16T03:00:00Z";

/// How applies are run in most sessions: agreed, to the end, waiting up to three hours.
pub(crate) fn options() -> ApplyOptions {
    ApplyOptions {
        consent: Consent::Yes,
        next_only: false,
        role: None,
        again: None,
        outside_window: None,
        unpromoted: None,
        allow_loss: Vec::new(),
        unforeseen: Vec::new(),
        patience: Period::hours(3),
    }
}

/// Where those who read are.
pub(crate) fn tokyo() -> Zone {
    Zone::named("Asia/Tokyo").unwrap()
}

/// A look at an environment with its spec.
pub(crate) fn look<'a>(loaded: &'a Loaded, identity: &'a Identity, zone: &'a Zone) -> Look<'a> {
    Look { identity, loaded: Some(loaded), broken: false, typed: &loaded.environment.name, zone }
}

/// `--phase next`.
pub(crate) fn next() -> ApplyOptions {
    ApplyOptions { next_only: true, ..options() }
}

impl Session {
    /// Nothing is deployed; it is noon of a Monday in Tokyo.
    pub(crate) fn new(environment: &str) -> Self {
        Self::starting(environment, NOON)
    }

    /// Nothing is deployed, at that time.
    pub(crate) fn starting(environment: &str, start: &str) -> Self {
        Self::from(environment, start, &Changes::new())
    }

    pub(crate) fn from(environment: &str, start: &str, documents: &Changes) -> Self {
        let (files, path) = (Overlay::new(), format!("environments/{environment}.yaml"));
        let loaded = files.load(&path);
        let cloud = Witness::new(&loaded.environment.account, start, documents);
        let prefix = ops::prefix(&loaded.environment);
        let start = start.parse().unwrap();
        Self { cloud, files, path, prefix, prune: false, start, log: String::new() }
    }

    /// The proof of concept with release 1.0 on blue; its making is left out of the log.
    pub(crate) fn poc() -> Self {
        static DEPLOYED: OnceLock<Changes> = OnceLock::new();
        let deployed = DEPLOYED.get_or_init(|| {
            let mut session = Self::new("poc");
            // Pipelines come one after another, each once the layer below it was built.
            for _ in 0..4 {
                session.apply();
                session.wait(Duration::from_secs(3_600));
            }
            assert!(session.plan().unwrap().is_empty(), "{}", session.log);
            session.cloud.documents()
        });
        let mut session = Self::from("poc", NOON, deployed);
        session.restart();
        session
    }

    /// The same, asked for release 1.1.
    pub(crate) fn poc_to_1_1() -> Self {
        let mut session = Self::poc();
        session.edit("release: \"1.0\"", "release: \"1.1\"");
        session
    }

    /// The log and its clock begin here.
    pub(crate) fn restart(&mut self) {
        self.log.clear();
        self.start = self.cloud.now();
    }

    /// Writes a line of its own.
    pub(crate) fn say(&mut self, text: &str) {
        writeln!(self.log, "{text}").unwrap();
    }

    /// The log, once it is seen that no slot with weight was ever without a healthy target.
    pub(crate) fn log(&self) -> &str {
        let dead_ends = self.cloud.dead_ends();
        assert!(dead_ends.is_empty(), "{}\n{dead_ends:#?}", self.log);
        &self.log
    }

    /// Since the session began.
    pub(crate) fn clock(&self) -> String {
        since(self.start, self.cloud.now())
    }

    /// Edits the environment's own file.
    pub(crate) fn edit(&mut self, from: &str, to: &str) {
        let (path, shown) = (self.path.clone(), |text: &str| text.trim().replace('\n', "\\n"));
        self.files.edit(&path, from, to);
        self.say(&format!("$ edit `{}` to `{}`", shown(from), shown(to)));
    }

    /// Time goes by.
    pub(crate) fn wait(&mut self, time: Duration) {
        block(self.cloud.local.sleep(time));
        self.say(&format!("$ sleep {}", Period::from(time)));
    }

    /// Time goes by until then.
    pub(crate) fn sleep_until(&mut self, then: &str) {
        let then: Timestamp = then.parse().unwrap();
        block(self.cloud.local.sleep(Duration::try_from(then.duration_since(self.cloud.now())).unwrap()));
        self.say(&format!("$ sleep until {}", tokyo().told(then)));
    }

    /// Goes on with another environment of the same account.
    pub(crate) fn turn_to(&mut self, environment: &str) {
        self.path = format!("environments/{environment}.yaml");
        self.prefix = ops::prefix(&self.loaded().environment);
        self.say(&format!("in {environment}"));
    }

    /// What the plan says of what apply with those options would refuse; whether that is just what apply refuses is seen
    /// where it is applied.
    pub(crate) fn stands(&mut self, options: &ApplyOptions) {
        let plan = self.plan().unwrap();
        let looking = ops::Looking { cloud: &self.cloud, origin: None, zone: &tokyo() };
        let found = block(ops::stands_between(looking, &plan, options.going(), options.passes()));
        self.say("$ plan");
        for lowered in &plan.lowered {
            self.say(&format!("  protects less: {lowered}"));
        }
        for obstacle in &found {
            let pass = obstacle.pass().unwrap_or_default();
            self.say(&format!(
                "  apply {}: {} [{pass}]",
                match &obstacle {
                    it if it.stops() => "refuses",
                    asagi::plan::Obstacle::GoesBack { .. } => "takes it back",
                    _ => "waits",
                },
                obstacle.why()
            ));
        }
    }

    /// Somebody changes something by hand.
    pub(crate) fn inject(&mut self, what: &str, fault: Fault) {
        self.cloud.local.inject(fault).unwrap();
        self.say(&format!("! {what}"));
    }

    /// The metric of that slot is in ALARM from so long after now, for good.
    pub(crate) fn alarm(&mut self, role: &str, slot: &str, metric: &str, after: Duration) {
        let from = self.cloud.now() + SignedDuration::try_from(after).unwrap();
        let selector = AlarmSelector::Metric {
            role: role.to_owned(),
            metric: metric.to_owned(),
            slot: Some(slot.to_owned()),
        };
        let what = format!("{metric} of {role}-{slot} alarms {} from now", Period::from(after));
        self.inject(&what, Fault::Alarm { alarm: selector, from, until: None });
    }

    /// The environment as it is written now.
    pub(crate) fn loaded(&self) -> Arc<Loaded> {
        self.files.load(&self.path)
    }

    /// What the spec would change, as people see it.
    pub(crate) fn diff(&self) -> String {
        let report = block(ops::diff_deployed(&self.cloud, &self.loaded())).unwrap();
        asagi::diff::render::human(&report.stacks, &asagi::diff::render::Palette::plain()).as_str().to_owned()
    }

    /// Plans.
    pub(crate) fn plan(&self) -> Result<Plan, ops::PlanError> {
        let options = PlanOptions { prune: self.prune, ..PlanOptions::default() };
        block(ops::plan_with(&self.cloud, &self.loaded(), options))
    }

    /// Plans and applies.
    pub(crate) fn apply(&mut self) -> Option<ApplyReport> {
        self.apply_with("apply", &options())
    }

    /// Plans and applies the next phase.
    pub(crate) fn next(&mut self) -> Option<ApplyReport> {
        self.apply_with("apply --phase next", &next())
    }

    /// Finishes what a run before left behind, plans and applies, under that name: what `asagi apply` does.
    pub(crate) fn apply_with(&mut self, command: &str, options: &ApplyOptions) -> Option<ApplyReport> {
        self.say(&format!("$ {command}"));
        let environment = self.loaded().environment.clone();
        let roles: Vec<String> = environment.roles.iter().map(|role| role.name.clone()).collect();
        let owner = Owner::of(&environment);
        let finished =
            self.driven(async |around| ops::finish(around, &owner, &environment.account, &roles).await);
        match finished {
            (text, Ok(outcomes)) => {
                self.log.push_str(&text);
                if !outcomes.is_empty() {
                    let report = ApplyReport { built: Built::Done(Vec::new()), roles: outcomes };
                    self.tell(&report);
                    return Some(report);
                }
            }
            (text, Err(error)) => {
                self.log.push_str(&text);
                self.say(&format!("{}  broke off: {error}", self.clock()));
                return None;
            }
        }
        let names: Vec<String> =
            self.loaded().graph.stacks.values().map(|stack| stack.name.clone()).collect();
        let (_, followed) =
            self.driven(async |around| ops::follow_stacks(around, &self.prefix, &names).await);
        if let Err(error) = followed {
            self.say(&format!("{}  broke off: {error}", self.clock()));
            return None;
        }
        let wanted =
            PlanOptions { again: options.again.is_some(), prune: self.prune, ..PlanOptions::default() };
        match block(ops::plan_with(&self.cloud, &self.loaded(), wanted)) {
            Ok(plan) => self.run(&plan, options),
            Err(error) => {
                self.say(&format!("no plan: {error}"));
                None
            }
        }
    }

    /// Applies that plan.
    pub(crate) fn run(&mut self, plan: &Plan, options: &ApplyOptions) -> Option<ApplyReport> {
        if plan.is_empty() {
            self.say("nothing to do");
            return None;
        }
        let notes: Vec<String> = plan.roles.iter().flat_map(|role| role.notes.clone()).collect();
        let (text, outcome) = self.driven(async |around| ops::apply(around, plan, options).await);
        self.log.push_str(&text);
        notes.iter().for_each(|note| self.say(&format!("note: {note}")));
        match outcome {
            Ok(report) => {
                self.tell(&report);
                Some(report)
            }
            Err(error) => {
                self.say(&format!("{}  broke off: {error}", self.clock()));
                None
            }
        }
    }

    /// Runs an operation; gives what was told meanwhile, and what came of it.
    fn driven<T>(&self, work: impl AsyncFnOnce(&Surroundings<'_>) -> T) -> (String, T) {
        self.cancellable(&Cancellation::default(), |around| block(work(around)))
    }

    /// The same for one that can be cancelled, on a runtime of its own.
    fn cancellable<T>(
        &self,
        cancelled: &Cancellation,
        work: impl FnOnce(&Surroundings<'_>) -> T,
    ) -> (String, T) {
        let transcript = Transcript::new(&self.cloud, &self.prefix, self.start);
        let around = Surroundings {
            cloud: &self.cloud,
            observer: &transcript,
            journal: &NoJournal,
            origin: None,
            cancelled,
            zone: &tokyo(),
        };
        let outcome = work(&around);
        (transcript.text(), outcome)
    }

    /// Plans and applies, and cancels while the change set of that phase is followed; the run has to end though the
    /// sleep that it is in does not.
    pub(crate) fn cancelled_in(&mut self, phase: &'static str) {
        self.say("$ apply");
        let plan = self.plan().unwrap();
        self.cloud.never_wake_in(Some(phase));
        let cancelled = Cancellation::default();
        let (text, outcome) = self.cancellable(&cancelled, |around| {
            let options = options();
            let run = ops::apply(around, &plan, &options);
            let person = async { cancelled.cancel() };
            let both = async { tokio::join!(biased; run, person).0 };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let ended = async { tokio::time::timeout(Duration::from_secs(60), both).await };
            runtime.block_on(ended).unwrap_or_else(|_| panic!("the run sleeps on"))
        });
        self.log.push_str(&text);
        self.say("! Ctrl-C, a second later");
        self.say(&format!("{}  {}", self.clock(), outcome.unwrap_err()));
        self.cloud.never_wake_in(None);
    }

    /// Plans and applies with a person's approval of just that plan.
    pub(crate) fn approve(&mut self) -> Option<ApplyReport> {
        let consent = Consent::Digest(self.plan().unwrap().grouped_digest());
        self.apply_with("apply --approve DIGEST", &ApplyOptions { consent, ..options() })
    }

    /// The process ends there, and another one is there for what comes next.
    pub(crate) fn die(&mut self, death: Death) {
        self.say(&format!("! the process ends: {death:?}"));
        self.cloud.die(death);
    }

    fn tell(&mut self, report: &ApplyReport) {
        if let Built::Failed { stack, failure, .. } = &report.built {
            self.say(&format!("{}  stack {stack}: {failure:?}", self.clock()));
        }
        if let Built::NotRemoved { stack, failure } = &report.built {
            self.say(&format!("{}  {stack} is not removed: {failure:?}", self.clock()));
        }
        for outcome in &report.roles {
            match &outcome.end {
                End::Asks { phase, reason, dilemma } => {
                    self.say(&format!(
                        "{}  {} asks at {phase}: {reason}; {dilemma}",
                        self.clock(),
                        outcome.role
                    ));
                    self.choices(dilemma);
                }
                end => self.say(&format!("{}  {} ends: {end:?}", self.clock(), outcome.role)),
            }
        }
    }

    /// Rolls back by deployed stacks alone; gives how long it took until everyone was back.
    pub(crate) fn rollback(&mut self, role: &str) -> SignedDuration {
        self.rollback_with("rollback", role, |_| {})
    }

    /// What a person can choose.
    fn choices(&mut self, dilemma: &Dilemma) {
        for (what, command) in dilemma.choices("poc") {
            self.say(&format!("  {what}: {command}"));
        }
    }

    /// Rolls back, under that name.
    pub(crate) fn rollback_with(
        &mut self,
        command: &str,
        role: &str,
        edit: impl FnOnce(&mut RollbackOptions),
    ) -> SignedDuration {
        self.say(&format!("$ {command} --role {role}"));
        let began = self.cloud.now();
        let mut options = RollbackOptions {
            owner: Owner::of(&self.loaded().environment),
            account: Some(self.loaded().environment.account.clone()),
            role: role.to_owned(),
            reason: "asked for".to_owned(),
            keep_candidate: false,
            all_the_same: false,
        };
        edit(&mut options);
        let (text, outcome) = self.driven(async |around| ops::rollback(around, &options).await);
        self.log.push_str(&text);
        match outcome {
            Ok(report) => {
                let already = if report.already { ", as before" } else { "" };
                self.say(&format!("{}  everyone is on {}{already}", self.clock(), report.to));
            }
            Err(error) => {
                self.say(&format!("{}  no way back: {error}", self.clock()));
                if let ops::BackError::Unfit(dilemma) = error {
                    self.choices(&dilemma);
                }
            }
        }
        // The record changes in the same update as the weights; a change without a record is a failure anyway.
        let past =
            block(ops::history(&self.cloud, &Identity::of(&self.loaded().environment), &[role.to_owned()]))
                .unwrap_or_default();
        past.last().map_or(began, |line| line.at).duration_since(began)
    }

    /// `asagi mend`, for a role whose traffic was moved by hand.
    pub(crate) fn mend(&mut self, role: &str) {
        self.say("$ mend");
        let account = self.loaded().environment.account.clone();
        let owner = Owner::of(&self.loaded().environment);
        let (text, outcome) =
            self.driven(async |around| ops::revert(around, &owner, Some(&account), role).await);
        self.log.push_str(&text);
        self.say(&format!("{}  {outcome:?}", self.clock()));
    }

    /// `asagi mend --yes` of everything that was changed by hand: what would cost users something is left.
    pub(crate) fn put_back(&mut self) {
        self.say("$ mend --yes");
        let (loaded, zone) = (self.loaded(), tokyo());
        let (identity, owner) = (Identity::of(&loaded.environment), Owner::of(&loaded.environment));
        let report = block(ops::drift(&self.cloud, look(&loaded, &identity, &zone))).unwrap();
        for role in report.roles {
            if !role.drift.is_empty() {
                self.mend(&role.role);
            }
            for stray in role.beside {
                stray.drift.iter().for_each(|drift| self.say(&format!("  {drift}")));
                if let Some(costs) = &stray.costs {
                    self.say(&format!("  left to a person: {costs}"));
                    continue;
                }
                if !stray.by_stack {
                    stray.by_hand.iter().for_each(|next| self.say(&format!("  by hand: {next}")));
                    continue;
                }
                let of = (role.role.as_str(), stray.stack.as_str());
                let (text, outcome) = self.driven(async |around| {
                    ops::put_back(around, &owner, identity.account.as_deref(), of).await
                });
                self.log.push_str(&text);
                self.say(&format!("{}  {outcome:?}", self.clock()));
            }
        }
    }

    /// One phase after another as far as that one.
    pub(crate) fn until(&mut self, phase: &str) {
        for _ in 0..12 {
            if self.state("web").record.phase == phase {
                return;
            }
            self.next();
        }
        panic!("never at {phase}: {}", self.log);
    }

    /// `apply` of a person who agrees to what the plan asks for.
    pub(crate) fn agree(&mut self) -> Option<ApplyReport> {
        let consent = Consent::Name(self.loaded().environment.name.clone());
        self.apply_with("apply, agreed to", &ApplyOptions { consent, ..options() })
    }

    /// The next phase, agreed to.
    pub(crate) fn agree_next(&mut self) {
        let consent = Consent::Name(self.loaded().environment.name.clone());
        let patience = Period::hours(24 * 30);
        drop(self.apply_with("apply --phase next", &ApplyOptions { consent, patience, ..next() }));
    }

    /// `apply --forward`.
    pub(crate) fn forward(&mut self, role: &str) {
        self.say("$ apply --forward");
        let account = self.loaded().environment.account.clone();
        let owner = Owner::of(&self.loaded().environment);
        let (text, outcome) =
            self.driven(async |around| ops::forward(around, &owner, &account, role, "asked for").await);
        self.log.push_str(&text);
        match outcome {
            Ok(to) => self.say(&format!("{}  everyone is on {to}", self.clock())),
            Err(error) => self.say(&format!("{}  not forward: {error}", self.clock())),
        }
    }

    /// `mend --yes` of stacks that are stuck.
    pub(crate) fn unstick(&mut self) {
        self.say("$ mend --yes");
        let (loaded, zone) = (self.loaded(), tokyo());
        let identity = Identity::of(&loaded.environment);
        let stuck = match block(ops::stuck(&self.cloud, look(&loaded, &identity, &zone))) {
            Ok(stuck) => stuck,
            Err(error) => return self.say(&format!("  {error}")),
        };
        for one in stuck {
            let done = match one.is_safe() {
                true => block(ops::mend(&self.cloud, &one))
                    .map_or_else(|error| error.to_string(), |()| "done".into()),
                false => "left".to_owned(),
            };
            self.say(&format!("  {} is {}: {:?} {done}", one.stack, one.status, one.mend));
        }
    }

    /// The environment's own file has that text.
    pub(crate) fn spec_has(&self, text: &str) -> bool {
        let read = asagi::source::Files::read(&self.files, &self.path).unwrap();
        String::from_utf8(read).unwrap().contains(text)
    }

    /// The lock has that text.
    pub(crate) fn lock_has(&self, text: &str) -> bool {
        let read = asagi::source::Files::read(&self.files, "environments/images.lock.yaml").unwrap();
        String::from_utf8(read).unwrap().contains(text)
    }

    /// The command that the first screen names for a role.
    pub(crate) fn next_command(&mut self, role: &str) -> String {
        let report = self.first_screen();
        let seen = report.roles.into_iter().find(|seen| seen.state.role == role).unwrap();
        self.say(&format!("$ status: next: {}", seen.next));
        seen.next
    }

    /// The log as it is.
    pub(crate) fn story(&self) -> String {
        self.log.clone()
    }

    /// The role as it is seen.
    pub(crate) fn state(&self, role: &str) -> RoleState {
        block(observe(&self.cloud, &self.prefix, role)).unwrap().state
    }

    /// The role's record, weights and sizes, as a line.
    pub(crate) fn look(&mut self, role: &str) {
        let state = self.state(role);
        let text = format!("{}  {role} {}: {}", self.clock(), state.record.phase, picture(&state));
        self.say(&text);
    }

    /// The first screen.
    pub(crate) fn first_screen(&self) -> ops::StatusReport {
        let loaded = self.loaded();
        let identity = Identity::of(&loaded.environment);
        let zone = TimeZone::UTC.into();
        block(ops::status(&self.cloud, look(&loaded, &identity, &zone))).unwrap()
    }

    /// What the first screen says is wrong and is to be done next.
    pub(crate) fn status(&mut self) {
        let report = self.first_screen();
        for role in report.roles {
            let (drift, back) = (role.state.drift.first().cloned(), role.rollback);
            let ready = back.minutes.map_or("not known".to_owned(), |minutes| format!("{minutes} min"));
            let wrong = drift.map(|drift| format!("{drift}; ")).unwrap_or_default();
            self.say(&format!(
                "$ status\n{}: {wrong}rollback takes {ready}; next: {}",
                role.state.role, role.next
            ));
        }
    }

    /// A parameter of one of the environment's stacks.
    pub(crate) fn parameter(&self, stack: &str, name: &str) -> String {
        let stack = block(self.cloud.describe_stack(&format!("{}-{stack}", self.prefix))).unwrap().unwrap();
        stack.parameter(name).unwrap_or_default().to_owned()
    }

    /// Images of a slot's instances.
    pub(crate) fn images(&self, stack: &str) -> Vec<String> {
        let stack = block(self.cloud.describe_stack(&format!("{}-{stack}", self.prefix))).unwrap().unwrap();
        let group = block(self.cloud.group(&stack.outputs["GroupName"])).unwrap().unwrap();
        group.instances.into_iter().filter_map(|instance| instance.image).collect()
    }
}
