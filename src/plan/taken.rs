//! Listener-rule priorities that one update cannot hand over.
//!
//! CloudFormation creates and moves rules one by one and removes old ones last, while a listener has each priority
//! once: a rule cannot take the number of one that has it when the update begins.

use crate::cfn::Template;

use super::compare::Comparison;
use super::refusal::Refusal;

const LISTENER_RULE: &str = "AWS::ElasticLoadBalancingV2::ListenerRule";

/// The first such rule of a stack.
pub fn taken(compared: &Comparison<'_>, deployed: &Template) -> Option<Refusal> {
    let before = priorities(deployed);
    let wanted = priorities(&compared.side.template);
    wanted.iter().find_map(|(rule, priority)| {
        let (holder, _) = before.iter().find(|(_, held)| held == priority)?;
        (holder != rule).then(|| Refusal::PriorityTaken {
            stack: compared.stack.key.clone(),
            rule: (*rule).to_owned(),
            priority: *priority,
            holder: (*holder).to_owned(),
        })
    })
}

fn priorities(template: &Template) -> Vec<(&str, u64)> {
    let rules = template.resources.iter().filter(|(_, resource)| resource.kind == LISTENER_RULE);
    rules.filter_map(|(id, rule)| Some((id.as_str(), rule.properties.get("Priority")?.as_u64()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Side, StackDiff};
    use crate::model::{CohortMatch, Environment, Route, example};
    use crate::stacks::{StackGraph, lower};

    fn graph(change: impl FnOnce(&mut Environment)) -> StackGraph {
        let mut environment = example::poc();
        environment.roles[0].routes = vec![named("api", 50), named("all", 100)];
        change(&mut environment);
        lower(&environment).unwrap()
    }

    fn named(name: &str, priority: u32) -> Route {
        Route { name: name.to_owned(), ..example::route(priority, "/*") }
    }

    fn refused(change: impl FnOnce(&mut Environment)) -> Option<String> {
        let (before, after) = (graph(|_| {}), graph(change));
        let stack = &after.stacks["web-traffic"];
        let side = Side { template: stack.template.clone(), ..Side::default() };
        let compared = Comparison {
            stack,
            template: String::new(),
            kept_parameters: Vec::new(),
            side,
            diff: StackDiff::default(),
        };
        taken(&compared, &before.stacks["web-traffic"].template).map(|refusal| refusal.to_string())
    }

    #[test]
    fn a_number_that_another_rule_has_is_not_free_until_the_update_is_over() {
        let renamed = refused(|environment| environment.roles[0].routes[1].name = "rest".to_owned());
        insta::assert_snapshot!(renamed.unwrap(), @"stack web-traffic: RestVerification1Rule would take priority 91, which AllVerification1Rule has until the update is over; apply a spec with another, free priority first, and this one after it");
        let swapped =
            refused(|environment| environment.roles[0].routes = vec![named("all", 50), named("api", 100)]);
        assert!(swapped.is_some());
        // The ways below it move up by one.
        let cohort_gone = refused(|environment| drop(environment.roles[0].cohorts.remove(0)));
        assert!(cohort_gone.is_some());
    }

    #[test]
    fn what_moves_to_a_free_number_may() {
        assert_eq!(refused(|_| {}), None);
        assert_eq!(refused(|environment| environment.roles[0].routes[1].priority = 300), None);
        let added = refused(|environment| {
            let way = CohortMatch::Source(vec!["192.0.2.0/24".to_owned()]);
            environment.roles[0].cohorts[1].matches.push(way);
        });
        assert_eq!(added, None);
        assert_eq!(refused(|environment| drop(environment.roles[0].cohorts.pop())), None);
    }
}
