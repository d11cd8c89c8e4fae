//! The data of a drawing, for a page on which its reader can explore it.
//!
//! It is JSON. It is written by hand, because everyone who solves exercises compiles this crate first, and a
//! JSON library would make that slower:
//!
//! ```json
//! {"end":100,"lanes":[{"name":"fetch 1","depth":0}],
//!  "events":[["created",0,0],["polled",0,0],["marked",0,0,"asks"],["woken",0,100],
//!            ["polled",0,100,{"woken":true,"outcome":"finished"}],["ended",0,100,"finished"]]}
//! ```
//!
//! Lanes are in the order of the rows, and events in the order in which they happened. An event has its kind,
//! its lane (`null` outside any), its instant in microseconds, and further details. The details of a poll are
//! only what is unusual: that it was woken, `until` if it blocked the thread, for how long the lane itself did
//! (`busy`), and how it ended the lane. `left_out` counts the polls, wake-ups and marks that were left out of a
//! lane or outside any; `more` summarizes the lanes that were left out.

use std::fmt::{self, Display, Write as _};
use std::time::Duration;

use super::rows::Rows;
use crate::model::{End, Outcome, Poll, Step, Timeline};

/// A lane has no more polls, wake-ups and marks than this.
const MOST_OF_A_LANE: usize = 4000;
/// No more of them are added once all events together take this many bytes.
const MOST_BYTES: usize = 128 << 10;
/// A longer text is cut, in characters.
const LONGEST_TEXT: usize = 400;

/// The JSON. No character in it has a meaning in XML, in Markdown or for mdBook, so it can be the value of an
/// attribute in single quotes.
pub(crate) fn write(timeline: &Timeline, rows: &Rows<'_>) -> String {
    let events = Events::of(timeline, rows);
    let mut json = format!("{{\"end\":{},\"lanes\":[", Micros(rows.axis.end()));
    for (index, row) in rows.shown.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let (name, depth) = (Quoted(&row.lane.name), row.depth);
        let left_out = LeftOut(events.left_out[index]);
        // Writing to a String does not fail.
        let _ = write!(
            json,
            "{comma}{{\"name\":{name},\"depth\":{depth}{left_out}}}"
        );
    }
    let program = LeftOut(events.left_out[rows.shown.len()]);
    let _ = write!(json, "],\"events\":[{}]{program}", events.json);
    if let Some(more) = rows.rest.summary() {
        let more = format!("and {more}");
        let _ = write!(json, ",\"more\":{}", Quoted(&more));
    }
    json.push('}');
    json
}

/// The events of the lanes that are shown.
struct Events {
    json: String,
    /// How many events each row has. The last entry is for events outside any lane.
    added: Vec<usize>,
    /// How many events of each row are left out.
    left_out: Vec<usize>,
}

impl Events {
    fn of(timeline: &Timeline, rows: &Rows<'_>) -> Self {
        let mut row_of = vec![None; timeline.lanes.len()];
        for (row, shown) in rows.shown.iter().enumerate() {
            row_of[shown.index] = Some(row);
        }
        let mut events = Self {
            json: String::new(),
            added: vec![0; rows.shown.len() + 1],
            left_out: vec![0; rows.shown.len() + 1],
        };
        for step in &timeline.order {
            events.add(timeline, &row_of, *step);
        }
        events
    }

    /// Adds a step, unless its lane is not shown or is no longer in the timeline.
    fn add(&mut self, timeline: &Timeline, row_of: &[Option<usize>], step: Step) -> Option<()> {
        let row_of = |lane: usize| row_of.get(lane).copied().flatten();
        match step {
            Step::Created { lane } => {
                let (row, at) = (row_of(lane)?, Micros(timeline.lanes[lane].created));
                self.push(format_args!("[\"created\",{row},{at}]"));
            }
            Step::Polled { lane, poll } => {
                let row = row_of(lane)?;
                let poll = Polled(timeline.lanes[lane].polls.get(poll)?);
                self.push_if_room(row, format_args!("[\"polled\",{row},{poll}]"));
            }
            Step::Woken { lane, wake } => {
                let row = row_of(lane)?;
                let at = Micros(*timeline.lanes[lane].wakes.get(wake)?);
                self.push_if_room(row, format_args!("[\"woken\",{row},{at}]"));
            }
            Step::Marked {
                lane: Some(lane),
                mark,
            } => {
                let row = row_of(lane)?;
                let mark = timeline.lanes[lane].marks.get(mark)?;
                let (at, text) = (Micros(mark.at), Quoted(&mark.text));
                self.push_if_room(row, format_args!("[\"marked\",{row},{at},{text}]"));
            }
            Step::Marked { lane: None, mark } => {
                let mark = timeline.marks.get(mark)?;
                let (at, text) = (Micros(mark.at), Quoted(&mark.text));
                let program = self.added.len() - 1;
                self.push_if_room(program, format_args!("[\"marked\",null,{at},{text}]"));
            }
            Step::Ended { lane } => {
                let row = row_of(lane)?;
                let end = timeline.lanes[lane].end;
                let outcome = match end {
                    End::Finished(_) => "finished",
                    End::Dropped(_) => "dropped",
                    End::Panicked(_) => "panicked",
                    End::Pending => return None,
                };
                let at = Micros(end.at()?);
                self.push(format_args!("[\"ended\",{row},{at},\"{outcome}\"]"));
            }
        }
        Some(())
    }

    /// Adds an event that each lane has only one of, which is never left out.
    fn push(&mut self, event: fmt::Arguments<'_>) {
        let comma = if self.json.is_empty() { "" } else { "," };
        // Writing to a String does not fail.
        let _ = write!(self.json, "{comma}{event}");
    }

    /// Once an event of a lane is left out, all later ones are too, so that its polls can be counted.
    fn push_if_room(&mut self, row: usize, event: fmt::Arguments<'_>) {
        let room = self.left_out[row] == 0
            && self.added[row] < MOST_OF_A_LANE
            && self.json.len() < MOST_BYTES;
        if room {
            self.added[row] += 1;
            self.push(event);
        } else {
            self.left_out[row] += 1;
        }
    }
}

/// The instant at which a poll began, and what is unusual about it.
struct Polled<'a>(&'a Poll);

impl Display for Polled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let poll = self.0;
        let mut unusual = Vec::new();
        if poll.woken {
            unusual.push("\"woken\":true".to_owned());
        }
        if poll.until > poll.at {
            unusual.push(format!("\"until\":{}", Micros(poll.until)));
        }
        if !poll.busy.is_zero() {
            unusual.push(format!("\"busy\":{}", Micros(poll.busy)));
        }
        match poll.outcome {
            Outcome::Pending => {}
            Outcome::Ready => unusual.push("\"outcome\":\"finished\"".to_owned()),
            Outcome::Panicked => unusual.push("\"outcome\":\"panicked\"".to_owned()),
        }
        write!(f, "{}", Micros(poll.at))?;
        if unusual.is_empty() {
            return Ok(());
        }
        write!(f, ",{{{}}}", unusual.join(","))
    }
}

struct LeftOut(usize);

impl Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => Ok(()),
            count => write!(f, ",\"left_out\":{count}"),
        }
    }
}

struct Micros(Duration);

impl Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.as_micros())
    }
}

/// A JSON string. Characters that could end it, the attribute around it or a line are escaped.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(LONGEST_TEXT) {
            match character {
                '"' | '\\' | '\'' | '<' | '>' | '&' | '{' | '}' | '\u{FFFE}' | '\u{FFFF}' => {
                    write!(f, "\\u{:04x}", u32::from(character))?;
                }
                _ if character.is_control() => write!(f, "\\u{:04x}", u32::from(character))?,
                _ => f.write_char(character)?,
            }
        }
        if characters.next().is_some() {
            f.write_char('…')?;
        }
        f.write_char('"')
    }
}
