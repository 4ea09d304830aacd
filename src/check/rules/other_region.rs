//! ASG0386: images that are in another Region.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0386");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "images of another Region",
    severity: &[Severity::Error],
    docs: "An AMI is there in one Region, and its id means nothing in another: instances fail to launch with \
           `InvalidAMIID.NotFound` once a rollout fills its candidate. The owner of the images keeps them in its own Region. \
           An environment elsewhere builds its own, or names AMIs that were copied there. \
           <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html>",
    fails: "region: ap-northeast-3\nloadBalancer: { certificate: \"arn:aws:acm:ap-northeast-3:444455556666:certificate/7d1f\" }\nimages: { owner: stg }\n",
    mended: "region: ap-northeast-1\nimages: { owner: stg }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let environment = subject.environment;
    let mut others = subject.siblings.iter();
    let Some(owner) = others.find(|other| other.name == environment.images_owner) else { return };
    let Some(region) = owner.region.as_ref().filter(|region| **region != environment.region) else { return };
    let message = format!(
        "`{}` builds the images in `{region}`, and this environment is in `{}`",
        owner.name, environment.region
    );
    let error = subject.error(CODE, "/images/owner", message);
    let error = error.secondary(subject.place("/region"), "their ids mean nothing here");
    findings.push(error.with_help("name an owner in the same Region, or remove `owner` to build them here"));
}
