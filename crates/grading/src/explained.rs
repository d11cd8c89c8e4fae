//! Which mistake explains what an answer does.

/// The one mistake that explains what was seen: the meaning of the outcomes that equal it.
///
/// A report can only claim what the case at hand shows, and many mistakes do the same in a small case. So a test lets the
/// answer handle several cases, works out what an answer with each usual mistake would do in them, and compares. There is
/// no claim if no mistake explains everything that was seen, or if mistakes with different meanings do.
///
/// ```
/// use grading::explained;
///
/// let numbers = [1, 254, 255, 256];
/// let seen = numbers.map(|number| (number + 1) % 256);
/// let mistakes = [
///     ("the number itself was returned.", numbers),
///     ("the number was kept in one byte.", numbers.map(|number| (number + 1) % 256)),
/// ];
/// assert_eq!(explained(&seen, mistakes), Some("the number was kept in one byte."));
/// assert_eq!(explained(&[0], [("nothing was counted.", [0]), ("one was left out.", [0])]), None);
/// ```
pub fn explained<'a, T: PartialEq, L: IntoIterator<Item = T>>(
    seen: &[T],
    mistakes: impl IntoIterator<Item = (&'a str, L)>,
) -> Option<&'a str> {
    let explaining = mistakes.into_iter().filter_map(|(meaning, outcomes)| {
        let mut outcomes = outcomes.into_iter();
        let equal = seen
            .iter()
            .all(|seen| outcomes.next().as_ref() == Some(seen));
        (equal && outcomes.next().is_none()).then_some(meaning)
    });
    let mut meanings: Vec<_> = explaining.collect();
    meanings.dedup();
    match meanings[..] {
        [meaning] => Some(meaning),
        _ => None,
    }
}
