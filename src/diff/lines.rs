//! The difference of two sequences, at a cost that grows with their length and not with its square.

use std::collections::BTreeMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Two parts whose lengths multiply to at most this are compared item by item.
const PRODUCT: usize = 1 << 20;

/// How often an item is there, and where first, on either side.
#[derive(Default, Clone, Copy)]
struct Seen {
    old: (usize, usize),
    new: (usize, usize),
}

/// What becomes of `old`. Where both are long, items that each side has once, in the same order, divide them, and a part
/// between two such that is still long counts as replaced.
pub(super) fn operations<T: Ord + std::hash::Hash>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    if is_short(old.len(), new.len()) {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let mut made = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    for (old_index, new_index) in anchors(old, new) {
        between(&mut made, (old, at_old..old_index), (new, at_new..new_index));
        extend(&mut made, old_index, new_index);
        (at_old, at_new) = (old_index + 1, new_index + 1);
    }
    between(&mut made, (old, at_old..old.len()), (new, at_new..new.len()));
    made
}

fn is_short(old: usize, new: usize) -> bool {
    old.saturating_mul(new) <= PRODUCT
}

/// One more pair of items that are the same.
fn extend(made: &mut Vec<DiffOp>, old_index: usize, new_index: usize) {
    if let Some(DiffOp::Equal { old_index: old, new_index: new, len }) = made.last_mut()
        && (*old + *len, *new + *len) == (old_index, new_index)
    {
        *len += 1;
        return;
    }
    made.push(DiffOp::Equal { old_index, new_index, len: 1 });
}

type Part<'a, T> = (&'a [T], std::ops::Range<usize>);

/// What becomes of a part.
fn between<T: Ord + std::hash::Hash>(
    made: &mut Vec<DiffOp>,
    (old, mut in_old): Part<'_, T>,
    (new, mut in_new): Part<'_, T>,
) {
    while !in_old.is_empty() && !in_new.is_empty() && old.get(in_old.start) == new.get(in_new.start) {
        extend(made, in_old.start, in_new.start);
        (in_old.start, in_new.start) = (in_old.start + 1, in_new.start + 1);
    }
    let (old_part, new_part) =
        (old.get(in_old.clone()).unwrap_or_default(), new.get(in_new.clone()).unwrap_or_default());
    if is_short(old_part.len(), new_part.len()) {
        let inner = capture_diff_slices(Algorithm::Myers, old_part, new_part).into_iter();
        return made.extend(inner.map(|op| moved(op, in_old.start, in_new.start)));
    }
    let (old_len, new_len) = (in_old.len(), in_new.len());
    made.push(DiffOp::Replace { old_index: in_old.start, old_len, new_index: in_new.start, new_len });
}

/// The same operation, further on.
fn moved(op: DiffOp, by_old: usize, by_new: usize) -> DiffOp {
    let (_, old, new) = op.as_tag_tuple();
    let (old_index, new_index) = (old.start + by_old, new.start + by_new);
    let (old_len, new_len) = (old.len(), new.len());
    match op {
        DiffOp::Equal { .. } => DiffOp::Equal { old_index, new_index, len: old_len },
        DiffOp::Delete { .. } => DiffOp::Delete { old_index, old_len, new_index },
        DiffOp::Insert { .. } => DiffOp::Insert { old_index, new_index, new_len },
        DiffOp::Replace { .. } => DiffOp::Replace { old_index, old_len, new_index, new_len },
    }
}

/// Items that each side has once, as many as stand in the same order.
fn anchors<T: Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let mut seen: BTreeMap<&T, Seen> = BTreeMap::new();
    for (index, item) in old.iter().enumerate() {
        let seen = seen.entry(item).or_default();
        seen.old = (seen.old.0 + 1, index);
    }
    for (index, item) in new.iter().enumerate() {
        let seen = seen.entry(item).or_default();
        seen.new = (seen.new.0 + 1, index);
    }
    let once = seen.into_values().filter(|seen| seen.old.0 == 1 && seen.new.0 == 1);
    let mut pairs: Vec<(usize, usize)> = once.map(|seen| (seen.old.1, seen.new.1)).collect();
    pairs.sort_unstable();
    rising(&pairs)
}

/// The longest choice of pairs, which rise on the left, that rises on the right too.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // of each length the choice that ends lowest, by the index of its last pair
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let right = |index: usize| pairs.get(index).map(|pair| pair.1);
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| right(*end) < Some(pair.1));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut chosen = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        chosen.extend(pairs.get(index).copied());
        at = before.get(index).copied().flatten();
    }
    chosen.reverse();
    chosen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the operations make of the old items.
    fn applied(old: &[u32], new: &[u32], operations: &[DiffOp]) -> (Vec<u32>, Vec<u32>) {
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for op in operations {
            let (_, was, is) = op.as_tag_tuple();
            if matches!(op, DiffOp::Equal { .. }) {
                assert_eq!(old[was.clone()], new[is.clone()]);
            }
            from.extend_from_slice(&old[was]);
            to.extend_from_slice(&new[is]);
        }
        (from, to)
    }

    fn changed(operations: &[DiffOp]) -> usize {
        let changed = operations.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
        changed.map(|op| op.old_range().len().max(op.new_range().len())).sum()
    }

    #[test]
    fn long_sequences_are_divided_where_they_agree() {
        let old: Vec<u32> = (0..50_000).collect();
        let mut new = old.clone();
        new.splice(40_000..40_003, [90_000, 90_001]);
        new.splice(7..7, [90_002]);
        let operations = operations(&old, &new);
        assert_eq!(changed(&operations), 4);
        assert_eq!(applied(&old, &new, &operations), (old, new));
    }

    #[test]
    fn long_sequences_that_share_nothing_are_replaced() {
        let (old, new): (Vec<u32>, Vec<u32>) = ((0..50_000).collect(), (50_000..100_000).collect());
        let found = operations(&old, &new);
        assert_eq!(found, [DiffOp::Replace { old_index: 0, old_len: 50_000, new_index: 0, new_len: 50_000 }]);
        // nor is anything found where each item is there many times
        let (old, new): (Vec<u32>, Vec<u32>) =
            ((0..9_000).map(|it| it % 7).collect(), (0..9_000).map(|it| it % 5).collect());
        assert_eq!(applied(&old, &new, &operations(&old, &new)), (old, new));
    }

    proptest! {
        #[test]
        fn nothing_is_lost(old in prop::collection::vec(0_u32..40, 0..60), new in prop::collection::vec(0_u32..40, 0..60)) {
            let mut made = Vec::new();
            let (mut at_old, mut at_new) = (0, 0);
            for (old_index, new_index) in anchors(&old, &new) {
                between(&mut made, (&old, at_old..old_index), (&new, at_new..new_index));
                extend(&mut made, old_index, new_index);
                (at_old, at_new) = (old_index + 1, new_index + 1);
            }
            between(&mut made, (&old, at_old..old.len()), (&new, at_new..new.len()));
            prop_assert_eq!(applied(&old, &new, &made), (old, new));
        }
    }
}
