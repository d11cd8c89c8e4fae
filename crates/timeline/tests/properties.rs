//! Properties of the drawings of every program, checked on random ones.

mod support;

use roxmltree::{Document, Node};
use support::random::random_timelines;
use support::scenes;
use timeline::Timeline;
use unicode_width::UnicodeWidthChar;

fn timelines() -> impl Iterator<Item = Timeline> {
    let scenes = scenes::all().into_iter().map(|(_, timeline)| timeline);
    random_timelines().chain(scenes)
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

#[test]
fn no_line_of_a_text_chart_is_too_wide() {
    for timeline in timelines() {
        for width in [0, 1, 2, 9, 20, 39, 40, 57, 80, 200] {
            let chart = timeline.to_text(width);
            for line in chart.lines() {
                assert!(
                    columns(line) <= width,
                    "{} > {width}: {line}",
                    columns(line)
                );
                assert!(!line.contains(char::is_control), "{line:?}");
            }
        }
    }
}

#[test]
fn every_lane_has_its_line_and_its_end_in_a_text_chart() {
    for timeline in random_timelines().filter(|timeline| timeline.lanes.len() <= 40) {
        let chart = timeline.to_text(80);
        let ends = chart.chars().filter(|c| "●╳!→".contains(*c)).count();
        assert!(ends >= timeline.lanes.len(), "{chart}");
    }
}

#[test]
fn every_svg_is_well_formed_and_can_stand_in_markdown() {
    for timeline in timelines() {
        let svg = timeline.to_svg("some id", "A title with <, & and \"");
        let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{error} in {svg}"));
        assert!(svg.lines().all(|line| !line.trim().is_empty()));
        assert!(!svg.contains("{{"));
        for node in document.descendants() {
            assert!(
                node.attribute("id")
                    .is_none_or(|id| id.starts_with("some-id"))
            );
            assert!(!["script", "a", "image", "use"].contains(&node.tag_name().name()));
        }
    }
}

/// The rectangle that a text covers, as left, top, right and bottom.
type Area = (f64, f64, f64, f64);

/// With a font of ordinary width: six tenths of its size.
fn area(text: Node<'_, '_>) -> Area {
    let number = |name| -> f64 {
        let value = text.attribute(name).expect("a text has a place");
        value.parse().expect("it is a number")
    };
    let class = text.attribute("class").unwrap_or_default();
    let (size, middle) = match class {
        _ if class.contains("tl-name") => (13.0, false),
        _ if class.contains("tl-count") => (10.0, true),
        _ => (12.0, class.contains("tl-tick")),
    };
    let shown: String = text
        .children()
        .filter(Node::is_text)
        .filter_map(|node| node.text())
        .collect();
    let width = columns(&shown) as f64 * size * 0.602;
    let (x, y) = (number("x"), number("y"));
    let left = if middle { x - width / 2.0 } else { x };
    (left, y - 0.72 * size, left + width, y + 0.2 * size)
}

#[test]
fn no_text_of_an_svg_touches_another_or_leaves_the_picture() {
    for timeline in timelines() {
        let svg = timeline.to_svg("a", "b");
        let document = Document::parse(&svg).expect("it is well-formed");
        let view: Vec<f64> = document
            .root_element()
            .attribute("viewBox")
            .expect("it has a size")
            .split(' ')
            .map(|number| number.parse().expect("it is a number"))
            .collect();
        let texts: Vec<(Area, &str)> = document
            .descendants()
            .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")))
            .map(|node| (area(node), node.text().unwrap_or_default()))
            .collect();
        assert!(!texts.is_empty());
        for (index, ((left, top, right, bottom), text)) in texts.iter().enumerate() {
            let inside = *left >= -0.1 && *top >= 0.0 && *right <= view[2] && *bottom <= view[3];
            assert!(inside, "`{text}` leaves the picture {view:?}:\n{svg}");
            for ((l, t, r, b), other) in &texts[index + 1..] {
                let apart = right <= l || r <= left || bottom <= t || b <= top;
                assert!(apart, "`{text}` touches `{other}`:\n{svg}");
            }
        }
    }
}

#[test]
fn every_description_is_one_line_of_sentences() {
    for timeline in timelines() {
        let description = timeline.description();
        assert!(description.ends_with('.'), "{description}");
        assert!(!description.contains(char::is_control), "{description:?}");
    }
}
