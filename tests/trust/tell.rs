//! Whether two kinds of things can be told apart by how long they take: a guess is learned on one half of what was
//! measured and tried on the other, and the reverse.

/// How long the two of a pair took, in any unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) known: f64,
    pub(crate) other: f64,
}

/// How often it is right to say that the slower (or the faster, whichever is learned) of a pair is the known one.
pub(crate) fn of_pairs(pairs: &[Pair]) -> f64 {
    across(pairs, |learned, tried| {
        let slower = |pairs: &[Pair]| pairs.iter().filter(|pair| pair.known > pair.other).count();
        let right = slower(tried);
        if slower(learned) * 2 >= learned.len() { right } else { tried.len() - right }
    })
}

/// How often it is right to say of a single time, by the limit that did best, which of the two it belongs to.
pub(crate) fn of_times(pairs: &[Pair]) -> f64 {
    let half = across(pairs, |learned, tried| {
        let (limit, known_is_above) = best_limit(learned);
        right_at(tried, limit, known_is_above)
    });
    // Each pair is two guesses.
    half / 2.0
}

fn across(pairs: &[Pair], right: impl Fn(&[Pair], &[Pair]) -> usize) -> f64 {
    let half = |odd: usize| pairs.iter().skip(odd).step_by(2).copied().collect::<Vec<Pair>>();
    let (one, two) = (half(0), half(1));
    let right = right(&one, &two) + right(&two, &one);
    crate::driver::number(right) / crate::driver::number(pairs.len().max(1))
}

fn right_at(pairs: &[Pair], limit: f64, known_is_above: bool) -> usize {
    let right = |pair: &Pair| {
        usize::from((pair.known > limit) == known_is_above)
            + usize::from((pair.other > limit) != known_is_above)
    };
    pairs.iter().map(right).sum()
}

/// The limit between two times that is right most often, and which side of it the known ones are on.
fn best_limit(pairs: &[Pair]) -> (f64, bool) {
    let mut times: Vec<(f64, bool)> =
        pairs.iter().flat_map(|pair| [(pair.known, true), (pair.other, false)]).collect();
    times.sort_by(|one, other| one.0.total_cmp(&other.0));
    let all = pairs.len();
    let (mut known_below, mut other_below, mut best) = (0, 0, (0, f64::MIN, true));
    for (time, is_known) in times {
        if is_known {
            known_below += 1;
        } else {
            other_below += 1;
        }
        let above = all - known_below + other_below;
        for (right, known_is_above) in [(above, true), (2 * all - above, false)] {
            if right > best.0 {
                best = (right, time, known_is_above);
            }
        }
    }
    (best.1, best.2)
}
