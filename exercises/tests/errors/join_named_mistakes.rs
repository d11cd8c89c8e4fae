//! What `join_named` returns with the usual mistakes, so that a report names a mistake only if it explains what was seen.

use super::*;

/// Tasks in the order in which they are spawned: the name of each, when it ends, and how. By name, by time and by
/// ending they are in other orders.
const PROBE: [(&str, u64, Ending); 7] = [
    ("kiel", 30, Ending::Returns),
    ("bonn", 20, Ending::Panics),
    ("oslo", 10, Ending::Returns),
    ("lyon", 40, Ending::Fails),
    ("porto", 50, Ending::Returns),
    ("turin", 60, Ending::IsAborted),
    ("ghent", 70, Ending::Returns),
];

const ENDS_AT_A_FAILURE: &str = "that the loop ends at the first failure: at a `?`, or because its pattern is \
    `Some(Ok(..))`. Take what `join_next_with_id` returns until it is `None`.";

/// The names of [`PROBE`] are different, so this explains the cases in which some are equal.
pub(super) const SAME_NAME: &str = "that outcomes of tasks with the same name replace each other, as in a map from name to outcome.";

/// The names that the answer returns for [`PROBE`].
async fn seen() -> Vec<String> {
    let tasks = PROBE.map(|(name, ends, ending)| ((name.to_owned(), ms(ends)), ending));
    let (_, seen) = Drawn::spawn(tasks).join().await;
    seen.into_iter().map(|(name, _)| name).collect()
}

/// [`PROBE`] in the order in which the tasks end.
fn by_time() -> Vec<(&'static str, u64, Ending)> {
    let mut tasks = PROBE.to_vec();
    tasks.sort_by_key(|(_, ends, _)| *ends);
    tasks
}

fn names(tasks: impl IntoIterator<Item = (&'static str, u64, Ending)>) -> Vec<String> {
    tasks
        .into_iter()
        .map(|(name, ..)| name.to_owned())
        .collect()
}

/// Which outcomes are missing, if there are too few.
pub(super) async fn of_missing_outcomes() -> Option<&'static str> {
    let without = |missing: Ending| names(by_time().into_iter().filter(|task| task.2 != missing));
    let before = |end: Ending| names(by_time().into_iter().take_while(|task| task.2 != end));
    let through = |end: Ending| {
        let before = before(end);
        names(by_time().into_iter().take(before.len() + 1))
    };
    let mistakes = [
        (
            "that the tasks that were aborted are left out.",
            without(Ending::IsAborted),
        ),
        (
            "that the tasks that panicked are left out.",
            without(Ending::Panics),
        ),
        (
            "that the tasks that failed are left out.",
            without(Ending::Fails),
        ),
        (ENDS_AT_A_FAILURE, before(Ending::Panics)),
        (ENDS_AT_A_FAILURE, through(Ending::Panics)),
        (ENDS_AT_A_FAILURE, before(Ending::Fails)),
        (ENDS_AT_A_FAILURE, through(Ending::Fails)),
        (ENDS_AT_A_FAILURE, before(Ending::IsAborted)),
        (ENDS_AT_A_FAILURE, through(Ending::IsAborted)),
        (SAME_NAME, names(by_time())),
    ];
    explained(
        &[seen().await],
        mistakes.map(|(meaning, names)| (meaning, [names])),
    )
}

/// In which order the outcomes are, if it is not that of time.
pub(super) async fn of_another_order() -> Option<&'static str> {
    let sorted = |key: fn(&(&'static str, u64, Ending)) -> u8| {
        let mut tasks = by_time();
        tasks.sort_by_key(key);
        names(tasks)
    };
    let mut by_name = PROBE.to_vec();
    by_name.sort_by_key(|(name, ..)| *name);
    let mistakes = [
        ("that they are sorted by name.", names(by_name)),
        (
            "that they are in the order in which the tasks were spawned.",
            names(PROBE),
        ),
        (
            "that the latest one comes first.",
            names(by_time().into_iter().rev()),
        ),
        (
            "that the failures come after the values.",
            sorted(|task| u8::from(task.2 != Ending::Returns)),
        ),
        (
            "that the failures come before the values.",
            sorted(|task| u8::from(task.2 == Ending::Returns)),
        ),
        (
            "that panics and cancellations come after all others.",
            sorted(|task| u8::from(matches!(task.2, Ending::Panics | Ending::IsAborted))),
        ),
    ];
    explained(
        &[seen().await],
        mistakes.map(|(meaning, names)| (meaning, [names])),
    )
}

/// Why the message of a panic is missing.
pub(super) async fn of_a_missing_message() -> Option<&'static str> {
    let text = "disk full";
    let expected: Outcome = Err(TaskFailure::Panicked(Some(text.to_owned())));
    let payloads: [Box<dyn Any + Send>; 2] = [Box::new(text), Box::new(text.to_owned())];
    let mut found = Vec::new();
    for payload in payloads {
        let outcomes = outcomes_of_a_panic(payload).await;
        found.push(outcomes.iter().any(|(_, outcome)| *outcome == expected));
    }
    match found[..] {
        [false, true] => Some(
            "that the answer looks for a `String` only. The payload is a `&'static str` if the message was not formatted.",
        ),
        [true, false] => Some(
            "that the answer looks for a `&'static str` only. The payload is a `String` if the message was formatted.",
        ),
        _ => None,
    }
}
