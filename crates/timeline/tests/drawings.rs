//! The drawings of small programs, compared byte for byte.
//!
//! `UPDATE_GOLDEN=1 cargo test -p timeline --test drawings` updates what is expected; review the diff.

mod support;

use std::path::Path;
use std::{env, fs};

use support::{ms, record, scenes};
use timeline::{InLane, Timeline};
use tokio::time::sleep;

#[track_caller]
fn assert_golden(file: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(file);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, actual).expect("the golden file can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{} is not what is drawn now:\n{actual}",
        path.display()
    );
}

fn both_widths_and_description(timeline: &Timeline) -> String {
    [
        timeline.to_text(80),
        timeline.to_text(40),
        timeline.description() + "\n",
    ]
    .join("\n")
}

macro_rules! drawn_as_expected {
    ($($scene:ident)*) => {
        $(#[test]
        fn $scene() {
            let timeline = scenes::$scene();
            assert_golden(concat!(stringify!($scene), ".txt"), &both_widths_and_description(&timeline));
        })*
    };
}

drawn_as_expected! {
    in_turn
    together
    fail_fast
    time_limit
    blocking
    select
    outliving
    not_polled
    panicking
    nested_holding
    yielding
    marks
    crowded_marks
    deadlock
}

#[test]
fn an_svg_is_drawn_as_expected() {
    assert_golden(
        "fail_fast.svg",
        &scenes::fail_fast().to_svg("fail-fast", "The first failure drops the rest"),
    );
}

#[test]
fn more_lanes_than_fit_are_counted_by_outcome() {
    let timeline = scenes::many(1000);
    let summary = "970 more until 450 ms: 870 finished, 100 still pending";
    assert!(timeline.to_text(80).contains(summary));
    assert!(timeline.to_svg("many", "Many").contains(summary));
    assert!(timeline.description().contains(summary));
    assert!(timeline.to_text(80).lines().count() < 40);
}

#[test]
fn the_axis_ends_where_the_lanes_that_are_drawn_end() {
    // The lanes end one after the other at 0, 10, 20 ms and so on; those from the 46th on are pending at the end.
    let timeline = scenes::many(50);
    let first = timeline.to_short_text(30, 80);
    assert!(
        first.contains("and 20 more until 450 ms: 15 finished, 5 still pending"),
        "{first}"
    );
    let last = first.lines().find(|line| line.starts_with("fetch 29"));
    let last = last.expect("it is drawn").trim_end();
    assert!(last.ends_with("● 290 ms"), "{first}");
    assert!(last.chars().count() > 75, "it ends at the right: {first}");
    let with_a_pending_one = timeline.to_short_text(46, 80);
    assert!(
        with_a_pending_one.contains("and 4 more: 4 still pending"),
        "{with_a_pending_one}"
    );
    assert!(
        !timeline.to_short_text(50, 80).contains("more"),
        "all are drawn"
    );
}

#[test]
fn a_dropped_lane_is_labelled_with_the_instant() {
    let svg = scenes::fail_fast().to_svg("a", "b");
    assert!(svg.contains("class=\"tl-dropped\""));
    assert!(svg.contains(">dropped at 50 ms<"));
}

#[test]
fn polls_at_one_instant_share_a_box_with_their_number() {
    let timeline = record(async || {
        async {
            for _ in 0..11 {
                tokio::task::yield_now().await;
            }
            sleep(ms(1)).await;
        }
        .in_lane("restless")
        .await;
    });
    let svg = timeline.to_svg("a", "b");
    assert!(svg.contains(">12</text>"));
    let title = "<title>12 polls of restless, 0 ms: 11 woken</title>";
    assert!(svg.contains(title), "{svg}");
}

#[test]
fn the_tooltip_of_a_poll_gives_its_cause_and_its_result() {
    let polls = |timeline: &Timeline, lane: &str| -> Vec<String> {
        let svg = timeline.to_svg("a", "b");
        let titles = svg.split("<g><title>").skip(1);
        let titles = titles.filter_map(|rest| rest.split("</title>").next());
        titles
            .filter(|title| title.contains(&format!(" of {lane},")))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        polls(&scenes::fail_fast(), "fetch 2"),
        [
            "poll 1 of fetch 2, 0 ms: pending",
            "poll 2 of fetch 2, 50 ms: woken; finished"
        ]
    );
    assert_eq!(
        polls(&scenes::nested_holding(), "handle request"),
        [
            "poll 2 of handle request, 50 ms: woken; blocked the thread for 200 ms; pending",
            "poll 2 of handle request, 50 ms: woken; blocked the thread for 200 ms; pending",
            "poll 1 of handle request, 0 ms: pending",
            "poll 3 of handle request, 400 ms: woken; finished"
        ]
    );
    assert_eq!(
        polls(&scenes::panicking(), "worker 1"),
        [
            "poll 1 of worker 1, 0 ms: pending",
            "poll 2 of worker 1, 60 ms: woken; panicked"
        ]
    );
}

#[test]
fn the_legend_explains_only_symbols_that_occur() {
    let calm = scenes::together();
    for drawing in [calm.to_text(80), calm.to_svg("a", "b")] {
        assert!(drawing.contains("finished"));
        for absent in [
            "dropped",
            "panicked",
            "without a wake-up",
            "still pending",
            "mark",
        ] {
            let legend = drawing.split("</style>").last().unwrap_or_default();
            assert!(!legend.contains(absent), "{absent} in {legend}");
        }
    }
}

#[test]
fn an_svg_has_an_accessible_name_and_description() {
    let timeline = scenes::time_limit();
    let svg = timeline.to_svg("limit", "A \"limit\" & more");
    let document = roxmltree::Document::parse(&svg).expect("it is well-formed");
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let labels = root.attribute("aria-labelledby").unwrap_or_default();
    let texts: Vec<_> = labels
        .split(' ')
        .map(|id| {
            let labelled = document
                .descendants()
                .find(|node| node.attribute("id") == Some(id));
            labelled.and_then(|node| node.text()).unwrap_or_default()
        })
        .collect();
    assert_eq!(texts, ["A \"limit\" & more", &timeline.description()]);
}
