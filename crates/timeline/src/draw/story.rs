//! What happened, in sentences.

use std::collections::BTreeSet;
use std::time::Duration;

use super::rows::{Rest, Rows};
use super::words;
use crate::model::{End, LaneRecord, Outcome, Poll, Step, Timeline};

/// A story with more events than this leaves out polls that came to nothing.
const MANY: usize = 60;
/// Nobody listens to more than this.
const MOST: usize = 150;
/// More names than this are counted.
const MOST_NAMES: usize = 6;

pub(crate) fn tell(timeline: &Timeline) -> String {
    let rows = Rows::of(timeline);
    let told: BTreeSet<usize> = rows.shown.iter().map(|row| row.index).collect();
    let mut events: Vec<Event> = (0..timeline.order.len())
        .filter_map(|step| event(timeline, step))
        .filter(|event| event.lane.is_none_or(|lane| told.contains(&lane)))
        .collect();
    if events.len() > MANY {
        events.retain(|event| !event.verb.is_routine());
    }
    let left_out = events.len().saturating_sub(MOST);
    events.truncate(MOST);

    let mut sentences = vec![opening(timeline)];
    sentences.extend(families(timeline, &told));
    sentences.extend(
        events
            .chunk_by(|a, b| a.at == b.at)
            .map(|events| instant(timeline, events)),
    );
    if left_out > 0 {
        let count = words::count(left_out);
        sentences.push(format!("{count} more events are left out here."));
    }
    if let Some(summary) = rows.rest.summary() {
        sentences.push(format!("All this, {summary}."));
    }
    sentences.extend(still_open(timeline, &told));
    sentences.join(" ")
}

fn opening(timeline: &Timeline) -> String {
    let lanes = match timeline.lanes.len() {
        0 => return format!("No lanes, {}.", words::instant(timeline.end)),
        1 => "1 lane".to_owned(),
        count => format!("{} lanes", words::count(count)),
    };
    let time = words::instant(timeline.end);
    format!("{lanes}, {time}: {}.", Rest::all(timeline).outcomes())
}

/// Which lanes were created inside which.
fn families(timeline: &Timeline, told: &BTreeSet<usize>) -> Vec<String> {
    told.iter()
        .filter_map(|parent| {
            let children = told.iter().copied();
            let children: Vec<usize> = children
                .filter(|child| timeline.lanes[*child].parent == Some(*parent))
                .collect();
            let inside = names(timeline, &children);
            let outer = name(&timeline.lanes[*parent]);
            (!children.is_empty()).then(|| format!("Inside {outer}: {inside}."))
        })
        .collect()
}

fn still_open(timeline: &Timeline, told: &BTreeSet<usize>) -> Option<String> {
    let open = told.iter().copied();
    let open: Vec<usize> = open
        .filter(|lane| timeline.lanes[*lane].end == End::Open)
        .collect();
    let verb = if open.len() == 1 { "is" } else { "are" };
    let (end, names) = (words::instant(timeline.end), names(timeline, &open));
    (!open.is_empty()).then(|| format!("At {end}, {names} {verb} still open."))
}

/// Something worth a word.
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
    GoesOn,
    PolledAlong,
    Holds(Duration),
    Woken,
    Says(String),
    Finished,
    Dropped,
    DroppedUnpolled,
    Panicked,
}

impl Verb {
    fn is_routine(&self) -> bool {
        matches!(self, Self::GoesOn | Self::PolledAlong | Self::Woken)
    }

    fn said_of(&self, count: usize) -> String {
        let (one, several) = match self {
            Self::Created => ("is created", "are created"),
            Self::Started => ("starts", "start"),
            Self::GoesOn => ("goes on", "go on"),
            Self::PolledAlong => ("is polled along", "are polled along"),
            Self::Woken => ("is woken", "are woken"),
            Self::Finished => ("finishes", "finish"),
            Self::Dropped => ("is dropped", "are dropped"),
            Self::DroppedUnpolled => ("is dropped, never polled", "are dropped, never polled"),
            Self::Panicked => ("panics", "panic"),
            Self::Says(text) => return format!("says \"{text}\""),
            Self::Holds(time) => return format!("holds the thread for {}", words::instant(*time)),
        };
        if count == 1 { one } else { several }.to_owned()
    }
}

/// What there is to say about a step; `None` if it goes without saying.
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
            (mark.at, lane, Verb::Says(words::one_line(&mark.text)))
        }
        Step::Ended { lane } => {
            let record = timeline.lanes.get(lane)?;
            let verb = match record.end {
                End::Finished(_) => Verb::Finished,
                End::Dropped(_) if record.polls.is_empty() => Verb::DroppedUnpolled,
                End::Dropped(_) => Verb::Dropped,
                End::Panicked(_) => Verb::Panicked,
                End::Open => return None,
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
        Poll { busy, .. } if !busy.is_zero() => Some(Verb::Holds(*busy)),
        _ if index == 0 => Some(Verb::Started),
        // Its end says more than its last poll, and the lane inside more than the one around it.
        Poll { outcome, .. } if *outcome != Outcome::Pending || passes_on => None,
        Poll { woken: true, .. } => Some(Verb::GoesOn),
        Poll { woken: false, .. } => Some(Verb::PolledAlong),
    }
}

/// One sentence for all that happened at one instant.
fn instant(timeline: &Timeline, events: &[Event]) -> String {
    // Who, and what they do: all that do the same in one phrase, then all that one does.
    let mut phrases: Vec<(Vec<usize>, Vec<String>)> = Vec::new();
    for events in events.chunk_by(|a, b| a.verb == b.verb && a.lane.is_some() && b.lane.is_some()) {
        let mut lanes: Vec<usize> = events.iter().filter_map(|event| event.lane).collect();
        lanes.dedup();
        let verb = events[0].verb.said_of(lanes.len().max(1));
        match phrases.last_mut() {
            Some((before, verbs)) if *before == lanes => verbs.push(verb),
            _ => phrases.push((lanes, vec![verb])),
        }
    }
    let phrases: Vec<String> = phrases
        .iter()
        .map(|(lanes, verbs)| {
            let who = match lanes.as_slice() {
                [] => "the program".to_owned(),
                lanes => names(timeline, lanes),
            };
            format!("{who} {}", words::list(verbs))
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
