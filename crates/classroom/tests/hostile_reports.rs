//! The overview of a class: what students may try with names, answers and reports.

#[path = "support/class.rs"]
mod class;

use autograder::verdict::State;
use class::{Done, TestClass, done};

/// A class with everything that the overview has a section for. Students have written `name` wherever they are named, and
/// `text` into answers and reports.
fn class_that_writes(name: &str, text: &str) -> TestClass {
    let mut class = TestClass::of(&[("gather", &["first", "second"]), ("locks", &["third"])]);
    let comment = text.replace(['\n', '\r'], " ");
    let answers = format!("/// {comment}\npub fn first() {{ println!({text:?}); }}\n");
    let failing = |exercise, mistake| Done {
        mistake,
        report: text,
        worked: Some((u64::MAX, usize::MAX)),
        ..done(exercise, State::Failing)
    };
    let exercises = [failing("first", text), failing("second", "")];
    class.student(name, name, "gather", &exercises, &answers);
    let broken = Done {
        report: text,
        worked: Some((5, 0)),
        ..done("third", State::DoesNotCompile)
    };
    class.student("s2", name, "locks", &[broken], text);
    class.graded.students[0].result.problems = vec![text.to_owned()];
    class.graded.students[0].result.origin = name.to_owned();
    class.graded.class.title = name.to_owned();
    class.roster(&format!("x,\"{}\"\ns2,b\n", name.replace('"', "\"\"")));
    class
}

/// The tags of a page, with their attributes, and the policy that has hashes of its style.
fn tags(page: &str) -> Vec<&str> {
    let starts = page.match_indices('<').map(|(at, _)| &page[at..]);
    starts
        .map(|tag| &tag[..=tag.find('>').expect("a tag ends")])
        .collect()
}

#[test]
fn what_students_write_is_never_markup() {
    let pages = |text: &str| {
        let [named, written] = [(text, "written"), ("Ada Lovelace", text)];
        [named, written].map(|(name, text)| class_that_writes(name, text).page())
    };
    let [plain, _] = pages("harmless");
    assert!(
        plain.contains("println!(&quot;written&quot;)"),
        "an answer is shown"
    );
    let long = "x".repeat(10_000);
    for hostile in [
        "</script><script>alert(1)</script>",
        "</style><script>alert(1)</script>",
        "</title></head><body onload=alert(1)>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "<!-- <svg/onload=alert(1)>",
        "]]><?xml <![CDATA[",
        "&lt;b&gt; &#60;b&#62; &amp;",
        "javascript:alert(1)",
        "{{ 7 * 7 }} ${7 * 7}",
        "\u{202e}gnp.exe\u{2066}\u{200f}\u{061c}",
        "\u{1b}[2J\u{7}\u{9b}2J",
        "a\0b",
        "line\nline\r\nline",
        "שלום مرحبا",
        &format!("a{}", "\u{301}".repeat(10_000)),
        &long,
        &format!("{}<b>", "y ".repeat(5_000)),
    ] {
        for page in pages(hostile) {
            let differ = tags(&page)
                .into_iter()
                .zip(tags(&plain))
                .find(|(own, plain)| own != plain);
            assert_eq!(differ, None, "{hostile:?}");
            assert_eq!(page.chars().find(is_invisible), None, "{hostile:?}");
            let grown = page.len().saturating_sub(plain.len());
            assert!(
                grown < 40_000,
                "{hostile:?} makes the page {grown} bytes longer"
            );
        }
    }
}

/// Whether a character drives a terminal or reorders the text around it.
fn is_invisible(c: &char) -> bool {
    c.is_control() && *c != '\n'
        || matches!(c, '\u{200e}'..='\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn a_made_up_place_to_read_on_is_no_link() {
    for place in [
        "javascript:alert(1)//.html",
        "https://evil.example/x.html",
        "//evil.example/x.html",
        "../../x.html",
        "x.html\" onclick=\"alert(1)",
    ] {
        let mut class = TestClass::of(&[("gather", &["first"])]);
        let report = format!("No.\nRead on: book/{place}\nRead on: {place}\n");
        let failing = Done {
            report: &report,
            ..done("first", State::Failing)
        };
        class.student("s1", "Ada", "gather", &[failing], "");
        let page = class.page();
        let is_link = |tag: &&&str| tag.starts_with("<a ") && !tag.starts_with("<a href=\"#");
        let links: Vec<_> = tags(&page)
            .iter()
            .filter(is_link)
            .map(|tag| tag.to_string())
            .collect();
        let own = "<a href=\"book/gather-exercises.html#first\">";
        assert!(links.iter().all(|link| link == own), "{links:?}");
    }
}
