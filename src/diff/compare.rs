//! Two values, and where they differ.
//!
//! Keys have no order; lists do, unless the resource type's schema says that theirs means nothing. A number or boolean
//! equals the text that is written like it, because CloudFormation hands both on as the same text. Nothing else is
//! overlooked.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use similar::DiffOp;

use crate::cfn::Effective;

use super::lines::operations;
use super::secret::MASK;
use super::{Certainty, Path, Step};

/// Keys by which people know the items of a list.
const NAMES: [&str; 7] = ["Key", "Name", "Sid", "Id", "DeviceName", "ParameterName", "AttributeName"];

/// A place where two values differ.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    pub(super) path: Path,
    pub(super) before: Option<Effective>,
    pub(super) after: Option<Effective>,
    pub(super) certainty: Certainty,
}

/// Every place where the values differ, as deep inside as can be told. Null is absent.
pub(super) fn compare(before: Option<&Effective>, after: Option<&Effective>, path: &Path) -> Vec<Difference> {
    compare_sets(before, after, path, &[])
}

/// The same, where the lists at these places (as [`Path::fits`] has them) are sets.
pub(super) fn compare_sets(
    before: Option<&Effective>,
    after: Option<&Effective>,
    path: &Path,
    sets: &[String],
) -> Vec<Difference> {
    let mut walk = Walk { sets, found: Vec::new() };
    walk.values(before, after, path);
    walk.found
}

/// A difference is only possible where there is none once unknown parameters are taken for what they were. Where
/// there is one all the same, that one is shown.
pub(super) fn weigh(found: Difference, likely: &Places<Difference>) -> Difference {
    match likely.near(&found.path) {
        None => Difference { certainty: Certainty::Possible, ..found },
        Some(it) if it.path == found.path => it.clone(),
        Some(_) => found,
    }
}

/// What stands at places, by place.
pub(super) struct Places<T>(BTreeMap<Path, T>);

impl<T> Places<T> {
    pub(super) fn of(all: impl IntoIterator<Item = (Path, T)>) -> Self {
        Self(all.into_iter().map(|(path, it)| (path.unnamed(), it)).collect())
    }

    /// What stands there, around it or inside of it.
    pub(super) fn near(&self, path: &Path) -> Option<&T> {
        let path = path.unnamed();
        let around = (0..path.0.len()).map(|steps| Path(path.0.iter().take(steps).cloned().collect()));
        let around = around.filter_map(|outer| self.0.get(&outer)).next();
        around.or_else(|| {
            let (found, it) = self.0.range(path.clone()..).next()?;
            path.holds(found).then_some(it)
        })
    }
}

/// There is no difference.
pub(super) fn equal(before: Option<&Effective>, after: Option<&Effective>) -> bool {
    compare(before, after, &Path::default()).is_empty()
}

/// What was found so far, and which lists are sets.
struct Walk<'a> {
    sets: &'a [String],
    found: Vec<Difference>,
}

impl Walk<'_> {
    fn values(&mut self, before: Option<&Effective>, after: Option<&Effective>, path: &Path) {
        let present = |value: &&Effective| **value != Effective::Null;
        match (before.filter(present), after.filter(present)) {
            (None, None) => {}
            (Some(Effective::Map(before)), Some(Effective::Map(after))) => {
                for key in after.keys().chain(before.keys().filter(|key| !after.contains_key(*key))) {
                    self.values(before.get(key), after.get(key), &path.then(Step::Key(key.clone())));
                }
            }
            (Some(Effective::List(before)), Some(Effective::List(after))) => self.lists(before, after, path),
            (Some(before), Some(after)) if same(before, after) => {}
            (before, after) => self.found.push(Difference {
                path: path.clone(),
                before: before.cloned(),
                after: after.cloned(),
                certainty: certainty(before, after),
            }),
        }
    }

    fn lists(&mut self, before: &[Effective], after: &[Effective], path: &Path) {
        let is_set = self.sets.iter().any(|pattern| path.fits(pattern));
        if let Some((old, new)) = named(before, after, is_set) {
            return self.by_name(&old, &new, (before, after), path);
        }
        if is_set {
            return self.set(before, after, path);
        }
        let text = |items: &[Effective]| items.iter().map(comparable).collect::<Vec<_>>();
        for op in operations(&text(before), &text(after)) {
            if !matches!(op, DiffOp::Equal { .. }) {
                self.items((before, op.old_range().collect()), (after, op.new_range().collect()), path);
            }
        }
    }

    /// Equal items belong together wherever they stand; the others are what changed.
    fn set(&mut self, before: &[Effective], after: &[Effective], path: &Path) {
        let mut old: BTreeMap<String, VecDeque<usize>> = BTreeMap::new();
        for (index, item) in before.iter().enumerate() {
            old.entry(comparable(item)).or_default().push_back(index);
        }
        let mut takes =
            |item: &Effective| old.get_mut(&comparable(item)).and_then(VecDeque::pop_front).is_some();
        let new = after.iter().enumerate().filter(|(_, item)| !takes(item)).map(|(index, _)| index).collect();
        let mut left: Vec<usize> = old.into_values().flatten().collect();
        left.sort_unstable();
        self.items((before, left), (after, new), path);
    }

    /// As many as before are compared one by one, so that what changed inside shows.
    fn items(
        &mut self,
        (before, old): (&[Effective], Vec<usize>),
        (after, new): (&[Effective], Vec<usize>),
        path: &Path,
    ) {
        let at = |index: usize| path.then(Step::Item(index, None));
        if old.len() == new.len() {
            let pairs = old.into_iter().zip(new);
            pairs.for_each(|(old, new)| self.values(before.get(old), after.get(new), &at(new)));
        } else {
            old.into_iter().for_each(|index| self.values(before.get(index), None, &at(index)));
            new.into_iter().for_each(|index| self.values(None, after.get(index), &at(index)));
        }
    }

    fn by_name(
        &mut self,
        old: &[String],
        new: &[String],
        (before, after): (&[Effective], &[Effective]),
        path: &Path,
    ) {
        let place = |names: &'_ [String]| {
            let places = names.iter().enumerate().map(|(index, name)| (name.clone(), index));
            places.collect::<BTreeMap<String, usize>>()
        };
        let (was, is) = (place(old), place(new));
        for (index, name) in new.iter().enumerate() {
            let then = was.get(name).and_then(|index| before.get(*index));
            self.values(then, after.get(index), &path.then(Step::Item(index, Some(name.clone()))));
        }
        for (index, name) in old.iter().enumerate().filter(|(_, name)| !is.contains_key(*name)) {
            self.values(before.get(index), None, &path.then(Step::Item(index, Some(name.clone()))));
        }
    }
}

fn same(before: &Effective, after: &Effective) -> bool {
    match (before, after) {
        (Effective::Unknown(before), Effective::Unknown(after)) => {
            before.made == after.made && before.outside == after.outside && !after.is_anew()
        }
        _ => match (before.as_text(), after.as_text()) {
            (Some(before), Some(after)) => before == after,
            _ => before == after,
        },
    }
}

/// A value that is made outside the stack may turn out to be what it was, unless it is surely another. Where both are
/// made of the same such values, what is written around them differs; but secrets look the same and may not be.
fn certainty(before: Option<&Effective>, after: Option<&Effective>) -> Certainty {
    let (Some(before), Some(after)) = (before, after) else { return Certainty::Certain };
    let outside = |value: &Effective| match value {
        Effective::Unknown(unknown) => unknown.outside.clone(),
        _ => BTreeSet::new(),
    };
    let (before, after) = (outside(before), outside(after));
    let around = before == after && before.iter().all(|outside| outside.name != MASK);
    if around || after.iter().any(|outside| outside.anew) { Certainty::Certain } else { Certainty::Possible }
}

/// Text that is equal for equal values.
pub(super) fn comparable(value: &Effective) -> String {
    match value {
        Effective::Map(map) => {
            let present = map.iter().filter(|(_, value)| **value != Effective::Null);
            let mut entries: Vec<_> =
                present.map(|(key, value)| format!("{key:?}:{}", comparable(value))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        Effective::List(items) => {
            format!("[{}]", items.iter().map(comparable).collect::<Vec<_>>().join(","))
        }
        Effective::Unknown(unknown) => format!("${:?}{:?}", unknown.made, unknown.outside),
        scalar => format!("{:?}", scalar.as_text()),
    }
}

/// The names of both lists' items, when each item has one of its own and their order is the same or means nothing.
fn named(
    before: &[Effective],
    after: &[Effective],
    in_any_order: bool,
) -> Option<(Vec<String>, Vec<String>)> {
    NAMES.iter().find_map(|key| {
        let (old, new) = (names(before, key)?, names(after, key)?);
        (in_any_order || in_order(&old, &new)).then_some((old, new))
    })
}

/// What both have stands in the same order.
fn in_order(old: &[String], new: &[String]) -> bool {
    let set = |names: &'_ [String]| names.iter().cloned().collect::<BTreeSet<String>>();
    let (was, is) = (set(old), set(new));
    old.iter().filter(|name| is.contains(*name)).eq(new.iter().filter(|name| was.contains(*name)))
}

/// The names by which people know the items of a list, when each has one of its own.
pub(super) fn item_names(items: &[Effective]) -> Option<Vec<String>> {
    NAMES.iter().find_map(|key| names(items, key))
}

fn names(items: &[Effective], key: &str) -> Option<Vec<String>> {
    let name = |item: &Effective| match item {
        Effective::Map(map) => map.get(key)?.as_text(),
        _ => None,
    };
    let names: Vec<String> = items.iter().map(name).collect::<Option<_>>()?;
    let different: BTreeSet<&String> = names.iter().collect();
    (different.len() == names.len()).then_some(names)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{compare, *};

    #[test]
    fn the_order_of_a_set_means_nothing() {
        let sets = ["Tags".to_owned(), "Rules/*/Ports".to_owned()];
        for (before, after, expected) in [
            (json!({"Tags": [1, 2, 2]}), json!({"Tags": [2, 1, 2]}), ""),
            (json!({"Tags": [1, 2, 2]}), json!({"Tags": [2, 1]}), "Tags[2]"),
            (json!({"Tags": [1, 2]}), json!({"Tags": [3, 1]}), "Tags[0]"),
            (json!({"Tags": ["a", "b"]}), json!({"Tags": ["b", "a", "c"]}), "Tags[2]"),
            (json!({"Other": [1, 2]}), json!({"Other": [2, 1]}), "Other[0] Other[1]"),
            (json!({"Rules": [{"Ports": [1, 2]}]}), json!({"Rules": [{"Ports": ["2", "1"]}]}), ""),
            (
                json!({"Tags": [{"Key": "a", "Value": 1}, {"Key": "b"}]}),
                json!({"Tags": [{"Key": "b"}, {"Key": "a", "Value": 2}]}),
                "Tags[a].Value",
            ),
        ] {
            let (before, after) = (Effective::from(&before), Effective::from(&after));
            let found = compare_sets(Some(&before), Some(&after), &Path::default(), &sets);
            let paths: Vec<_> = found.iter().map(|found| found.path.to_string()).collect();
            assert_eq!(paths.join(" "), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn values_differ_where_cloudformation_sees_it() {
        for (before, after, expected) in [
            (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}), ""),
            (json!(80), json!("80"), ""),
            (json!(true), json!("true"), ""),
            (json!({"a": null}), json!({}), ""),
            (json!("a"), json!("a\n"), "=a>a\n"),
            (json!([1, 2]), json!([2, 1]), "[0]=>2 [1]=2>"),
            (json!(["a", "c"]), json!(["a", "b", "c"]), "[1]=>b"),
            (json!([{"x": 1}]), json!([{"x": 2}]), "[0].x=1>2"),
            (
                json!([{"Key": "A", "Value": 1}]),
                json!([{"Key": "B", "Value": 1}, {"Key": "A", "Value": 2}]),
                "[B]=>{\"Key\":\"B\",\"Value\":1} [A].Value=1>2",
            ),
            (json!({"a": {"b": 1}}), json!({"a": {"c": 1}}), "a.c=>1 a.b=1>"),
            (json!([]), json!({}), "=[]>{}"),
        ] {
            let (before, after) = (Effective::from(&before), Effective::from(&after));
            let show = |value: &Option<Effective>| {
                value.as_ref().map_or(String::new(), |value| {
                    value.as_text().unwrap_or_else(|| value.to_json().to_string())
                })
            };
            let got: Vec<_> = compare(Some(&before), Some(&after), &Path::default())
                .iter()
                .map(|d| format!("{}={}>{}", d.path, show(&d.before), show(&d.after)))
                .collect();
            assert_eq!(got.join(" "), expected);
        }
    }
}
