"""Starts MiniStack with what our stacks need and it lacks. The package itself stays as it is.

- resource types it does not know: recorded (Image Builder, patching, CodeDeploy) or made in the service that it does have
  (elastic addresses, NAT gateways, security group rules, composite alarms);
- instances in Auto Scaling groups that stacks make, as healthy targets;
- forward actions over several target groups, with weights, in templates, in the API's answers and in traffic;
- the create-only properties of every type, so that change sets say what replaces. The schemas are those
  in the folder named by PEERS_SCHEMAS (`schemas/resource-types.bin`);
- some return values and answers that AWS gives;
- failures on purpose.

MiniStack's own environment variables (GATEWAY_PORT, BIND_HOST, …) work as always. With PEERS_END_WITH_STDIN the server
ends when its standard input does, so that it never outlives the test that started it.
"""

import contextvars
import json
import os
import random
import re
import sys
import threading
import uuid

import make_resource_schemas
import ministack.services.alb as alb
import ministack.services.autoscaling as autoscaling
import ministack.services.cloudformation as cloudformation
import ministack.services.cloudwatch as cloudwatch
import ministack.services.ec2 as ec2
import ministack.services.ssm as ssm
from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import changesets, engine, handlers, helpers, provisioners, stacks
from ministack.services.cloudformation.handlers import _ACTION_HANDLERS as CLOUDFORMATION

HANDLERS = provisioners._RESOURCE_HANDLERS


def arn(service, rest):
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{rest}"


def query(values):
    """A flat mapping as the query protocol carries it."""
    return {key: [str(value)] for key, value in values.items()}


# --- types whose service is missing: kept, so that stacks with them can live -----------------------------------


# Ways of making an id up, which an update must not do again.
MADE_UP = set()


def record(resource_type, physical_id, attributes=lambda pid, props: {}):
    def create(logical_id, props, stack):
        pid = physical_id(logical_id, props, stack)
        return pid, attributes(pid, props)

    def update(pid, _old, new, stack, logical_id=None):
        # An id that was made up stays.
        kept = pid if physical_id in MADE_UP else physical_id(logical_id, new, stack)
        return kept, attributes(kept, new)

    HANDLERS.setdefault(
        resource_type,
        {"create": create, "update": update, "update_with_logical_id": True, "delete": lambda pid, props: None},
    )


def named_by(key):
    return lambda logical_id, props, stack: str(props.get(key) or f"{stack}-{logical_id}")


def image_builder_arn(kind, suffix):
    def physical_id(logical_id, props, _stack):
        return arn("imagebuilder", f"{kind}/{str(props.get('Name') or logical_id).lower()}{suffix(props)}")

    return physical_id


IMAGE_BUILDER = {
    "Component": ("component", lambda props: f"/{props.get('Version')}/1"),
    "ImageRecipe": ("image-recipe", lambda props: f"/{props.get('Version')}"),
    "InfrastructureConfiguration": ("infrastructure-configuration", lambda props: ""),
    "DistributionConfiguration": ("distribution-configuration", lambda props: ""),
    "ImagePipeline": ("image-pipeline", lambda props: ""),
    "LifecyclePolicy": ("lifecycle-policy", lambda props: ""),
}
for name, (kind, suffix) in IMAGE_BUILDER.items():
    record(
        f"AWS::ImageBuilder::{name}",
        image_builder_arn(kind, suffix),
        lambda pid, props: {"Arn": pid, "Name": props.get("Name")},
    )
create_recipe = HANDLERS["AWS::ImageBuilder::ImageRecipe"]["create"]


def recipe_of_a_built_parent(logical_id, props, stack):
    """A parent that is named by a parameter must be there: the layer below was built once."""
    kind, _, parameter = str(props.get("ParentImage")).partition(":")
    if kind == "ssm" and parameter not in ssm._parameters:
        raise ValueError(f"The value supplied for parameter 'parentImage' is not valid: {parameter} does not exist.")
    return create_recipe(logical_id, props, stack)


HANDLERS["AWS::ImageBuilder::ImageRecipe"]["create"] = recipe_of_a_built_parent
record("AWS::CodeDeploy::Application", named_by("ApplicationName"))
record("AWS::CodeDeploy::DeploymentGroup", named_by("DeploymentGroupName"))
record("AWS::CodeDeploy::DeploymentConfig", named_by("DeploymentConfigName"))
record("AWS::IAM::RolePolicy", named_by("PolicyName"))


def made_up(prefix):
    def physical_id(*_):
        return f"{prefix}-{uuid.uuid4().hex[:17]}"

    MADE_UP.add(physical_id)
    return physical_id


record("AWS::EC2::FlowLog", made_up("fl"))
record("AWS::WAFv2::WebACLAssociation", lambda _id, props, _stack: f"{props['WebACLArn']}|{props['ResourceArn']}")
for name, prefix in {
    "MaintenanceWindow": "mw",
    "MaintenanceWindowTarget": "windowtarget",
    "MaintenanceWindowTask": "windowtask",
    "PatchBaseline": "pb",
    "Association": "association",
}.items():
    record(f"AWS::SSM::{name}", made_up(prefix))
record("AWS::EC2::FlowLog", made_up("fl"))
record("AWS::WAFv2::WebACLAssociation", made_up("association"))
record("AWS::SSM::Document", named_by("Name"))
record(
    "AWS::Chatbot::SlackChannelConfiguration",
    lambda _id, props, _stack: arn(
        "chatbot", f"chat-configuration/slack-channel/{props.get('ConfigurationName')}"
    ),
)


# --- types whose service is there: made in it ------------------------------------------------------------------


def added(store, call):
    """The key that a call added to a service's store."""
    before = set(store)
    call()
    return (set(store) - before).pop()


def address_attributes(public_ip):
    allocation = next((key for key, value in ec2._addresses.items() if value["PublicIp"] == public_ip), None)
    return {"AllocationId": allocation, "PublicIp": public_ip}


def create_address(_logical_id, props, _stack):
    allocate = query({"Domain": props.get("Domain", "vpc")})
    public_ip = ec2._addresses[added(ec2._addresses, lambda: ec2._allocate_address(allocate))]["PublicIp"]
    return public_ip, address_attributes(public_ip)


def delete_address(public_ip, _props):
    allocation = address_attributes(public_ip)["AllocationId"]
    if allocation:
        ec2._release_address(query({"AllocationId": allocation}))


HANDLERS.setdefault(
    "AWS::EC2::EIP",
    {
        "create": create_address,
        "update": lambda pid, old, new, stack: (pid, address_attributes(pid)),
        "delete": delete_address,
    },
)


def create_nat_gateway(_logical_id, props, _stack):
    wanted = query({key: props[key] for key in ("SubnetId", "AllocationId", "ConnectivityType") if key in props})
    gateway = added(ec2._nat_gateways, lambda: ec2._create_nat_gateway(wanted))
    return gateway, {"NatGatewayId": gateway}


HANDLERS.setdefault(
    "AWS::EC2::NatGateway",
    {
        "create": create_nat_gateway,
        "update": lambda pid, old, new, stack: (pid, {"NatGatewayId": pid}),
        "delete": lambda pid, props: ec2._nat_gateways.pop(pid, None),
    },
)


def rule_query(props):
    rule = "IpPermissions.1"
    names = {
        "GroupId": "GroupId",
        "IpProtocol": f"{rule}.IpProtocol",
        "FromPort": f"{rule}.FromPort",
        "ToPort": f"{rule}.ToPort",
        "CidrIp": f"{rule}.IpRanges.1.CidrIp",
        "SourceSecurityGroupId": f"{rule}.Groups.1.GroupId",
        "DestinationSecurityGroupId": f"{rule}.Groups.1.GroupId",
    }
    return query({name: props[key] for key, name in names.items() if key in props})


def security_group_rule(authorize, revoke):
    def create(_logical_id, props, _stack):
        answer = authorize(rule_query(props))
        if answer[0] >= 400:
            raise ValueError(answer[2].decode())
        return f"sgr-{uuid.uuid4().hex[:17]}", {}

    return {
        "create": create,
        "update": lambda pid, old, new, stack: (pid, {}),
        "delete": lambda pid, props: revoke(rule_query(props)),
    }


for kind, handler in {
    "Ingress": security_group_rule(ec2._authorize_sg_ingress, ec2._revoke_sg_ingress),
    "Egress": security_group_rule(ec2._authorize_sg_egress, ec2._revoke_sg_egress),
}.items():
    HANDLERS.setdefault(f"AWS::EC2::SecurityGroup{kind}", handler)


def put_composite_alarm(logical_id, props, stack):
    alarm = props.get("AlarmName") or f"{stack}-{logical_id}"
    wanted = {
        "AlarmName": alarm,
        "AlarmRule": props["AlarmRule"],
        "ActionsEnabled": str(props.get("ActionsEnabled", True)).lower(),
    }
    for kind in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        for index, action in enumerate(props.get(kind) or [], 1):
            wanted[f"{kind}.member.{index}"] = action
    answer = cloudwatch._put_composite_alarm(query(wanted), False, False)
    if isinstance(answer, tuple) and answer[0] >= 400:
        raise ValueError(f"CompositeAlarm: {answer[2]!r}")
    return alarm, {"Arn": arn("cloudwatch", f"alarm:{alarm}")}


HANDLERS.setdefault(
    "AWS::CloudWatch::CompositeAlarm",
    {
        "create": put_composite_alarm,
        "update": lambda pid, old, new, stack: put_composite_alarm(pid, {**new, "AlarmName": pid}, stack),
        "delete": lambda pid, props: cloudwatch._composite_alarms.pop(pid, None),
    },
)


# --- types that MiniStack makes, with less than AWS ------------------------------------------------------------


def wrap(resource_type, properties=lambda props: props, attributes=lambda pid, props, given: given):
    """Changes what a handler is given and what its `Fn::GetAtt` answers."""
    handler = HANDLERS[resource_type]
    create_inside, update_inside = handler["create"], handler.get("update")

    def create(logical_id, props, stack):
        pid, given = create_inside(logical_id, properties(props), stack)
        return pid, attributes(pid, props, given or {})

    def update(pid, old, new, *rest):
        pid, given = update_inside(pid, properties(old), properties(new), *rest)
        return pid, attributes(pid, new, given or {})

    handler["create"] = create
    if update_inside:
        handler["update"] = update


def metric_math_as_one_metric(props):
    """MiniStack refuses alarms on metric math: the alarm is kept on the first metric of its expression."""
    if "Metrics" not in props:
        return props
    first = next(metric["MetricStat"] for metric in props["Metrics"] if "MetricStat" in metric)
    return {
        **{key: value for key, value in props.items() if key != "Metrics"},
        "Namespace": first["Metric"]["Namespace"],
        "MetricName": first["Metric"]["MetricName"],
        "Dimensions": first["Metric"].get("Dimensions", []),
        "Period": first["Period"],
        "Statistic": first["Stat"],
    }


wrap("AWS::CloudWatch::Alarm", properties=metric_math_as_one_metric)
wrap("AWS::EC2::VPC", attributes=lambda pid, props, given: {"CidrBlock": props.get("CidrBlock"), **given})
wrap(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    attributes=lambda pid, props, given: {**given, "TargetGroupFullName": pid.split(":")[-1]},
)

group_fields = provisioners._asg_fields
provisioners._asg_fields = lambda props: {
    **group_fields(props),
    "TargetGroupARNs": list(props.get("TargetGroupARNs") or []),
}


def staffed(handler):
    """Groups that a template makes get instances as those made by the API do, each a healthy target of the group's
    target groups. A template without a desired capacity leaves the group's own, within its limits."""
    create_inside, update_inside, delete_inside = handler["create"], handler["update"], handler["delete"]

    def staff(name):
        group = autoscaling._asgs[name]
        autoscaling._reconcile_instances(group)
        for target_group in group["TargetGroupARNs"]:
            alb._targets[target_group] = [{"Id": instance["InstanceId"]} for instance in group["Instances"]]

    def create(logical_id, props, stack):
        name, given = create_inside(logical_id, props, stack)
        staff(name)
        return name, given

    def update(pid, old, new, *rest):
        before = autoscaling._asgs.get(pid, {}).get("DesiredCapacity", 0)
        name, given = update_inside(pid, old, new, *rest)
        if name == pid and "DesiredCapacity" not in new:
            group = autoscaling._asgs[name]
            group["DesiredCapacity"] = min(max(before, group["MinSize"]), group["MaxSize"])
        staff(name)
        return name, given

    def delete(pid, props):
        for target_group in autoscaling._asgs.get(pid, {}).get("TargetGroupARNs", []):
            alb._targets[target_group] = []
        delete_inside(pid, props)

    handler.update(create=create, update=update, delete=delete)


staffed(HANDLERS["AWS::AutoScaling::AutoScalingGroup"])
instances_xml = autoscaling._instances_xml


def instances_and_target_groups_xml(group):
    members = "".join(f"<member>{target_group}</member>" for target_group in group.get("TargetGroupARNs", []))
    return f"<TargetGroupARNs>{members}</TargetGroupARNs>{instances_xml(group)}"


autoscaling._instances_xml = instances_and_target_groups_xml

# --- weighted forwards: MiniStack keeps only the first target group --------------------------------------------


def set_forward(action, target_groups, stickiness):
    """Keeps a forward as AWS answers it: `TargetGroupArn` stands beside it only when there is one group."""
    kept = {"Enabled": str(stickiness.get("Enabled", False)).lower() == "true"}
    if stickiness.get("DurationSeconds"):
        kept["DurationSeconds"] = int(stickiness["DurationSeconds"])
    action["ForwardConfig"] = {
        "TargetGroups": [
            {"TargetGroupArn": group["TargetGroupArn"], "Weight": int(group.get("Weight", 1))}
            for group in target_groups
        ],
        "TargetGroupStickinessConfig": kept,
    }
    if len(target_groups) > 1:
        action.pop("TargetGroupArn", None)


listener_actions = provisioners._elbv2_listener_actions


def actions_from_template(props, load_balancer, prop="DefaultActions"):
    actions = listener_actions(props, load_balancer, prop)
    written = [action for action in props.get(prop) or [] if isinstance(action, dict)]
    for action, source in zip(actions, written):
        forward = source.get("ForwardConfig")
        if not isinstance(forward, dict):
            continue
        groups = forward.get("TargetGroups", [])
        for group in groups:
            known = alb._tgs.get(group["TargetGroupArn"])
            if load_balancer and known and load_balancer not in known.setdefault("LoadBalancerArns", []):
                known["LoadBalancerArns"].append(load_balancer)
        set_forward(action, groups, forward.get("TargetGroupStickinessConfig") or {})
    return actions


provisioners._elbv2_listener_actions = actions_from_template
parse_actions = alb._parse_actions


def actions_from_request(params, prefix="DefaultActions"):
    actions = parse_actions(params, prefix)
    for index, action in enumerate(actions, 1):
        forward = f"{prefix}.member.{index}.ForwardConfig"
        groups = []
        while group := alb._p(params, f"{forward}.TargetGroups.member.{len(groups) + 1}.TargetGroupArn"):
            weight = alb._p(params, f"{forward}.TargetGroups.member.{len(groups) + 1}.Weight")
            groups.append({"TargetGroupArn": group, "Weight": weight or 1})
        if groups:
            stickiness = f"{forward}.TargetGroupStickinessConfig"
            keys = ("Enabled", "DurationSeconds")
            set_forward(action, groups, {key: alb._p(params, f"{stickiness}.{key}") for key in keys})
    return actions


alb._parse_actions = actions_from_request
action_xml = alb._action_xml


def action_with_forward_xml(action):
    xml = action_xml(action)
    forward = action.get("ForwardConfig")
    if not forward:
        return xml
    groups = "".join(
        f"<member><TargetGroupArn>{group['TargetGroupArn']}</TargetGroupArn><Weight>{group['Weight']}</Weight></member>"
        for group in forward["TargetGroups"]
    )
    stickiness = "".join(
        f"<{key}>{str(value).lower()}</{key}>" for key, value in forward["TargetGroupStickinessConfig"].items()
    )
    forward_xml = (
        f"<ForwardConfig><TargetGroups>{groups}</TargetGroups>"
        f"<TargetGroupStickinessConfig>{stickiness}</TargetGroupStickinessConfig></ForwardConfig>"
    )
    return xml.removesuffix("</member>") + forward_xml + "</member>"


alb._action_xml = action_with_forward_xml
execute_actions = alb._execute_actions


async def execute_weighted_actions(actions, *args, **kwargs):
    picked = []
    for action in actions:
        groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
        weights = [group["Weight"] for group in groups]
        if sum(weights):
            action = {**action, "TargetGroupArn": random.choices(groups, weights)[0]["TargetGroupArn"]}
        picked.append(action)
    return await execute_actions(picked, *args, **kwargs)


alb._execute_actions = execute_weighted_actions

# --- DescribeStacks: AWS answers the topics that are told of a stack, and the role of whoever gave one -------------


def one(params, key):
    return (params.get(key) or [""])[0]


def given(params):
    """What a call says of the role and the topics. An empty list takes topics away, none at all leaves them."""
    said = {}
    if one(params, "RoleARN"):
        said["role"] = one(params, "RoleARN")
    if any(key.startswith("NotificationARNs") for key in params):
        said["topics"] = helpers._extract_string_members(params, "NotificationARNs")
    return said


def keeps_given(call, found):
    """What is given with a call stays with the stack, or with its change set until that is executed."""

    def wrapped(params):
        answer = call(params)
        keeper = found(params)
        if answer[0] < 400 and keeper is not None:
            keeper["_given"] = {**keeper.get("_given", {}), **given(params)}
        return answer

    return wrapped


def stack_of(params):
    return cloudformation._stacks.get(one(params, "StackName"))


def change_set_of(params):
    return changesets._find_change_set(one(params, "ChangeSetName"), one(params, "StackName"))[1]


execute_change_set = CLOUDFORMATION["ExecuteChangeSet"]
describe_stacks = CLOUDFORMATION["DescribeStacks"]


def execute_change_set_as_given(params):
    change_set = change_set_of(params) or {}
    answer = execute_change_set(params)
    if answer[0] < 400:
        stack = cloudformation._stacks[change_set["StackName"]]
        stack["_given"] = {**stack.get("_given", {}), **change_set.get("_given", {})}
    return answer


def given_xml(stack):
    said = stack.get("_given", {})
    topics = "".join(f"<member>{topic}</member>" for topic in said.get("topics", []))
    role = f"<RoleARN>{said['role']}</RoleARN>" if "role" in said else ""
    return f"<NotificationARNs>{topics}</NotificationARNs>{role}"


def describe_stacks_whole(params):
    status, headers, body, *rest = describe_stacks(params)
    text = body.decode() if isinstance(body, bytes) else body
    before = "<EnableTerminationProtection>"
    *stacks, end = text.split(before)
    for index, stack in enumerate(stacks):
        name = stack.rpartition("<StackName>")[2].partition("</StackName>")[0]
        stacks[index] = stack + given_xml(cloudformation._stacks.get(name) or {})
    return (status, headers, before.join([*stacks, end]).encode(), *rest)


for name in ("CreateStack", "UpdateStack"):
    CLOUDFORMATION[name] = keeps_given(CLOUDFORMATION[name], stack_of)
CLOUDFORMATION["CreateChangeSet"] = keeps_given(CLOUDFORMATION["CreateChangeSet"], change_set_of)
CLOUDFORMATION["ExecuteChangeSet"] = execute_change_set_as_given
CLOUDFORMATION["DescribeStacks"] = describe_stacks_whole

# --- GetTemplate: AWS gives back a question mark for every character outside ASCII ----------------------------------

get_template = CLOUDFORMATION["GetTemplate"]


def get_template_with_loss(params):
    status, headers, body, *rest = get_template(params)
    text = body.decode() if isinstance(body, bytes) else body
    return (status, headers, re.sub(r"[^\x00-\x7f]", "?", text).encode(), *rest)


CLOUDFORMATION["GetTemplate"] = get_template_with_loss

# --- templates in buckets: AWS has the bucket in the host's name, MiniStack looks for it in the path ------------------

parse_url = helpers.urlparse


def url_with_bucket_in_path(url):
    parsed = parse_url(url)
    bucket, s3, _ = parsed.netloc.partition(".s3.")
    return parsed._replace(path=f"/{bucket}{parsed.path}") if s3 else parsed


helpers.urlparse = url_with_bucket_in_path

# --- what replaces a resource ----------------------------------------------------------------------------------


def top_level(schema, word):
    return {path.removeprefix("/properties/").split("/")[0] for path in schema.get(word, [])}


for resource_type, line in make_resource_schemas.read(os.environ["PEERS_SCHEMAS"]).items():
    if resource_type in HANDLERS:
        schema = json.loads(line)
        always = top_level(schema, "createOnlyProperties") - top_level(schema, "readOnlyProperties")
        may = top_level(schema, "conditionalCreateOnlyProperties")
        provisioners._REPLACING_PROPERTIES.setdefault(resource_type, tuple(sorted(always)))
        provisioners._CONDITIONALLY_REPLACING_PROPERTIES.setdefault(resource_type, tuple(sorted(may)))


# --- change sets count only what its condition lets be ---------------------------------------------------------

resolved_for_diff = changesets._resolve_props_for_diff


def existing_for_diff(template, parameters, *rest):
    conditions = engine._evaluate_conditions(template, parameters) if template else {}
    resources = {
        name: resource
        for name, resource in template.get("Resources", {}).items()
        if conditions.get(resource.get("Condition"), True)
    }
    return resolved_for_diff({**template, "Resources": resources} if template else template, parameters, *rest)


changesets._resolve_props_for_diff = existing_for_diff

# --- what goes wrong on purpose --------------------------------------------------------------------------------

# A parameter /faults/forward/<stack>/<logical id> lets the next work on that resource fail with its value as the reason,
# once; /faults/back/… does so while an operation is taken back.
GOES_BACK = contextvars.ContextVar("goes_back", default=False)


def fails(work, place):
    def wrapped(*args):
        when = "back" if GOES_BACK.get() else "forward"
        fault = ssm._parameters.pop(f"/faults/{when}/{'/'.join(place(args))}", None)
        if fault:
            raise ValueError(fault["Value"])
        return work(*args)

    return wrapped


def going_back(work):
    async def wrapped(*args):
        GOES_BACK.set(True)
        return await work(*args)

    return wrapped


stacks._provision_resource = fails(stacks._provision_resource, lambda args: (args[3], args[1]))
stacks._update_resource = fails(stacks._update_resource, lambda args: (args[4], args[5]))
stacks._delete_resource = fails(stacks._delete_resource, lambda args: (args[3], args[4]))
stacks._roll_back_operation = going_back(stacks._roll_back_operation)
continue_rollback = going_back(stacks._continue_update_rollback_async)
for module in (stacks, handlers):
    module._continue_update_rollback_async = continue_rollback


def end_with_stdin():
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    if os.environ.get("PEERS_END_WITH_STDIN"):
        threading.Thread(target=end_with_stdin, daemon=True).start()
    from ministack.app import main

    main()
