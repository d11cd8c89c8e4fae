//! `Room`: a fan-out that never waits for the slowest member.

use std::collections::HashSet;
use std::num::NonZeroUsize;

use super::room_model::{Pair, Received, shown_event, shown_events};
use super::*;
use exercises::websockets::{Event, Reason, Room};

const NAMES: [&str; 5] = ["ann", "bob", "cat", "dan", "eve"];

/// No queue of a small case is full.
const ROOMY: usize = 500;

/// Fails if a member has not received what it should have. What is equal in front is left out.
fn check_received(
    wrong: Option<&Received>,
    given: &str,
    meaning: impl FnOnce(&Received) -> Option<&'static str>,
) {
    let Some(wrong) = wrong else { return };
    let from = first_difference(wrong).saturating_sub(3);
    check(false, || {
        Failure::new(format!(
            "{given} {} should receive {}{}; it received {}.",
            wrong.name,
            match from {
                0 => String::new(),
                from => format!("after {} ", plural(from, "event")),
            },
            shown_events(&wrong.expected[from..], wrong.expected_end),
            shown_events(&wrong.seen[from..], wrong.seen_end)
        ))
        .usually_if(meaning(wrong))
        .read(QUEUES)
    });
}

fn first_difference(wrong: &Received) -> usize {
    let both = wrong.seen.iter().zip(&wrong.expected);
    both.take_while(|(seen, expected)| seen == expected).count()
}

/// What usually leads to what this member has received.
fn cause(wrong: &Received) -> Option<&'static str> {
    let Received {
        name,
        expected,
        seen,
        expected_end,
        seen_end,
    } = wrong;
    let own = Event::Joined(name.clone());
    let at = first_difference(wrong);
    let ends_late = expected_end.is_some() && seen.len() > expected.len();
    let count = |events: &[Event], event| events.iter().filter(|other| *other == event).count();
    Some(match (seen.get(at), expected.get(at)) {
        _ if seen.contains(&own) && !expected.contains(&own) => {
            "that the new member is in the list already when its `Joined` is passed on."
        }
        (Some(left @ Event::Left(..)), _)
            if at == 0 && count(seen, left) > count(expected, left) =>
        {
            "that the new member is in the room too early. It should be added once `Joined`, and each `Left` that it causes, have \
             been passed on."
        }
        (Some(_), None) if ends_late => {
            "that the queue has no limit, or a higher one: a member that receives nothing takes more and more memory."
        }
        (None, _) if expected_end.is_some() && seen_end.is_none() => {
            "that an event is dropped when the queue is full, and the member stays: it goes on with a gap that it does not know \
             of."
        }
        (None, None) => "that a member which has been removed is told another reason.",
        (None, Some(_)) if seen_end.is_some() => {
            "that a member is removed too early, or that its queue is lost when it is removed."
        }
        (
            Some(Event::Left(_, Reason::TooSlow)),
            Some(later @ (Event::Said(..) | Event::Joined(_))),
        ) if seen.contains(later) || seen_end.is_some() => {
            "that the `Left` of a removed member is passed on in the middle of the event that removed it: the members after that \
             one receive the two in another order. Let it wait until this event has been passed on to all."
        }
        (Some(Event::Left(_, Reason::Dropped)), Some(Event::Left(_, Reason::Dropped))) => {
            "that the members that were dropped do not leave in the order in which they joined. `leave` should drop its `member` \
             first, and then remove it together with those that were dropped before."
        }
        (Some(Event::Left(..)), Some(Event::Left(..))) => {
            "that the `Left` of several members are passed on in another order than that in which they joined, as with a stack or \
             with `swap_remove`; or that the loop over the members skips the one after a member that it has removed."
        }
        (_, Some(Event::Said(_, text))) if text.is_empty() => {
            "that a text without characters is not passed on. It is a text like any other."
        }
        (_, Some(Event::Left(..))) => {
            "that a member is removed and the others are not told, or not all of them."
        }
        (Some(Event::Left(..)), None) => {
            "that a member is told to have left more than once, or although it is still in the room."
        }
        (_, Some(_)) => {
            "that the loop over the members ends at the first one that takes no event, or skips the one after it."
        }
        _ => return None,
    })
}

/// As `cause`, where members were dropped.
fn cause_of_dropped(wrong: &Received) -> Option<&'static str> {
    let at = first_difference(wrong);
    match (wrong.seen.get(at), wrong.expected.get(at)) {
        (Some(Event::Said(..)), Some(Event::Left(..))) => Some(
            "that a dropped member is noticed only when an event arrives for it. Remove it at the beginning of the call.",
        ),
        _ => cause(wrong),
    }
}

/// A room with `count` members, without one that is slow, and whose members have received everything so far.
fn joined(capacity: usize, count: usize) -> Pair {
    let mut pair = Pair::new(capacity);
    for n in 0..count {
        pair.join(&format!("m{n}"));
        (0..n).for_each(|who| pair.receive(who, 1));
    }
    pair
}

#[test]
fn passes_each_event_on_to_all_members() {
    grade_cases(async |case| {
        let mut pair = Pair::new(ROOMY);
        let steps = case.size("steps", 1..=30);
        for n in 0..steps {
            let (to_join, count) = (case.below(4) == 0, pair.count());
            if count == 0 || (to_join && count < NAMES.len()) {
                pair.join(NAMES[count]);
            } else {
                let from = case.below(count as u64) as usize;
                let text = match *case.pick("text", &["with characters", "empty"]) {
                    "empty" => String::new(),
                    _ => format!("text {n}"),
                };
                pair.say(from, &text);
            }
        }
        let wrong = pair.first_wrong();
        check_received(wrong.as_ref(), "If no queue is full,", cause);
    });
}

#[test]
fn removes_a_member_whose_queue_is_full() {
    grade_cases(async |case| {
        let capacity = case.size("capacity", 1..=40);
        let count = case.size("members", 1..=6);
        let slow = *case.pick("slow", &[0, 1, 2, 3]) % count;
        let texts = case.size_near("texts", capacity, 0..=100);
        let mut pair = joined(capacity, count);
        // Its queue is as empty as the others'.
        pair.receive(slow, ROOMY);
        for n in 0..texts {
            let from = (slow + 1) % count;
            pair.say(from, &format!("text {n}"));
            (0..count)
                .filter(|who| *who != slow)
                .for_each(|who| pair.receive(who, 2));
        }
        let wrong = pair.first_wrong();
        let given = format!(
            "With a queue of {}, and m{slow} receiving nothing,",
            plural(capacity, "event")
        );
        check_received(wrong.as_ref(), &given, cause);
        check_names(&pair);
    });
}

fn check_names(pair: &Pair) {
    let (seen, expected) = pair.names();
    check(seen == expected, || {
        Failure::new(format!("`names` should be {expected:?}; it was {seen:?}."))
            .usually(if seen.len() > expected.len() {
                "that a member is listed which has been removed, or whose `Member` was dropped."
            } else if seen.len() < expected.len() {
                "that the loop over the members skips one after it has removed another, or that a member is removed which has \
                 done nothing wrong."
            } else {
                "that the members do not stay in the order in which they joined. `swap_remove` and a `HashMap` change it."
            })
            .read(QUEUES)
    });
}

/// Several members have full queues, some of which only the `Left` of others fills.
#[test]
fn removals_follow_the_event_that_caused_them() {
    grade_cases(async |case| {
        let capacity = case.size("capacity", 1..=5);
        let count = case.size("members", 2..=8);
        let mut pair = joined(capacity, count);
        // How much room each of them has left.
        let room: Vec<_> = (0..count)
            .map(|_| *case.pick("room in its queue", &[5, 0, 1, 2]))
            .collect();
        for n in 0..capacity {
            pair.say(0, &format!("text {n}"));
        }
        for (who, room) in room.iter().enumerate() {
            pair.receive(who, (*room).min(capacity));
        }
        let before = pair.queues();
        pair.say(count - 1, "the last text");
        let wrong = pair.first_wrong();
        check_received(
            wrong.as_ref(),
            "When several members are too slow,",
            |wrong| match pair.is_added_in_front(&before, wrong) {
                true => Some(
                    "that the `Left` of a removed member is added in front of the events that wait to be passed on. It comes after all \
                     of them.",
                ),
                false => cause(wrong),
            },
        );
        check_names(&pair);
    });
}

#[test]
fn a_dropped_member_leaves_once() {
    grade_cases(async |case| {
        let count = case.size("members", 1..=6);
        let mut pair = joined(ROOMY, count);
        let rounds = case.size("rounds", 1..=6);
        for n in 0..rounds {
            let gone = case.below(count as u64) as usize;
            let mut how = *case.pick("how", &["leave", "drop", "drop"]);
            if !pair.exists(gone) {
                how = "drop"; // it is gone already
            }
            match how {
                "leave" => pair.leave(gone),
                _ => pair.drop_member(gone),
            }
            check_names(&pair);
            // `leave` tells at once, and the next call does if a member was dropped.
            if how == "leave" {
                let wrong = pair.first_wrong();
                check_received(wrong.as_ref(), "After a member has left,", |wrong| {
                    let is_untold = wrong.expected.starts_with(&wrong.seen);
                    match is_untold {
                        true => Some("that `leave` does not tell the others at once."),
                        false => cause_of_dropped(wrong),
                    }
                });
            } else if case.below(2) == 0 {
                let from = case.below(count as u64) as usize;
                pair.say(from, &format!("text {n}"));
                let is_gone = !pair.exists(from);
                let wrong = pair.first_wrong();
                check_received(
                    wrong.as_ref(),
                    "After members were dropped, and `say`,",
                    |wrong| {
                        let is_untold = wrong.expected.starts_with(&wrong.seen);
                        match is_untold && is_gone {
                            true => Some(
                                "that `say` returns at once if `from` is not in the room. It begins by removing the members that were \
                             dropped, and tells the others, like each method.",
                            ),
                            false => cause_of_dropped(wrong),
                        }
                    },
                );
            }
        }
        let wrong = pair.first_wrong();
        check_received(
            wrong.as_ref(),
            "After members were dropped,",
            cause_of_dropped,
        );
    });
}

/// The `Left` of a member that was dropped removes another one, whose queue is full.
#[test]
fn the_first_removal_is_over_before_the_event() {
    grade_cases(async |case| {
        let capacity = case.size("capacity", 4..=6);
        let count = case.size("members", 3..=6);
        let slow = case.below(count as u64) as usize;
        let dropped = (slow + 1 + case.below(count as u64 - 1) as usize) % count;
        let mut pair = joined(capacity, count);
        pair.receive(slow, ROOMY);
        for n in 0..capacity {
            pair.say(slow, &format!("text {n}"));
            (0..count)
                .filter(|who| *who != slow)
                .for_each(|who| pair.receive(who, 2));
        }
        pair.drop_member(dropped);
        match *case.pick(
            "then",
            &[
                "the slow one speaks",
                "another one speaks",
                "a new one joins",
            ],
        ) {
            "the slow one speaks" => pair.say(slow, "hello"),
            "another one speaks" => {
                let others = (0..count).find(|who| *who != slow && *who != dropped);
                pair.say(others.unwrap_or(0), "hello");
            }
            _ => drop(pair.join("new")),
        }
        let wrong = pair.first_wrong();
        let given =
            format!("When m{dropped} is dropped, and its `Left` finds the queue of m{slow} full,");
        check_received(wrong.as_ref(), &given, |wrong| {
            let at = first_difference(wrong);
            match (wrong.seen.get(at), wrong.expected.get(at)) {
                (Some(Event::Said(_, text)), None) if text == "hello" => Some(
                    "that `say` looks `from` up before the members that were dropped are removed. The `Left` of one has removed it: \
                     then it says nothing.",
                ),
                (
                    Some(Event::Said(..) | Event::Joined(_)),
                    Some(Event::Left(_, Reason::TooSlow)),
                ) => Some(
                    "that an event is passed on while another one waits. The first removal of a method should be over, with each \
                     `Left` that it causes, before the method's own event is passed on.",
                ),
                _ => cause(wrong),
            }
        });
        check_names(&pair);
    });
}

/// `Joined` finds full queues.
#[test]
fn a_new_member_does_not_receive_what_its_join_causes() {
    grade_cases(async |case| {
        let capacity = case.size("capacity", 6..=8);
        let count = case.size("members", 2..=5);
        let slow = case.size("slow members", 1..=count - 1);
        let mut pair = joined(capacity, count);
        for n in 0..capacity {
            for who in 0..count {
                // Before the first text, the slow ones have received everything, too.
                if n == 0 || who >= slow {
                    pair.receive(who, ROOMY);
                }
            }
            pair.say(count - 1, &format!("text {n}"));
        }
        (slow..count).for_each(|who| pair.receive(who, ROOMY));
        pair.join("new");
        let wrong = pair.first_wrong();
        let given = format!("When one joins, and {slow} of {count} queues are full,");
        check_received(wrong.as_ref(), &given, cause);
        check_names(&pair);
    });
}

#[test]
fn a_name_is_taken_while_its_member_is_in_the_room() {
    grade_cases(async |case| {
        let mut pair = Pair::new(3);
        let steps = case.size("steps", 1..=25);
        for n in 0..steps {
            let name = *case.pick("name", &NAMES);
            let (seen, expected) = pair.join(name);
            check(seen == expected, || {
                Failure::new(format!(
                    "{name} {} in the room, so `join` should return {}; it did not.",
                    if expected { "is not" } else { "is" },
                    if expected { "a `Member`" } else { "`NameTaken`" }
                ))
                .usually(if expected {
                    "that the name of a member stays taken when it was removed for being slow, or was dropped."
                } else {
                    "that the names of the members are not compared."
                })
                .read(QUEUES)
            });
            let count = pair.count();
            let who = case.below(count as u64) as usize;
            match case.below(4) {
                0 => pair.drop_member(who),
                1 => pair.receive(who, 10),
                _ => pair.say(who, &format!("text {n}")),
            }
        }
        let wrong = pair.first_wrong();
        check_received(wrong.as_ref(), "When names are used again,", cause);
    });
}

/// A member that was removed is not the member that has its name now.
#[test]
fn a_removed_member_is_not_its_namesake() {
    grade(async || {
        for action in ["says something", "leaves", "is dropped"] {
            let mut pair = Pair::new(2);
            for name in ["ann", "bob"] {
                pair.join(name);
            }
            // The first one receives nothing, and is removed. Then another one joins with its name.
            for n in 0..3 {
                pair.say(1, &format!("text {n}"));
                pair.receive(1, 10);
            }
            let (seen, expected) = pair.join("ann");
            if !(seen && expected) {
                return; // another test reports it
            }
            let ids: HashSet<_> = (0..3).map(|who| pair.id(who)).collect();
            check(ids.len() == 3, || {
                Failure::new(format!(
                    "3 members have joined, and should have 3 ids; they have {}.",
                    ids.len()
                ))
                .usually("that the id is the number of members, or belongs to the name.")
                .read(QUEUES)
            });
            for who in 1..3 {
                pair.receive(who, 10);
            }
            match action {
                "says something" => pair.say(0, "hello"),
                "leaves" => pair.leave(0),
                _ => pair.drop_member(0),
            }
            pair.say(2, "who is there?");
            let wrong = pair.first_wrong();
            check_received(
                wrong.as_ref(),
                "When a member was removed, another one has its name, and the first one acts,",
                |wrong| {
                    Some(
                        if wrong
                            .seen
                            .iter()
                            .any(|event| matches!(event, Event::Said(_, text) if text == "hello"))
                        {
                            "that a member is looked up by its name. A member that was removed has nothing to say; compare ids."
                        } else {
                            "that a member is removed by its name, and it is another one's now. Compare ids."
                        },
                    )
                },
            );
            check_names(&pair);
        }
    });
}

#[test]
fn any_sequence_of_calls() {
    grade_cases(async |case| {
        let capacity = case.size("capacity", 1..=8);
        let mut pair = Pair::new(capacity);
        let steps = case.size("steps", 1..=60);
        for n in 0..steps {
            let count = pair.count();
            if count == 0 || case.below(6) == 0 {
                let name = NAMES[case.below(5) as usize];
                let (seen, expected) = pair.join(name);
                check(seen == expected, || {
                    Failure::new(format!(
                        "`join` of {name} should be {expected}; it was {seen}."
                    ))
                });
                continue;
            }
            let who = case.below(count as u64) as usize;
            match case.below(12) {
                0 => pair.drop_member(who),
                1 => pair.leave(who),
                2..=6 if pair.exists(who) => pair.receive(who, 1 + case.below(6) as usize),
                _ => pair.say(who, &format!("text {n}")),
            }
            check_names(&pair);
        }
        let wrong = pair.first_wrong();
        check_received(wrong.as_ref(), "In the end", cause);
    });
}

#[test]
fn recv_waits_for_the_next_event() {
    grade_cases(async |case| {
        let mut pair = Pair::new(ROOMY);
        pair.join("ann");
        pair.join("bob");
        let mut room = pair.room;
        let Ok(mut member) = room.join("cat") else {
            return;
        };
        let from = member.id();
        let pauses = {
            let count = case.size("texts", 0..=20);
            case.whole_ms_each("pauses", count, 50)
        };
        let count = pauses.len();
        let log = Log::start();
        let receiving = async {
            while log.entries().len() < count {
                // A future that is dropped loses nothing.
                match case.drop_somewhere(timeout(LONG, member.recv())).await {
                    Some(Ok(Ok(event))) => log.add(event),
                    Some(_) => break,
                    None => case.turns().await,
                }
            }
        };
        let mut expected = Vec::new();
        let mut now = Duration::ZERO;
        for (n, pause) in pauses.iter().enumerate() {
            now += *pause;
            expected.push((now, Event::Said("cat".to_owned(), format!("text {n}"))));
        }
        let talking = async {
            for (n, pause) in pauses.iter().enumerate() {
                sleep(*pause).await;
                room.say(from, &format!("text {n}"));
            }
        };
        tokio::join!(receiving, talking);
        let seen = log.entries();
        check(seen == expected, || {
            Failure::new(format!(
                "`recv` should return {}; it returned {}.",
                shown(&expected, shown_event),
                shown(&seen, shown_event)
            ))
            .usually(if seen.len() < expected.len() {
                "that an event is lost when the future of `recv` is dropped, or that `recv` is not woken."
            } else {
                "that `recv` is not woken by an event, and looks again some time later."
            })
            .read(QUEUES)
        });
    });
}

#[test]
fn a_dropped_room_ends_recv() {
    grade_cases(async |case| {
        let capacity = case.size("capacity", 1..=5);
        let texts = case.size("texts", 0..=8);
        let waits = *case.pick("is waiting", &[false, true]);
        let Some(not_zero) = NonZeroUsize::new(capacity) else {
            return;
        };
        let mut room = Room::new(not_zero);
        let (Ok(mut member), Ok(quick)) = (room.join("cat"), room.join("dan")) else {
            return;
        };
        let mut expected = vec![Event::Joined("dan".to_owned())];
        if waits {
            // Empty, so that the next `recv` waits.
            let _ = member.recv().await;
            expected.clear();
        } else {
            for n in 0..texts {
                room.say(quick.id(), &format!("text {n}"));
                expected.push(Event::Said("dan".to_owned(), format!("text {n}")));
            }
        }
        let too_slow = expected.len() > capacity;
        expected.truncate(capacity);
        let expected_end = if too_slow {
            Reason::TooSlow
        } else {
            Reason::RoomClosed
        };
        let receiving = async {
            let mut seen = Vec::new();
            let end = loop {
                match timeout(LONG, member.recv()).await {
                    Ok(Ok(event)) if seen.len() < 100 => seen.push(event),
                    Ok(Ok(_)) | Err(_) => break None,
                    Ok(Err(reason)) => break Some(reason),
                }
            };
            let again = timeout(LONG, member.recv()).await;
            (seen, end, again.ok().and_then(Result::err))
        };
        // Dan receives nothing either.
        let dropping = async move {
            sleep(ms(if waits { 10 } else { 0 })).await;
            drop((room, quick));
        };
        let ((seen, end, again), ()) = tokio::join!(receiving, dropping);
        if !seen.starts_with(&expected[..seen.len().min(expected.len())]) {
            return; // another test reports it
        }
        check(end == Some(expected_end) && again == end, || {
            Failure::new(format!(
                "When its queue is empty and the room is dropped, `recv` should return Err({expected_end:?}), each time; it \
                 returned {} and then {}.",
                end.map_or("nothing".to_owned(), |end| format!("Err({end:?})")),
                again.map_or("nothing".to_owned(), |end| format!("Err({end:?})"))
            ))
            .usually(match end {
                None => "that the member keeps a sender of its own queue, so that this is never closed.",
                Some(_) if end == again => "that the reason is not stored when a member is removed, or is stored for every one.",
                Some(_) => "that the reason is taken by the first call.",
            })
            .read(QUEUES)
        });
    });
}
