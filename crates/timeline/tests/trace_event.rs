//! The trace events, against the format's description.
#![cfg(feature = "trace-event")]

mod support;

use std::collections::BTreeMap;

use serde_json::Value;
use support::scenes;

fn events(timeline: &timeline::Timeline) -> Vec<Value> {
    let document: Value =
        serde_json::from_str(&timeline.to_trace_event_json()).expect("it is JSON");
    assert_eq!(document["displayTimeUnit"], "ms");
    document["traceEvents"]
        .as_array()
        .expect("there is a list of events")
        .clone()
}

fn of_phase<'a>(events: &'a [Value], phase: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["ph"] == phase).collect()
}

#[test]
fn every_event_has_what_its_phase_requires() {
    for (_, timeline) in scenes::all() {
        for event in events(&timeline) {
            assert!(event["name"].is_string(), "{event}");
            assert!(event["pid"].is_u64() && event["tid"].is_u64(), "{event}");
            let time = event["ts"].as_f64();
            match event["ph"].as_str().unwrap_or_default() {
                "M" => assert!(event["args"].is_object(), "{event}"),
                "X" => assert!(time.is_some() && event["dur"].as_f64().is_some(), "{event}"),
                "i" => assert!(time.is_some() && event["s"] == "t", "{event}"),
                "b" | "e" => {
                    assert!(time.is_some() && event["id"].is_u64(), "{event}");
                    assert_eq!(event["cat"], "lane");
                }
                other => panic!("no phase `{other}` is expected: {event}"),
            }
        }
    }
}

#[test]
fn every_lane_is_a_thread_with_a_name_and_a_life() {
    let timeline = scenes::fail_fast();
    let events = events(&timeline);
    let threads: BTreeMap<u64, &str> = of_phase(&events, "M")
        .into_iter()
        .filter(|event| event["name"] == "thread_name")
        .filter_map(|event| Some((event["tid"].as_u64()?, event["args"]["name"].as_str()?)))
        .collect();
    let names: Vec<&str> = threads.into_values().collect();
    assert_eq!(
        names,
        [
            "outside any lane",
            "fetch all",
            "fetch 1",
            "fetch 2",
            "fetch 3"
        ]
    );
    for (index, lane) in timeline.lanes.iter().enumerate() {
        let life = |phase| {
            let events = of_phase(&events, phase);
            let event = events.into_iter().find(|event| event["id"] == index + 2);
            event
                .and_then(|event| event["ts"].as_f64())
                .expect("a lane has a life")
        };
        assert_eq!(life("b"), 0.0);
        let end = lane.end.at().expect("it ended");
        assert_eq!(life("e"), end.as_micros() as f64);
    }
}

#[test]
fn a_poll_that_holds_the_thread_is_as_long_as_that() {
    let events = events(&scenes::blocking());
    let longest = of_phase(&events, "X")
        .into_iter()
        .filter_map(|event| event["dur"].as_f64())
        .fold(0.0, f64::max);
    assert_eq!(longest, 300_000.0);
}
