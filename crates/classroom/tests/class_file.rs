//! `class.toml`: what it means, and what is said about a mistake in it.

use classroom::class_file::{Class, Tests};

const BOOK: [&str; 3] = ["gather/fetch_all", "gather/settle", "locks/Barrier"];

fn parse(text: &str) -> Result<Class, String> {
    Class::parse("class.toml", text, &BOOK.map(str::to_owned))
        .map_err(|mistake| mistake.to_string())
}

#[test]
fn without_a_list_every_exercise_gives_a_point() {
    let class = parse("title = \"Autumn\"\n").expect("no mistake");
    assert_eq!((&*class.title, class.points()), ("Autumn", 3.0));
    assert!(class.deadline.is_none() && class.late.is_none());
}

#[test]
fn an_exercise_after_its_chapter_has_points_of_its_own() {
    let text = "[[exercises]]\nname = \"gather\"\npoints = 2\n\
                [[exercises]]\nname = \"gather/settle\"\npoints = 0.5\ntests = \"each\"\n";
    let class = parse(text).expect("no mistake");
    let points: Vec<_> = class
        .exercises
        .iter()
        .map(|(name, worth)| (&**name, worth.points, worth.tests))
        .collect();
    assert_eq!(
        points,
        [
            ("gather/fetch_all", 2.0, Tests::All),
            ("gather/settle", 0.5, Tests::Each)
        ]
    );
}

#[test]
fn a_mistake_is_shown_with_its_line() {
    let cases = [
        (
            "[[exercises]]\nname = \"gather/fetch_al\"\n",
            "no such chapter or exercise",
            2,
        ),
        (
            "[[exercises]]\nname = \"gather\"\npoints = -1\n",
            "a number from 0",
            3,
        ),
        (
            "[[exercises]]\nname = \"gather\"\npoints = nan\n",
            "a number from 0",
            3,
        ),
        ("deadline = 2026-12-01\n", "not a point in time", 1),
        ("deadline = 2026-12-01T20:00:00\n", "not a point in time", 1),
        (
            "[late]\npercent_per_day = 10\n",
            "nothing is late without a deadline",
            2,
        ),
        (
            "deadline = 2026-12-01T20:00:00Z\n[late]\npercent_per_day = 110\n",
            "a number from 0 to 100",
            3,
        ),
        ("titel = \"x\"\n", "unknown field", 1),
        ("title = \n", "", 1),
    ];
    for (text, message, line) in cases {
        let shown = parse(text).expect_err(text);
        assert!(shown.contains(message), "{text}: {shown}");
        assert!(
            shown.contains(&format!("class.toml:{line}:")),
            "{text}: {shown}"
        );
    }
}
