//! Where the two targets differ, who is right, and why. Each difference takes itself out of what both told; one that finds
//! nothing to take out fails its scenario, so that this list never says more than is true.

use std::fmt;

use super::transcript::{Line, Section};

/// One way in which they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    /// Who asked, and why a stack goes back, is not said.
    Reasons,
    /// The event that a resource's creation has begun is missing.
    CreationInitiated,
    /// A replacement is told after a word that it is updated.
    Replacement,
    /// What does not change is told as updated, and what is new as updated too.
    Untouched,
    /// What an update leaves over goes without a word.
    Cleanup,
    /// Stacks that can only be deleted or continued get change sets all the same.
    UpdatesWhatCannotBe,
    /// What a failed rollback could not remove is forgotten.
    Forgotten,
    /// A word for a parameter that is not as declared.
    ParameterWords,
    /// A word for an export in use.
    ExportWords,
    /// A word for a change set that cannot be executed.
    ExecuteWords,
    /// A word for a stack that is not there.
    AbsentWords,
    /// A word for a stack that is there already.
    PresentWords,
    /// A word for a template that is too long, with the template in it.
    LengthWords,
    /// A word for a protected stack.
    ProtectedWords,
    /// A word for text that is not YAML.
    FormWords,
    /// Names, parameters and forms are not checked.
    Unchecked,
    /// Capabilities are not asked for.
    Capabilities,
    /// A change of outputs alone is none.
    OutputsAlone,
    /// A repeated call is another call.
    Tokens,
    /// Tags of the stack are not told as changes of its resources.
    Tags,
    /// Hidden values are told in change sets.
    Hidden,
    /// The name of a looked-up parameter is lost.
    LookedUp,
    /// A second change set for a stack in review puts it into review again.
    ReviewAnew,
    /// A replaced resource that is put back goes without a word.
    PutBack,
    /// A resource with a name of its own is called by its ARN.
    OwnName,
    /// A resource made again gets its old name again.
    SameName,
}

/// Who does as CloudFormation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    /// The embedded target; what the server tells is taken out.
    Embedded,
    /// The server; the embedded target is simpler on purpose.
    Server,
    /// Neither of them.
    Neither,
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Embedded => "the embedded target",
            Self::Server => "the server",
            Self::Neither => "neither",
        })
    }
}

impl Difference {
    /// Who is right, and why.
    pub(super) fn verdict(self) -> (Right, &'static str) {
        match self {
            Self::Reasons => (
                Right::Embedded,
                "consoles and histories show `User Initiated`, and the failed resources with `Rollback requested by user.`",
            ),
            Self::CreationInitiated => {
                (Right::Embedded, "the service tells it with the physical id, which a later event repeats")
            }
            Self::Replacement => (
                Right::Embedded,
                "the announcement is the first event of a replacement, of a refused one too",
            ),
            Self::Untouched => {
                (Right::Embedded, "an update is sent to what a change set lists, new resources are created")
            }
            Self::Cleanup => (
                Right::Embedded,
                "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS is a documented state of every update, and deletions in it are events",
            ),
            Self::UpdatesWhatCannotBe => (
                Right::Embedded,
                "CreateChangeSet answers `is in ROLLBACK_COMPLETE state and can not be updated.` (rails-lambda/lamby 132, org-formation-cli 455)",
            ),
            Self::Forgotten => {
                (Right::Embedded, "ROLLBACK_FAILED keeps what is left, and DeleteStack removes it")
            }
            Self::ParameterWords => (
                Right::Embedded,
                "the service's sentences name all missing parameters, `AllowedValues` and the constraint's description (aws-cli 7750)",
            ),
            Self::ExportWords => {
                (Right::Embedded, "`cannot be deleted as it is in use by` (serverless 3589, stax 40)")
            }
            Self::ExecuteWords => (Right::Embedded, "`cannot be executed in its current status of`"),
            Self::AbsentWords => {
                (Right::Embedded, "some calls say `Stack with id`, as DescribeStacks does, on the server too")
            }
            Self::PresentWords => {
                (Right::Embedded, "the sentence names the change set, and its code is ValidationError")
            }
            Self::LengthWords => (
                Right::Server,
                "the service repeats the value; nobody reads 51,200 bytes, so the embedded target leaves it out",
            ),
            Self::ProtectedWords => {
                (Right::Embedded, "the sentence has the stack's name (aws-nuke 821, runway 199)")
            }
            Self::FormWords => {
                (Right::Neither, "each has its own reader of YAML, and the service a third one")
            }
            Self::Unchecked => (
                Right::Embedded,
                "CreateChangeSet validates names, parameters, references and circles before it makes anything",
            ),
            Self::Capabilities => {
                (Right::Embedded, "InsufficientCapabilitiesException is documented for CreateChangeSet")
            }
            Self::OutputsAlone => (
                Right::Embedded,
                "such a change set is executable with no changes listed (aws-cdk-cli, stack-diagnoser.ts)",
            ),
            Self::Tokens => (
                Right::Embedded,
                "`ClientToken` and `ClientRequestToken` are there to make a repeated call the same one",
            ),
            Self::Tags => (
                Right::Server,
                "the service lists and updates all that take tags; the embedded target knows of no type whether it does",
            ),
            Self::Hidden => {
                (Right::Embedded, "NoEcho values are asterisks wherever parameters are described")
            }
            Self::LookedUp => {
                (Right::Embedded, "ParameterValue stays the name and ResolvedValue is beside it")
            }
            Self::ReviewAnew => (Right::Embedded, "it is the same stack, with the same id"),
            Self::PutBack => (
                Right::Embedded,
                "every resource that the update touched ends its rollback as UPDATE_COMPLETE",
            ),
            Self::OwnName => (
                Right::Embedded,
                "the sentence has the name from the template (serverless-fargate-plugin 19)",
            ),
            Self::SameName => (Right::Embedded, "generated names end at random"),
        }
    }

    /// Takes what is different out of both sides.
    pub(super) fn take_out(self, embedded: &mut Section, server: &mut Section) {
        match self {
            Self::Reasons => [embedded, server].into_iter().for_each(take_reasons),
            Self::CreationInitiated => {
                embedded.lines.retain(|line| reason(line) != Some("Resource creation Initiated"))
            }
            Self::Replacement => [embedded, server].into_iter().for_each(announce),
            Self::Untouched => untouched(embedded, server),
            Self::Cleanup => [embedded, server].into_iter().for_each(take_cleanup),
            Self::UpdatesWhatCannotBe => accepted(embedded, server, &["state and can not be updated"]),
            Self::Forgotten if embedded.call == "resources" || embedded.call.starts_with("delete ") => {
                if embedded.lines != server.lines {
                    [embedded, server].into_iter().for_each(|side| side.lines.clear());
                }
            }
            Self::Forgotten => {}
            Self::ParameterWords => words(embedded, server, &["arameter"]),
            Self::ExportWords => words(embedded, server, &["in use by"]),
            Self::ExecuteWords => words(embedded, server, &["cannot be executed in its current"]),
            Self::AbsentWords => words(embedded, server, &["Stack with id"]),
            Self::PresentWords => words(embedded, server, &["already exists and cannot be created again"]),
            Self::LengthWords => words(embedded, server, &["less than or equal to 51200"]),
            Self::ProtectedWords => words(embedded, server, &["while TerminationProtection"]),
            Self::FormWords => words(embedded, server, &["is never closed"]),
            Self::Unchecked => {
                let checked = [
                    "regular expression",
                    "do not exist in the template",
                    "Template format error",
                    "Circular",
                ];
                accepted(embedded, server, &checked);
            }
            Self::Capabilities => accepted(embedded, server, &["Requires capabilities"]),
            Self::OutputsAlone | Self::Tokens | Self::Tags => {
                if embedded.lines != server.lines {
                    [embedded, server].into_iter().for_each(|side| side.lines.clear());
                }
            }
            Self::Hidden => facts(server, "close sesame", "****"),
            Self::LookedUp => {
                facts(
                    server,
                    "{ value: \"ami-2\", resolved: None }",
                    "{ value: \"/conform/image\", resolved: Some(\"ami-2\") }",
                );
            }
            Self::ReviewAnew => {
                let is_there = embedded.lines.clone();
                server.lines.retain(|line| is_there.contains(line) || !is_review(line));
            }
            Self::PutBack => put_back(embedded, server),
            Self::OwnName => own_name(server),
            Self::SameName => facts(embedded, "#2", ""),
        }
    }
}

fn reason(line: &Line) -> Option<&str> {
    match line {
        Line::Stack(word) | Line::Resource { word, .. } => word.reason.as_deref(),
        _ => None,
    }
}

fn is_review(line: &Line) -> bool {
    matches!(line, Line::Stack(word) if word.status == "REVIEW_IN_PROGRESS")
}

/// The word that a replaced resource is back, and its status afterwards.
fn put_back(embedded: &mut Section, server: &mut Section) {
    let goes_back =
        |line: &Line| matches!(line, Line::Stack(word) if word.status == "UPDATE_ROLLBACK_IN_PROGRESS");
    if let Some(back) = embedded.lines.iter().position(goes_back) {
        let told = server.lines.clone();
        let mut place = 0;
        embedded.lines.retain(|line| {
            place += 1;
            place <= back || told.iter().skip_while(|line| !goes_back(line)).any(|other| other == line)
        });
    }
    if embedded.call == "resources" {
        for line in &mut server.lines {
            if let Line::Fact(fact) = line {
                *fact = fact.replace("CREATE_COMPLETE", "UPDATE_COMPLETE");
            }
        }
    }
}

fn own_name(side: &mut Section) {
    for line in &mut side.lines {
        if let Line::Resource { word, .. } = line
            && let Some(reason) = &mut word.reason
        {
            *reason = reason.replace("Rename <Group> and", "Rename conform-named and");
        }
    }
}

/// Reasons of the stack's own events that only one of them gives.
fn take_reasons(side: &mut Section) {
    const STATUSES: [&str; 6] = [
        "REVIEW_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "DELETE_IN_PROGRESS",
        "ROLLBACK_IN_PROGRESS",
        "ROLLBACK_COMPLETE",
    ];
    for line in &mut side.lines {
        if let Line::Stack(word) = line
            && STATUSES.contains(&word.status.as_str())
        {
            word.reason = None;
        }
    }
}

/// One event without a reason where a replacement is announced, or refused.
fn announce(side: &mut Section) {
    let is_announced =
        |line: &Line| reason(line).is_some_and(|reason| reason.starts_with("Requested update requires"));
    let mut kept: Vec<Line> = Vec::new();
    for mut line in side.lines.drain(..) {
        if is_announced(&line)
            && let Line::Resource { id, word } = &mut line
        {
            word.reason = None;
            let before = |line: &Line| matches!(line, Line::Resource { id: other, word: before } if other == id && before == word);
            if kept.last().is_some_and(before) {
                continue;
            }
        }
        kept.push(line);
    }
    side.lines = kept;
}

/// What the embedded target does not mention, and the words for what is new.
fn untouched(embedded: &Section, server: &mut Section) {
    let words: Vec<(&String, &str)> = embedded
        .lines
        .iter()
        .filter_map(|line| match line {
            Line::Resource { id, word } => Some((id, word.status.as_str())),
            _ => None,
        })
        .collect();
    server.lines.retain(|line| match line {
        Line::Resource { id, .. } => words.iter().any(|(other, _)| *other == id),
        _ => true,
    });
    let is_new = |id: &str| words.contains(&(&id.to_owned(), "CREATE_IN_PROGRESS"));
    for line in &mut server.lines {
        match line {
            Line::Resource { id, word } if is_new(id) => {
                word.status = word.status.replace("UPDATE_", "CREATE_")
            }
            Line::Fact(fact) if embedded.call == "resources" => {
                let before = fact.replace("UPDATE_COMPLETE", "CREATE_COMPLETE");
                if embedded.lines.contains(&Line::Fact(before.clone())) {
                    *fact = before;
                }
            }
            _ => {}
        }
    }
}

/// The clean-up of an update, from its own event to the stack's next one.
fn take_cleanup(side: &mut Section) {
    let mut cleans = false;
    side.lines.retain(|line| {
        if let Line::Stack(word) = line {
            cleans = word.status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
                || word.status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS";
        }
        !cleans
    });
}

/// The embedded target refuses with one of those words, and the server does not.
fn accepted(embedded: &mut Section, server: &mut Section, words: &[&str]) {
    let refused = embedded.refusal().is_some_and(|refusal| words.iter().any(|word| refusal.contains(word)));
    if refused && server.refusal().is_none() {
        [embedded, server].into_iter().for_each(|side| side.lines.clear());
    }
}

/// Both refuse, with other words; the embedded target's are known by one of those.
fn words(embedded: &mut Section, server: &mut Section, words: &[&str]) {
    let (Some(left), Some(right)) = (embedded.refusal(), server.refusal()) else { return };
    if left != right && words.iter().any(|word| left.contains(word)) {
        for side in [embedded, server] {
            side.lines.retain(|line| !matches!(line, Line::Fact(fact) if fact.starts_with("refused, ")));
        }
    }
}

fn facts(side: &mut Section, from: &str, to: &str) {
    for line in &mut side.lines {
        if let Line::Fact(fact) = line {
            *fact = fact.replace(from, to);
        }
    }
}
