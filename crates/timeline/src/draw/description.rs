//! Describes a timeline in sentences.

use std::collections::BTreeSet;
use std::time::Duration;

use super::rows::{Rest, Rows};
use super::words;
use crate::model::{End, LaneRecord, Outcome, Poll, Step, Timeline};

/// A description with more events than this leaves out routine polls and wake-ups.
const MANY: usize = 60;
/// A description has at most this many events.
const MOST: usize = 150;
/// If there are more names than this, the rest are counted.
const MOST_NAMES: usize = 6;

pub(crate) fn of(timeline: &Timeline) -> String {
    let rows = Rows::of(timeline);
    let shown: BTreeSet<usize> = rows.shown.iter().map(|row| row.index).collect();
    let mut events: Vec<Event> = (0..timeline.order.len())
        .filter_map(|step| event(timeline, step))
        .filter(|event| event.lane.is_none_or(|lane| shown.contains(&lane)))
        .collect();
    if events.len() > MANY {
        events.retain(|event| !event.verb.is_routine());
    }
    let left_out = events.len().saturating_sub(MOST);
    events.truncate(MOST);

    let mut sentences = vec![opening(timeline)];
    sentences.extend(nesting(timeline, &shown));
    sentences.extend(
        events
            .chunk_by(|a, b| a.at == b.at)
            .map(|events| instant(timeline, events)),
    );
    if left_out > 0 {
        let count = words::count(left_out);
        sentences.push(format!("{count} more events are left out."));
    }
    if let Some(summary) = rows.rest.summary() {
        sentences.push(format!("Not described here: {summary}."));
    }
    sentences.extend(still_pending(timeline, &shown));
    sentences.join(" ")
}

fn opening(timeline: &Timeline) -> String {
    let lanes = match timeline.lanes.len() {
        0 => return format!("No lanes in {}.", words::instant(timeline.end)),
        1 => "1 lane".to_owned(),
        count => format!("{} lanes", words::count(count)),
    };
    let time = words::instant(timeline.end);
    format!("{lanes} in {time}: {}.", Rest::all(timeline).outcomes())
}

/// Which lanes were created inside which.
fn nesting(timeline: &Timeline, shown: &BTreeSet<usize>) -> Vec<String> {
    shown
        .iter()
        .filter_map(|parent| {
            let children = shown.iter().copied();
            let children: Vec<usize> = children
                .filter(|child| timeline.lanes[*child].parent == Some(*parent))
                .collect();
            let inside = names(timeline, &children);
            let outer = name(&timeline.lanes[*parent]);
            (!children.is_empty()).then(|| format!("Inside {outer}: {inside}."))
        })
        .collect()
}

fn still_pending(timeline: &Timeline, shown: &BTreeSet<usize>) -> Option<String> {
    let pending = shown.iter().copied();
    let pending: Vec<usize> = pending
        .filter(|lane| timeline.lanes[*lane].end == End::Pending)
        .collect();
    let verb = if pending.len() == 1 { "is" } else { "are" };
    let (end, names) = (words::instant(timeline.end), names(timeline, &pending));
    (!pending.is_empty()).then(|| format!("At {end}, {names} {verb} still pending."))
}

/// Something that the description mentions.
#[derive(Debug, Clone, PartialEq)]
struct Event {
    at: Duration,
    lane: Option<usize>,
    verb: Verb,
}

#[derive(Debug, Clone, PartialEq)]
enum Verb {
    Created,
    Started,
    Resumed,
    PolledUnwoken,
    Blocked(Duration),
    Woken,
    Logged(String),
    Finished,
    Dropped,
    DroppedUnpolled,
    Panicked,
}

impl Verb {
    fn is_routine(&self) -> bool {
        matches!(self, Self::Resumed | Self::PolledUnwoken | Self::Woken)
    }

    fn phrase(&self, count: usize) -> String {
        let (one, several) = match self {
            Self::Created => ("is created", "are created"),
            Self::Started => ("starts", "start"),
            Self::Resumed => ("resumes", "resume"),
            Self::PolledUnwoken => (
                "is polled without a wake-up",
                "are polled without a wake-up",
            ),
            Self::Woken => ("is woken", "are woken"),
            Self::Finished => ("finishes", "finish"),
            Self::Dropped => ("is dropped", "are dropped"),
            Self::DroppedUnpolled => (
                "is dropped before its first poll",
                "are dropped before their first poll",
            ),
            Self::Panicked => ("panics", "panic"),
            Self::Logged(text) => return format!("logs \"{text}\""),
            Self::Blocked(time) => {
                return format!("blocks the thread for {}", words::instant(*time));
            }
        };
        if count == 1 { one } else { several }.to_owned()
    }
}

/// What the description says about a step, or `None` if it says nothing.
fn event(timeline: &Timeline, step: usize) -> Option<Event> {
    let (at, lane, verb) = match timeline.order[step] {
        Step::Created { lane } => {
            let record = timeline.lanes.get(lane)?;
            let starts = record.polls.first().map(|poll| poll.at);
            (starts != Some(record.created)).then_some((
                record.created,
                Some(lane),
                Verb::Created,
            ))?
        }
        Step::Polled { lane, poll } => {
            let record = timeline.lanes.get(lane)?;
            let verb = polled(timeline, step, record, poll)?;
            (record.polls[poll].at, Some(lane), verb)
        }
        Step::Woken { lane, wake } => {
            let record = timeline.lanes.get(lane)?;
            let at = *record.wakes.get(wake)?;
            let later = record.polls.partition_point(|poll| poll.at < at);
            let mut at_once = record.polls[later..]
                .iter()
                .take_while(|poll| poll.at == at);
            let answered = at_once.any(|poll| poll.woken);
            (!answered).then_some((at, Some(lane), Verb::Woken))?
        }
        Step::Marked { lane, mark } => {
            let marks = match lane {
                Some(lane) => &timeline.lanes.get(lane)?.marks,
                None => &timeline.marks,
            };
            let mark = marks.get(mark)?;
            (mark.at, lane, Verb::Logged(words::one_line(&mark.text)))
        }
        Step::Ended { lane } => {
            let record = timeline.lanes.get(lane)?;
            let verb = match record.end {
                End::Finished(_) => Verb::Finished,
                End::Dropped(_) if record.polls.is_empty() => Verb::DroppedUnpolled,
                End::Dropped(_) => Verb::Dropped,
                End::Panicked(_) => Verb::Panicked,
                End::Pending => return None,
            };
            (record.end.at()?, Some(lane), verb)
        }
    };
    Some(Event { at, lane, verb })
}

fn polled(timeline: &Timeline, step: usize, lane: &LaneRecord, index: usize) -> Option<Verb> {
    let poll: &Poll = lane.polls.get(index)?;
    let inside = match timeline.order.get(step + 1) {
        Some(Step::Polled { lane: next, .. }) => timeline.lanes.get(*next)?.parent,
        _ => None,
    };
    let passes_on =
        matches!(timeline.order[step], Step::Polled { lane, .. } if inside == Some(lane));
    match poll {
        Poll { busy, .. } if !busy.is_zero() => Some(Verb::Blocked(*busy)),
        _ if index == 0 => Some(Verb::Started),
        // The end of a lane is mentioned instead of its last poll, and an inner lane instead of the outer one.
        Poll { outcome, .. } if *outcome != Outcome::Pending || passes_on => None,
        Poll { woken: true, .. } => Some(Verb::Resumed),
        Poll { woken: false, .. } => Some(Verb::PolledUnwoken),
    }
}

/// One sentence for everything that happened at one instant.
fn instant(timeline: &Timeline, events: &[Event]) -> String {
    // Lanes and their verbs: lanes that do the same share a phrase, and so do consecutive verbs of one lane.
    let mut phrases: Vec<(Vec<usize>, Vec<String>)> = Vec::new();
    for events in events.chunk_by(|a, b| a.verb == b.verb && a.lane.is_some() && b.lane.is_some()) {
        let mut lanes: Vec<usize> = events.iter().filter_map(|event| event.lane).collect();
        lanes.dedup();
        let verb = events[0].verb.phrase(lanes.len().max(1));
        match phrases.last_mut() {
            Some((before, verbs)) if *before == lanes => verbs.push(verb),
            _ => phrases.push((lanes, vec![verb])),
        }
    }
    let phrases: Vec<String> = phrases
        .iter()
        .map(|(lanes, verbs)| {
            let subject = match lanes.as_slice() {
                [] => "the program".to_owned(),
                lanes => names(timeline, lanes),
            };
            format!("{subject} {}", words::list(verbs))
        })
        .collect();
    format!(
        "At {}, {}.",
        words::instant(events[0].at),
        phrases.join("; ")
    )
}

fn names(timeline: &Timeline, lanes: &[usize]) -> String {
    let most = if lanes.len() > MOST_NAMES {
        MOST_NAMES - 1
    } else {
        lanes.len()
    };
    let mut names: Vec<String> = lanes[..most]
        .iter()
        .map(|lane| name(&timeline.lanes[*lane]))
        .collect();
    if most < lanes.len() {
        names.push(format!("{} more", words::count(lanes.len() - most)));
    }
    words::list(&names)
}

fn name(lane: &LaneRecord) -> String {
    words::one_line(&lane.name)
}
