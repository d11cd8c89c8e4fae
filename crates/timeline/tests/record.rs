//! A timeline is the same after it was written and read, and whatever is read can be drawn.

mod support;

use support::random::{Random, random_timelines};
use support::{record, scenes};
use timeline::{InLane, Timeline};

/// Lines that a record cannot contain, or that a drawing might not expect.
const STRANGE: [&str; 22] = [
    "",
    "created",
    "created 0 0 a",
    "created 0 - \\u{202e}",
    "created 0 - \\u{110000}",
    "created 0 - \\",
    "created -1 - early",
    "created 3162240000000000000 - late",
    "created 18446744073709551615 - later",
    "polled 0 0 3162240000000000000 3162240000000000000 Pw",
    "polled 0 0 0 0 R-",
    "polled 0 0 0 0 Xw",
    "polled 0 9 0 0 P-",
    "polled 0 18446744073709551615 0 0 P-",
    "polled 0 0 0 0 é",
    "marked 5 - <script>",
    "marked -5 0 back",
    "woken 1 0",
    "ended 0 0 dropped",
    "ended 0 0 gone",
    "again 1 18446744073709551615",
    "again 3 2",
];

fn drawn(timeline: &Timeline) -> [String; 4] {
    [
        timeline.to_svg("a", "b"),
        timeline.to_text(80),
        timeline.to_short_text(3, 40),
        timeline.description(),
    ]
}

#[test]
fn a_timeline_that_was_written_and_read_is_the_same() {
    let scenes = scenes::all().into_iter().map(|(_, timeline)| timeline);
    for timeline in random_timelines().chain(scenes) {
        let record = timeline.to_record();
        assert_eq!(Timeline::from_record(&record), Some(timeline), "{record}");
    }
}

#[test]
fn a_loop_takes_a_few_lines() {
    let timeline = record(|| async {
        let spins = async {
            for _ in 0..10_000 {
                tokio::task::yield_now().await;
            }
        };
        spins.in_lane("inner").in_lane("outer").await;
    });
    let record = timeline.to_record();
    assert!(record.len() < 1000, "{} bytes", record.len());
    assert_eq!(Timeline::from_record(&record), Some(timeline));
}

#[test]
fn no_text_is_drawn_with_a_panic() {
    let mut random = Random::new(1);
    let mut accepted = 0;
    for timeline in random_timelines() {
        let record = timeline.to_record();
        let lines: Vec<&str> = record.lines().collect();
        for _ in 0..40 {
            let mut lines = lines.clone();
            for _ in 0..=random.below(3) {
                let at = 1 + random.index(lines.len());
                match random.below(4) {
                    0 => lines.insert(at, random.pick(&STRANGE)),
                    1 if at < lines.len() => drop(lines.remove(at)),
                    2 if at < lines.len() => lines.swap(1, at),
                    _ => lines.insert(at, lines[random.index(lines.len())]),
                }
            }
            if let Some(timeline) = Timeline::from_record(&lines.join("\n")) {
                drawn(&timeline);
                accepted += 1;
            }
        }
    }
    assert!(accepted > 500, "only {accepted} were accepted");
}

#[test]
fn refuses_what_it_cannot_have_written() {
    for record in [
        "",
        "<svg><script>alert(1)</script></svg>",
        "timeline",
        "timeline x",
        "timeline 99999999999999999999",
        "timeline 0\nagain 1 1",
        "timeline 0\nmarked 0 - a\nagain 0 1",
        "timeline 0\nmarked 0 - a\nagain 2 1",
        "timeline 0\nmarked 0 - a\nagain 1 1048576",
        "timeline 0\ncreated 0 - a\nended 0 0 finished\npolled 0 0 0 0 P-",
        "timeline 0\ncreated 0 0 a",
        "timeline 0\nmarked 0 0 a",
    ] {
        assert_eq!(Timeline::from_record(record), None, "{record}");
    }
}

#[test]
fn refuses_a_short_record_of_a_lot_of_text() {
    let text = "a".repeat(1 << 16);
    for kind in ["created", "marked"] {
        let record = |times| format!("timeline 0\n{kind} 0 - {text}\nagain 1 {times}");
        assert!(Timeline::from_record(&record(100)).is_some());
        assert_eq!(Timeline::from_record(&record(1000)), None);
    }
}

#[test]
fn a_drawing_of_many_events_is_small() {
    for events in [
        "marked 1000 - a\nagain 1 200000",
        "created 1000 - a\nagain 1 200000",
        "created 0 - a\npolled 1000 0 1000 0 P-\nagain 1 200000",
        "created 0 - a\nwoken 1000000 0\npolled 0 0 1000 100000000 Pw\nagain 2 100000",
        "created 0 - a\nmarked 1000 0 a\nagain 1 200000",
    ] {
        let record = format!("timeline 0\n{events}");
        let timeline = Timeline::from_record(&record).expect("a timeline");
        let bytes: usize = drawn(&timeline).iter().map(String::len).sum();
        assert!(bytes < 256 << 10, "{events}: {bytes} bytes");
    }
}
