//! The overview of a class: what it says about the class.

#[path = "support/class.rs"]
mod class;

use autograder::verdict::State;
use class::{Done, TestClass, done};

const REPORT: &str = "It returned 7. It should return 8.\nThis usually means that it counts from one.\nRead on: book/gather.html#counting\n";

/// The part of a page between two anchors.
fn section<'p>(page: &'p str, id: &str) -> &'p str {
    let (_, section) = page
        .split_once(&format!("<section id=\"{id}\""))
        .expect("the section is there");
    section.split("</section>").next().expect("it ends")
}

/// The texts of a piece of a page, one after the other, with one blank between words.
fn text(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        let (_, after) = part.split_once('>').unwrap_or(("", part));
        text += after;
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_state_is_told_without_colour() {
    let all = [
        ("a", State::Solved, "✓", "solved"),
        ("b", State::Failing, "✗", "failing"),
        ("c", State::Hangs, "∞", "hangs"),
        ("d", State::DoesNotCompile, "⊘", "does not compile"),
        ("e", State::NotStarted, "·", "not started"),
        ("f", State::GraderChanged, "!", "its tests were changed"),
    ];
    let mut class = TestClass::of(&[
        ("gather", &["a", "b", "c", "d", "e", "f"]),
        ("locks", &["g"]),
    ]);
    let states = all.map(|(exercise, state, ..)| done(exercise, state));
    class.student("s1", "Ada", "gather", &states, "");
    let page = class.page();
    let map = section(&page, "exercises");
    let (_, rows) = map.split_once("<tbody>").expect("a table");
    for (_, _, symbol, words) in all
        .into_iter()
        .chain([("g", State::Solved, "–", "not submitted")])
    {
        let cell = format!("aria-label=\"{words}\">{symbol}<");
        assert_eq!(rows.matches(&cell).count(), 1, "{cell}");
    }
}

#[test]
fn misconceptions_are_ordered_by_how_many_students_have_them() {
    let mut class = TestClass::of(&[("gather", &["first", "second"])]);
    let wrong = |exercise, mistake| Done {
        mistake,
        report: REPORT,
        ..done(exercise, State::Failing)
    };
    let answers = "fn first() {}\nfn second() {}";
    class.student(
        "s1",
        "Ada",
        "gather",
        &[wrong("first", "Rare."), wrong("second", "Frequent.")],
        answers,
    );
    class.student(
        "s2",
        "Alan",
        "gather",
        &[done("first", State::Solved), wrong("second", "Frequent.")],
        answers,
    );
    class.student(
        "s3",
        "Grace",
        "gather",
        &[done("first", State::Solved), wrong("second", "Other.")],
        answers,
    );
    let page = class.page();
    let shown = text(section(&page, "misconceptions"));
    let at = |what: &str| {
        shown
            .find(what)
            .unwrap_or_else(|| panic!("{what}: {shown}"))
    };
    assert!(at("Frequent. 2 of 3 students") < at("Rare. 1 of 3 students"));
    assert!(
        at("Rare. 1 of 3 students") < at("Other. 1 of 3 students"),
        "in the order of the book"
    );
    assert!(shown.contains("It should return 8. This usually means that it counts from one. Read on: gather.html#counting"), "{shown}");
    assert!(page.contains("<a href=\"book/gather.html#counting\">"));
    assert!(!page.contains("id=\"other-reports\""), "all are known");
}

#[test]
fn answers_do_not_identify_their_authors() {
    let mut class = TestClass::of(&[("gather", &["first", "second"])]);
    let wrong = |exercise| Done {
        mistake: "Counts from one.",
        report: REPORT,
        ..done(exercise, State::Failing)
    };
    let by_ada = "// by Ada Lovelace\n/// Ada\nfn first() {\n    /* Ada */ counted_by_one() // s1815\n}\nfn second() { println!(\"Ada\") }";
    class.student(
        "s1815",
        "Ada Lovelace",
        "gather",
        &[wrong("first"), wrong("second")],
        by_ada,
    );
    let by_alan = "fn first() { counted_by_one(); println!(\"Alan was here\") }";
    class.student("s1816", "Alan Turing", "gather", &[wrong("first")], by_alan);
    let page = class.page();
    let shown = section(&page, "misconceptions");
    assert!(shown.contains("counted_by_one()\n}</code>"), "{shown}");
    assert!(
        shown.contains("each contains a name of a student"),
        "{shown}"
    );
    for name in ["Ada", "Lovelace", "Alan", "Turing", "s181"] {
        assert!(!shown.contains(name), "{name}: {shown}");
    }
}

#[test]
fn reports_on_unknown_mistakes_are_grouped_by_their_first_sentence() {
    let mut class = TestClass::of(&[("gather", &["first"])]);
    let reports = [
        "Panicked at exercises/src/gather.rs:12:9. One.\n",
        "It returned 7. One.\n",
        "Panicked at exercises/src/gather.rs:47:11. Two.\n",
    ];
    for (number, report) in reports.into_iter().enumerate() {
        let failing = Done {
            report,
            ..done("first", State::Failing)
        };
        class.student(&format!("s{number}"), "", "gather", &[failing], "");
    }
    let page = class.page();
    let shown = text(section(&page, "other-reports"));
    let panicked = shown.find("2 students , gather/first").expect("a group");
    assert!(
        panicked < shown.find("1 student , gather/first").expect("a group"),
        "{shown}"
    );
    assert!(
        shown.contains("rs:12:9. One.") && !shown.contains("rs:47"),
        "{shown}"
    );
}

#[test]
fn it_says_who_has_not_submitted_and_what_is_wrong() {
    let mut class = TestClass::of(&[("gather", &["first"])]);
    class.student("s1", "Ada", "gather", &[done("first", State::Solved)], "");
    class.student(
        "s9",
        "Unknown",
        "gather",
        &[done("first", State::Solved)],
        "",
    );
    class.graded.students[1].result.problems = vec!["It has two files for gather.".to_owned()];
    let page = class.page();
    assert!(text(section(&page, "submissions")).contains("Without a list of students"));
    class.roster("s1,Ada\ns2,Alan\n");
    let shown = class.page();
    let shown = text(section(&shown, "submissions"));
    for expected in [
        "Submissions 2",
        "Students in the list 2",
        "Not submitted 1 student of the list: Alan",
        "Not in the list of students These students are not in the list, so their marks are in grades.csv only. Unknown s9",
        "Problems Unknown s9 It has two files for gather.",
    ] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
}

#[test]
fn a_student_without_a_name_has_the_one_in_the_list() {
    let mut class = TestClass::of(&[("gather", &["first"])]);
    class.student("s1", "", "gather", &[done("first", State::Solved)], "");
    class.roster("s1,Grace Hopper\n");
    let page = class.page();
    assert!(text(section(&page, "exercises")).contains("Grace Hopper s1"));
}

#[test]
fn time_is_compared_with_the_plan_and_the_longest_are_stuck() {
    let mut class = TestClass::of(&[("gather", &["first", "second"])]);
    let worked = |exercise, state, minutes, hints| Done {
        worked: Some((minutes, hints)),
        report: "It returned 7. No.",
        ..done(exercise, state)
    };
    let (solved, failing) = (State::Solved, State::Failing);
    class.student(
        "s1",
        "Ada",
        "gather",
        &[
            worked("first", solved, 30, 0),
            worked("second", solved, 8, 0),
        ],
        "",
    );
    class.student(
        "s2",
        "Alan",
        "gather",
        &[
            worked("first", solved, 20, 2),
            worked("second", failing, 40, 3),
        ],
        "",
    );
    class.student(
        "s3",
        "Grace",
        "gather",
        &[
            worked("first", failing, 45, 0),
            worked("second", failing, 5, 0),
        ],
        "",
    );
    let page = class.page();
    let time = text(section(&page, "time"));
    assert!(
        time.contains("gather/first (Title of first) 10 30 3"),
        "{time}"
    );
    assert!(
        !time.contains("gather/second (Title of second) 10"),
        "its median is 8: {time}"
    );
    assert!(
        time.contains("gather/second (Title of second) 1 0"),
        "one was shown hints: {time}"
    );
    let stuck = text(section(&page, "stuck"));
    let rows = "Grace s3 45 – gather/first (Title of first) and 1 other failing: It returned 7. \
                Alan s2 40 3 gather/second (Title of second) failing: It returned 7.";
    assert!(stuck.contains(rows), "{stuck}");
    assert!(!stuck.contains("Ada"), "{stuck}");
}

#[test]
fn a_class_with_many_exercises_has_several_tables_that_fit_on_paper() {
    let names: Vec<String> = (0..11).map(|number| format!("e{number}")).collect();
    let exercises: Vec<&str> = names.iter().map(String::as_str).collect();
    let slugs = ["a", "b", "c", "d", "e", "f", "g"];
    let mut class = TestClass::of(&slugs.map(|slug| (slug, &*exercises)));
    class.student("s1", "Ada", "a", &[done("e1", State::Solved)], "");
    let page = class.page();
    let tables: Vec<_> = page.split("<table class=\"map\">").skip(1).collect();
    let widths: Vec<_> = tables
        .iter()
        .map(|table| table.matches("class=\"exercise\"").count())
        .collect();
    assert_eq!(widths, [44 - 11, 33, 11]);
    assert!(text(tables[0]).starts_with("The chapter a to The chapter c"));
}

#[test]
fn a_page_without_submissions_or_verdicts_is_whole() {
    let class = TestClass::of(&[("gather", &["first"])]);
    assert!(class.page().contains("</main>"));
    let mut class = TestClass::of(&[("gather", &["first"])]);
    let mistaken = Done {
        mistake: "Counts from one.",
        ..done("first", State::Hangs)
    };
    class.student(
        "s1",
        "Ada",
        "gather",
        &[mistaken, done("second", State::Failing)],
        "",
    );
    // A verdict that depends on real time is not stored.
    for key in class.graded.students[0].result.verdicts.values_mut() {
        *key = "0000missing".to_owned();
    }
    let page = class.page();
    assert!(page.contains("No answer is shown: none was stored."));
}

/// A table of ten thousand rows would be too large for a browser.
#[test]
fn a_very_large_class_has_a_part_of_the_students_in_its_table() {
    let mut class = TestClass::of(&[("gather", &["first"])]);
    for number in 0..1001 {
        let id = format!("s{number:04}");
        class.student(&id, "", "gather", &[done("first", State::Solved)], "");
    }
    let page = class.page();
    assert!(page.contains("The table has the first 1000 of 1001 students"));
    assert!(page.contains("s0999") && !page.contains("s1000"));
    assert!(page.contains("grades.csv"));
}

#[test]
fn three_hundred_students_fit_into_a_page() {
    let exercises: Vec<String> = (0..60).map(|number| format!("e{number}")).collect();
    let exercises: Vec<&str> = exercises.iter().map(String::as_str).collect();
    let mut class = TestClass::of(&[("gather", &exercises)]);
    for number in 0..300 {
        let done = |(index, exercise)| Done {
            worked: Some((index as u64, 1)),
            report: REPORT,
            mistake: if index % 3 == 0 {
                "Counts from one."
            } else {
                ""
            },
            ..done(
                exercise,
                if (index + number) % 2 == 0 {
                    State::Solved
                } else {
                    State::Failing
                },
            )
        };
        let all: Vec<_> = exercises.iter().copied().enumerate().map(done).collect();
        class.student(
            &format!("s{number}"),
            "Ada Lovelace",
            "gather",
            &all,
            "fn e0() {}",
        );
    }
    let page = class.page();
    assert!(page.len() < 5 << 20, "{} bytes", page.len());
}
