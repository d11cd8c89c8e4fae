//! Writes a record.

use std::fmt::{self, Display, Write as _};
use std::time::Duration;

use super::HEADER;
use crate::model::{End, Outcome, Poll, Step, Timeline};

/// The longest sequence of lines whose repetitions are counted. An iteration of a loop rarely has more.
pub(super) const LONGEST_ITERATION: usize = 16;

pub(super) fn record(timeline: &Timeline) -> String {
    let mut last = Duration::ZERO;
    let steps = timeline.order.iter();
    let lines: Vec<String> = steps
        .filter_map(|step| line(timeline, *step, &mut last))
        .collect();
    let mut text = format!("{HEADER} {}\n", timeline.end.as_nanos());
    let mut rest = &lines[..];
    while let [first, others @ ..] = rest {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{first}");
        rest = others;
        let written = lines.len() - rest.len();
        if let Some((iteration, times)) = repetitions(&lines, written) {
            let _ = writeln!(text, "again {iteration} {times}");
            rest = &rest[iteration * times..];
        }
    }
    text
}

/// How many of the lines before `written` are repeated after it, and how often, if it is shorter to say so.
fn repetitions(lines: &[String], written: usize) -> Option<(usize, usize)> {
    let candidates = (1..=LONGEST_ITERATION.min(written)).map(|length| {
        let iteration = &lines[written - length..written];
        let next = lines[written..].chunks(length);
        let times = next.take_while(|chunk| *chunk == iteration).count();
        (length, times)
    });
    candidates
        .filter(|(length, times)| length * times > 1)
        .max_by_key(|(length, times)| length * times)
}

/// The line of an event, unless it is no longer in the timeline. `last` is the instant of the previous line.
fn line(timeline: &Timeline, step: Step, last: &mut Duration) -> Option<String> {
    let mut since = |at: Duration| {
        let since = Since(at, *last);
        *last = at;
        since
    };
    Some(match step {
        Step::Created { lane } => {
            let lane = timeline.lanes.get(lane)?;
            let (since, parent) = (since(lane.created), OrNone(lane.parent));
            format!("created {since} {parent} {}", Escaped(&lane.name))
        }
        Step::Polled { lane, poll } => {
            let poll = timeline.lanes.get(lane)?.polls.get(poll)?;
            format!("polled {} {lane} {}", since(poll.at), Details(poll))
        }
        Step::Woken { lane, wake } => {
            let at = *timeline.lanes.get(lane)?.wakes.get(wake)?;
            format!("woken {} {lane}", since(at))
        }
        Step::Marked { lane, mark } => {
            let marks = match lane {
                Some(lane) => &timeline.lanes.get(lane)?.marks,
                None => &timeline.marks,
            };
            let mark = marks.get(mark)?;
            let (since, lane) = (since(mark.at), OrNone(lane));
            format!("marked {since} {lane} {}", Escaped(&mark.text))
        }
        Step::Ended { lane } => {
            let end = timeline.lanes.get(lane)?.end;
            let how = match end {
                End::Finished(_) => "finished",
                End::Dropped(_) => "dropped",
                End::Panicked(_) => "panicked",
                End::Pending => return None,
            };
            format!("ended {} {lane} {how}", since(end.at()?))
        }
    })
}

/// The nanoseconds since another instant, which may be later: the clocks of two threads are not the same.
struct Since(Duration, Duration);

impl Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(at, last) = self;
        match at.checked_sub(*last) {
            Some(since) => write!(f, "{}", since.as_nanos()),
            None => write!(f, "-{}", (*last - *at).as_nanos()),
        }
    }
}

struct OrNone(Option<usize>);

impl Display for OrNone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(lane) => write!(f, "{lane}"),
            None => f.write_char('-'),
        }
    }
}

struct Details<'a>(&'a Poll);

impl Display for Details<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let poll = self.0;
        let took = poll.until.saturating_sub(poll.at).as_nanos();
        let outcome = match poll.outcome {
            Outcome::Pending => 'P',
            Outcome::Ready => 'R',
            Outcome::Panicked => 'X',
        };
        let woken = if poll.woken { 'w' } else { '-' };
        write!(f, "{took} {} {outcome}{woken}", poll.busy.as_nanos())
    }
}

/// Text on one line, without characters that separate the parts of a report.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '\\' => f.write_str("\\\\")?,
                _ if character.is_control() => write!(f, "\\u{{{:x}}}", u32::from(character))?,
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    }
}
