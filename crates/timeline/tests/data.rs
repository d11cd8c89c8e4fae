//! The data of a drawing contains everything that the timeline contains.

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use roxmltree::Document;
use serde_json::Value;
use support::random::random_timelines;
use support::{ms, record, scenes};
use timeline::{End, InLane, LaneRecord, Mark, Outcome, Poll, Timeline};
use tokio::task::yield_now;
use tracing::info;

fn data(timeline: &Timeline) -> Value {
    let svg = timeline.to_svg("a", "b");
    let document = Document::parse(&svg).expect("it is well-formed");
    let data = document
        .descendants()
        .find_map(|node| node.attribute("data-timeline"));
    serde_json::from_str(data.expect("there is data")).expect("it is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn micros(value: &Value) -> Duration {
    Duration::from_micros(value.as_u64().expect("a number"))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn number(value: &Value) -> usize {
    let number = value.as_u64().expect("a number");
    usize::try_from(number).expect("it is small")
}

/// The lanes and the program's marks, put together from the data alone.
fn read(data: &Value) -> (Vec<LaneRecord>, Vec<Mark>) {
    let mut lanes: Vec<LaneRecord> = Vec::new();
    for lane in list(&data["lanes"]) {
        // Its parent is the last lane before it with a smaller depth.
        let depth = number(&lane["depth"]);
        let before = list(&data["lanes"])[..lanes.len()].iter();
        let parent = before
            .enumerate()
            .filter(|(_, other)| number(&other["depth"]) < depth)
            .map(|(index, _)| index)
            .next_back();
        lanes.push(LaneRecord {
            name: text(&lane["name"]).to_owned(),
            parent,
            created: Duration::MAX,
            polls: Vec::new(),
            wakes: Vec::new(),
            marks: Vec::new(),
            end: End::Pending,
        });
    }
    let mut marks = Vec::new();
    for event in list(&data["events"]) {
        let (kind, lane, at) = (text(&event[0]), &event[1], micros(&event[2]));
        let mark = || Mark {
            at,
            text: text(&event[3]).to_owned(),
        };
        if lane.is_null() {
            marks.push(mark());
            continue;
        }
        let lane = &mut lanes[number(lane)];
        match kind {
            "created" => lane.created = at,
            "polled" => {
                let unusual = event.get(3).unwrap_or(&Value::Null);
                lane.polls.push(Poll {
                    at,
                    until: unusual.get("until").map_or(at, micros),
                    busy: unusual.get("busy").map_or(Duration::ZERO, micros),
                    woken: unusual["woken"] == true,
                    outcome: match unusual["outcome"].as_str() {
                        None => Outcome::Pending,
                        Some("finished") => Outcome::Ready,
                        Some("panicked") => Outcome::Panicked,
                        Some(other) => panic!("no outcome is called `{other}`"),
                    },
                });
            }
            "woken" => lane.wakes.push(at),
            "marked" => lane.marks.push(mark()),
            "ended" => {
                lane.end = match text(&event[3]) {
                    "finished" => End::Finished(at),
                    "dropped" => End::Dropped(at),
                    "panicked" => End::Panicked(at),
                    other => panic!("no end is called `{other}`"),
                }
            }
            other => panic!("no event is called `{other}`"),
        }
    }
    (lanes, marks)
}

/// Lanes in the order of the rows, each with the row of its parent.
fn in_order_of_rows(timeline: &Timeline) -> Vec<LaneRecord> {
    fn add(
        timeline: &Timeline,
        parent: Option<usize>,
        row: Option<usize>,
        to: &mut Vec<LaneRecord>,
    ) {
        for (index, lane) in timeline.lanes.iter().enumerate() {
            if lane.parent == parent {
                to.push(LaneRecord {
                    parent: row,
                    ..lane.clone()
                });
                let own_row = to.len() - 1;
                add(timeline, Some(index), Some(own_row), to);
            }
        }
    }
    let mut rows = Vec::new();
    add(timeline, None, None, &mut rows);
    rows
}

#[test]
fn contains_a_timeline_of_few_lanes_completely() {
    let scenes = scenes::all().into_iter().map(|(_, timeline)| timeline);
    let mut read_back = 0;
    for timeline in random_timelines().chain(scenes) {
        if timeline.lanes.len() <= 40 {
            let (lanes, marks) = read(&data(&timeline));
            assert_eq!(lanes, in_order_of_rows(&timeline));
            assert_eq!(marks, timeline.marks);
            read_back += 1;
        }
    }
    assert!(read_back > 100, "{read_back}");
}

#[test]
fn any_name_and_any_text_can_be_read_back() {
    let all: String = (0..=0x2FFF)
        .chain(0xFD00..=0x1_00FF)
        .chain(0x1_F600..=0x1_F64F)
        .filter_map(char::from_u32)
        .collect();
    let texts = [
        "",
        "'\"'",
        "\\u0041\\",
        "]]>--></metadata>",
        "{{#include a}}",
    ];
    let pieces: Vec<String> = all
        .chars()
        .collect::<Vec<_>>()
        .chunks(300)
        .map(|piece| piece.iter().collect())
        .chain(texts.map(str::to_owned))
        .collect();
    for piece in pieces {
        let timeline = record(async || async { info!("{piece}") }.in_lane(&*piece).await);
        let (lanes, _) = read(&data(&timeline));
        assert_eq!(lanes[0].name, piece);
        assert_eq!(lanes[0].marks[0].text, timeline.lanes[0].marks[0].text);
        let svg = timeline.to_svg("a", "b");
        let line = svg.lines().find(|line| line.contains("data-timeline"));
        let line = line.expect("it is one line");
        let value = line.strip_prefix("<metadata data-timeline='");
        let value = value.and_then(|value| value.strip_suffix("'/>"));
        let value = value.expect("it stands between single quotes");
        assert!(!value.contains(['\'', '<', '>', '&']), "{value}");
        assert!(!value.contains("{{"), "{value}");
    }
}

#[test]
fn events_are_in_the_order_in_which_they_happened() {
    let data = data(&scenes::fail_fast());
    let names: Vec<&str> = list(&data["lanes"])
        .iter()
        .map(|lane| text(&lane["name"]))
        .collect();
    let at_the_failure: Vec<String> = list(&data["events"])
        .iter()
        .filter(|event| event[2] == 50_000)
        .map(|event| format!("{} {}", names[number(&event[1])], text(&event[0])))
        .collect();
    assert_eq!(
        at_the_failure,
        [
            "fetch 2 woken",
            "fetch all woken",
            "fetch all polled",
            "fetch 2 polled",
            "fetch 2 marked",
            "fetch 2 ended",
            "fetch 1 ended",
            "fetch 3 ended",
            "fetch all ended"
        ]
    );
}

#[test]
fn lanes_that_are_not_drawn_are_summarized() {
    let data = data(&scenes::many(1000));
    assert_eq!(list(&data["lanes"]).len(), 30);
    assert_eq!(
        data["more"],
        "and 970 more until 450 ms: 870 finished, 100 still pending"
    );
    assert_eq!(number(&data["end"]), 290_000);
    let lanes = list(&data["events"]).iter().map(|event| number(&event[1]));
    assert_eq!(lanes.max(), Some(29));
}

#[test]
fn excess_events_are_counted_and_every_end_is_included() {
    const TURNS: usize = 5_000;
    let timeline = record(async || {
        info!("{}", "long ".repeat(1000));
        let busy = async {
            for _ in 0..TURNS {
                yield_now().await;
            }
        };
        let chatty = async {
            for turn in 0..TURNS {
                info!(turn, "{}", "<".repeat(1000));
            }
        };
        futures::join!(busy.in_lane("busy"), chatty.in_lane("chatty"));
        tokio::time::sleep(ms(1)).await;
        info!("the end");
    });
    let data = data(&timeline);
    assert!(data.to_string().len() < 160 << 10);
    let (lanes, marks) = read(&data);
    for (index, lane) in lanes.iter().enumerate() {
        let included = lane.polls.len() + lane.wakes.len() + lane.marks.len();
        let left_out = number(&data["lanes"][index]["left_out"]);
        let all = &timeline.lanes[index];
        let all = all.polls.len() + all.wakes.len() + all.marks.len();
        assert!(included > 0 && included <= 4000, "{included}");
        assert_eq!(included + left_out, all);
        assert_eq!(lane.end, timeline.lanes[index].end);
    }
    assert_eq!(marks[0].text.chars().count(), 401);
    let outside = marks.len()
        + data["left_out"]
            .as_u64()
            .map_or(0, |_| number(&data["left_out"]));
    assert_eq!(outside, timeline.marks.len());
}

#[test]
fn an_empty_timeline_has_only_the_necessary_fields() {
    let timeline = record(async || {});
    let expected = BTreeMap::from([("end", "0"), ("events", "[]"), ("lanes", "[]")]);
    let data = data(&timeline);
    let seen: BTreeMap<&str, String> = data
        .as_object()
        .expect("an object")
        .iter()
        .map(|(key, value)| (key.as_str(), value.to_string()))
        .collect();
    let expected: BTreeMap<&str, String> = expected
        .into_iter()
        .map(|(key, value)| (key, value.to_owned()))
        .collect();
    assert_eq!(seen, expected);
}
