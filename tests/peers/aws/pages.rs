//! A server whose pages do not come to an end.

use asagi::cloud::{CloudFormation, Observe};

use super::proxy::{Fate, Proxy};
use super::target::{client, runtime, server};

/// A page of stacks with nothing on it, that names itself as the next.
const STACKS: &str = "<DescribeStacksResponse><DescribeStacksResult><Stacks/><NextToken>again</NextToken>\
    </DescribeStacksResult></DescribeStacksResponse>";
/// The same token on every page of groups.
const AGAIN: &[(&str, &str)] = &[(
    "</DescribeAutoScalingGroupsResult>",
    "<NextToken>again</NextToken></DescribeAutoScalingGroupsResult>",
)];

#[test]
fn a_token_that_comes_again_is_an_error_and_no_end() {
    let server = server();
    let proxy = Proxy::before(server.port(), |name, _| match name {
        "DescribeStacks" => Fate::Answered(STACKS),
        _ => Fate::Replaced(AGAIN),
    });
    let cloud = client(proxy.port, "test");
    let names: Vec<String> = (0..40).map(|number| format!("web-{number}")).collect();
    let stacks = runtime().block_on(cloud.describe_stacks(&names)).unwrap_err();
    let groups = runtime().block_on(cloud.groups(&names)).unwrap_err();
    insta::assert_snapshot!(format!("{stacks}\n{groups}"), @"
    DescribeStacks: a page of the answer leads back to one that was read before, which asagi does not read
    DescribeAutoScalingGroups: a page of the answer leads back to one that was read before, which asagi does not read
    ");
}
