//! Reads a record that anyone may have written.

use std::time::Duration;

use super::HEADER;
use super::write::LONGEST_ITERATION;
use crate::model::{End, LaneRecord, Mark, Outcome, Poll, Step, Timeline};

/// A record with more events is refused. A poll that is repeated until the grader stops it has a fifth of them.
pub(crate) const MOST_EVENTS: usize = 1 << 20;

/// A record with more bytes of names and marks is refused.
const MOST_TEXT: usize = 32 << 20;

pub(super) fn timeline(record: &str) -> Option<Timeline> {
    let mut lines = record.lines();
    let mut reader = Reader {
        timeline: Timeline {
            end: duration(lines.next()?.strip_prefix(HEADER)?.strip_prefix(' ')?)?,
            ..Timeline::default()
        },
        last: Duration::ZERO,
        text: 0,
    };
    let mut before: Vec<&str> = Vec::new();
    for line in lines {
        match line.strip_prefix("again ") {
            Some(again) => {
                let (length, times) = again.split_once(' ')?;
                let (length, times): (usize, usize) = (length.parse().ok()?, times.parse().ok()?);
                let start = before.len().checked_sub(length)?;
                if !(1..=LONGEST_ITERATION).contains(&length) {
                    return None;
                }
                for _ in 0..times {
                    for line in &before[start..] {
                        reader.event(line)?;
                    }
                }
            }
            None => {
                reader.event(line)?;
                before.push(line);
            }
        }
    }
    Some(reader.timeline)
}

struct Reader {
    timeline: Timeline,
    /// The instant of the last event.
    last: Duration,
    /// How many bytes of text there are so far.
    text: usize,
}

impl Reader {
    fn event(&mut self, line: &str) -> Option<()> {
        if self.timeline.order.len() == MOST_EVENTS {
            return None;
        }
        let (kind, rest) = line.split_once(' ')?;
        let (since, rest) = rest.split_once(' ')?;
        let at = self.instant(since)?;
        let step = match kind {
            "created" => self.created(at, rest),
            "polled" => self.polled(at, rest),
            "woken" => {
                let lane = rest.parse().ok()?;
                let wakes = &mut self.pending(lane)?.wakes;
                wakes.push(at);
                let wake = wakes.len() - 1;
                Some(Step::Woken { lane, wake })
            }
            "marked" => self.marked(at, rest),
            "ended" => self.ended(at, rest),
            _ => None,
        }?;
        self.last = at;
        self.timeline.order.push(step);
        Some(())
    }

    fn created(&mut self, created: Duration, rest: &str) -> Option<Step> {
        let (parent, name) = rest.split_once(' ')?;
        let (parent, name) = (self.lane_or_none(parent)?, self.text(name)?);
        let lane = self.timeline.lanes.len();
        self.timeline.lanes.push(LaneRecord {
            name,
            parent,
            created,
            polls: Vec::new(),
            wakes: Vec::new(),
            marks: Vec::new(),
            end: End::Pending,
        });
        Some(Step::Created { lane })
    }

    fn polled(&mut self, at: Duration, rest: &str) -> Option<Step> {
        let mut words = rest.split(' ');
        let lane = words.next()?.parse().ok()?;
        let (took, busy) = (duration(words.next()?)?, duration(words.next()?)?);
        let (outcome, woken) = match words.next()?.split_at_checked(1)? {
            ("P", woken) => (Outcome::Pending, woken),
            ("R", woken) => (Outcome::Ready, woken),
            ("X", woken) => (Outcome::Panicked, woken),
            _ => return None,
        };
        let until = at + took;
        let polls = &mut self.pending(lane)?.polls;
        polls.push(Poll {
            at,
            until,
            busy,
            woken: woken == "w",
            outcome,
        });
        let poll = polls.len() - 1;
        Some(Step::Polled { lane, poll })
    }

    fn marked(&mut self, at: Duration, rest: &str) -> Option<Step> {
        let (lane, text) = rest.split_once(' ')?;
        let (lane, text) = (self.lane_or_none(lane)?, self.text(text)?);
        let marks = match lane {
            Some(lane) => &mut self.timeline.lanes.get_mut(lane)?.marks,
            None => &mut self.timeline.marks,
        };
        marks.push(Mark { at, text });
        let mark = marks.len() - 1;
        Some(Step::Marked { lane, mark })
    }

    fn ended(&mut self, at: Duration, rest: &str) -> Option<Step> {
        let (lane, how) = rest.split_once(' ')?;
        let lane = lane.parse().ok()?;
        self.pending(lane)?.end = match how {
            "finished" => End::Finished(at),
            "dropped" => End::Dropped(at),
            "panicked" => End::Panicked(at),
            _ => return None,
        };
        Some(Step::Ended { lane })
    }

    /// The lane of this index, unless it has ended.
    fn pending(&mut self, lane: usize) -> Option<&mut LaneRecord> {
        let lane = self.timeline.lanes.get_mut(lane)?;
        (lane.end == End::Pending).then_some(lane)
    }

    /// The index of a lane that has been created, or `None` for `-`.
    fn lane_or_none(&self, word: &str) -> Option<Option<usize>> {
        if word == "-" {
            return Some(None);
        }
        let lane = word.parse().ok()?;
        (lane < self.timeline.lanes.len()).then_some(Some(lane))
    }

    fn text(&mut self, escaped: &str) -> Option<String> {
        self.text += escaped.len();
        (self.text <= MOST_TEXT)
            .then(|| unescaped(escaped))
            .flatten()
    }

    fn instant(&self, since: &str) -> Option<Duration> {
        match since.strip_prefix('-') {
            Some(before) => self.last.checked_sub(duration(before)?),
            None => self.last.checked_add(duration(since)?),
        }
    }
}

fn duration(nanoseconds: &str) -> Option<Duration> {
    Some(Duration::from_nanos(nanoseconds.parse().ok()?))
}

fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('\\');
    let mut unescaped = parts.next()?.to_owned();
    while let Some(part) = parts.next() {
        if let Some((code, rest)) = part
            .strip_prefix("u{")
            .and_then(|code| code.split_once('}'))
        {
            unescaped.push(u32::from_str_radix(code, 16).ok()?.try_into().ok()?);
            unescaped.push_str(rest);
        } else if part.is_empty() {
            unescaped.push('\\');
            unescaped.push_str(parts.next()?);
        } else {
            return None;
        }
    }
    Some(unescaped)
}
