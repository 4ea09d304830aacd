//! One side of a diff: a template, and all that its values depend on.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::cfn::{
    Effective, Evaluation, Evaluator, Lookup, Reference, Stack, StackResource, Surroundings, Template,
};

use super::ripple::Moved;
use super::secret::MASK;

/// One side of a diff.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Side {
    /// The template.
    pub template: Template,
    /// Its parameter values: known, or unknown when another stack will make them.
    pub parameters: IndexMap<String, Effective>,
    /// The pseudo parameters.
    pub surroundings: Surroundings,
    /// What `Ref` gives, by logical id, of resources that exist. Only the deployed side's count.
    pub physical_ids: IndexMap<String, String>,
    /// Attributes of resources that exist. Only the deployed side's count.
    pub attributes: BTreeMap<Reference, Effective>,
    /// Values of other stacks' exports.
    pub imports: BTreeMap<String, Effective>,
    /// Values of SSM parameters that parameter types name, by `resolve:ssm:{name}`.
    pub dynamic: BTreeMap<String, Effective>,
    /// Tags of the stack.
    pub tags: IndexMap<String, String>,
    /// Resources that stay as they are deployed, whatever this side's template says. Only the desired side's count.
    pub held: Vec<String>,
}

impl Side {
    /// A stack as it is deployed. Account and region come from its ARN.
    pub fn of_stack(template: Template, stack: &Stack, resources: &[StackResource]) -> Self {
        let mut arn = stack.id.split(':').skip(3);
        let mut part = || arn.next().unwrap_or_default().to_owned();
        let surroundings = Surroundings {
            region: part(),
            account: part(),
            stack_name: stack.name.clone(),
            stack_id: stack.id.clone(),
            ..Surroundings::default()
        };
        let parameters = stack.parameters.iter();
        let resolved = parameters.clone().filter_map(|(_, parameter)| {
            let value = parameter.resolved.as_ref()?;
            Some((format!("resolve:ssm:{}", parameter.value), Effective::text(value)))
        });
        let ids = resources.iter().filter_map(|it| Some((it.logical_id.clone(), it.physical_id.clone()?)));
        Self {
            template,
            dynamic: resolved.collect(),
            parameters: parameters.map(|(name, it)| (name.clone(), Effective::text(&it.value))).collect(),
            surroundings,
            physical_ids: ids.collect(),
            tags: stack.tags.clone(),
            ..Self::default()
        }
    }

    /// Everything of a stack as it is deployed.
    pub fn deployed(&self) -> Evaluation {
        self.evaluate(None, &Moved::default())
    }

    /// The same where what refers to a resource of the stack has its id.
    pub fn deployed_with_ids(&self) -> Evaluation {
        self.evaluate(Some(self), &Moved::default())
    }

    /// This side, with the loops of its template as what they make.
    pub(super) fn unrolled(&self) -> Self {
        let lookup = Known { side: self, known: None, moved: &Moved::default() };
        let template = self.evaluator(&lookup).unrolled().into_owned();
        Self { template, ..self.clone() }
    }

    /// This side, if its unknown parameters turned out to be what they are on the other; `None` if there are none.
    pub(super) fn likely(&self, deployed: &Self) -> Option<Self> {
        let known = self.parameters.iter().filter_map(|(name, value)| match value {
            Effective::Unknown(unknown) if !unknown.is_anew() => Some((name, deployed.parameters.get(name)?)),
            _ => None,
        });
        let known: IndexMap<String, Effective> =
            known.map(|(name, value)| (name.clone(), value.clone())).collect();
        (!known.is_empty()).then(|| {
            let mut likely = self.clone();
            likely.parameters.extend(known);
            likely
        })
    }

    /// Everything, with resources as `known` has them, but for what moved.
    pub(super) fn evaluate(&self, known: Option<&Self>, moved: &Moved) -> Evaluation {
        let lookup = Known { side: self, known, moved };
        self.evaluator(&lookup).evaluate()
    }

    /// The same with secrets as they are: for comparing, never for showing.
    pub(super) fn evaluate_revealed(&self, known: Option<&Self>) -> Evaluation {
        let lookup = Known { side: self, known, moved: &Moved::default() };
        self.evaluator(&lookup).revealing().evaluate()
    }

    /// The values of NoEcho parameters as they were given, by name.
    pub(super) fn secrets(&self) -> IndexMap<String, Effective> {
        let declared = self.template.parameters.iter().filter(|(_, declared)| declared.no_echo);
        let values = declared.filter_map(|(name, declared)| {
            let default = declared.default.as_ref().map(Effective::text);
            let value = self.parameters.get(name).cloned().or(default)?;
            let masked = value.as_text().is_some_and(|text| text == MASK);
            Some((name.clone(), if masked { Effective::unknown(MASK) } else { value }))
        });
        values.collect()
    }

    pub(super) fn evaluator<'a>(&'a self, lookup: &'a dyn Lookup) -> Evaluator<'a> {
        Evaluator::new(&self.template, &self.parameters, &self.surroundings, lookup)
    }
}

/// What is known of resources that exist.
pub(super) struct Known<'a> {
    pub(super) side: &'a Side,
    pub(super) known: Option<&'a Side>,
    pub(super) moved: &'a Moved,
}

impl Known<'_> {
    /// The side that knows the resource: it must be of the same type there.
    fn of(&self, logical_id: &str) -> Option<&Side> {
        let known = self.known?;
        let kind =
            |side: &Side| side.template.resources.get(logical_id).map(|resource| resource.kind.clone());
        (kind(known) == kind(self.side)).then_some(known)
    }
}

impl Lookup for Known<'_> {
    fn reference(&self, logical_id: &str) -> Option<Effective> {
        let reference = Reference { logical_id: logical_id.to_owned(), attribute: None };
        let id = self.of(logical_id)?.physical_ids.get(logical_id)?;
        self.moved.get(&reference).is_none().then(|| Effective::text(id))
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Effective> {
        let reference =
            Reference { logical_id: logical_id.to_owned(), attribute: Some(attribute.to_owned()) };
        let value = self.of(logical_id)?.attributes.get(&reference)?;
        self.moved.get(&reference).is_none().then(|| value.clone())
    }

    fn import(&self, export: &str) -> Option<Effective> {
        self.side.imports.get(export).cloned()
    }

    fn dynamic(&self, reference: &str) -> Option<Effective> {
        self.side.dynamic.get(reference).cloned()
    }
}
