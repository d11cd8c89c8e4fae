//! The names of learners, which they choose themselves.

use autograder::visible::visible;

use crate::submission::Student;
use crate::submission::room::MAX_NAME;

/// Characters that are not seen, and would make two names of what looks like one.
const INVISIBLE: &[char] = &[
    '\u{ad}', '\u{34f}', '\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{180e}', '\u{200b}',
    '\u{200c}', '\u{200d}', '\u{2060}', '\u{2061}', '\u{2062}', '\u{2063}', '\u{2064}', '\u{3164}',
    '\u{feff}', '\u{ffa0}',
];

/// Whether these can be shown: there is a name, and nothing in it or in the id is long or invisible.
pub fn is_usable(student: &Student) -> bool {
    let is_shown = |text: &str| {
        text.chars().count() <= MAX_NAME
            && visible(text) == text
            && !text.contains(['\n', '\t'])
            && !text.contains(INVISIBLE)
            && text.trim() == text
    };
    !plain(&student.name).is_empty() && is_shown(&student.name) && is_shown(&student.id)
}

/// Whether a teacher could take one for the other. Letters of other alphabets that look alike are not compared: with a
/// list of students, the page says who is not in it.
pub fn are_alike(one: &Student, other: &Student) -> bool {
    let ids = [&one.id, &other.id].map(|id| plain(id));
    plain(&one.name) == plain(&other.name) || ids[0] == ids[1] && !ids[0].is_empty()
}

/// The letters and digits, in lower case, with the words in order: `Lovelace, Ada` is `adalovelace`.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let mut words: Vec<_> = words.collect();
    words.sort_unstable();
    words.concat()
}

#[cfg(test)]
mod tests {
    use super::{are_alike, is_usable};
    use crate::submission::Student;

    fn student(name: &str, id: &str) -> Student {
        Student {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn names_of_people_are_usable() {
        for name in ["Ada Lovelace", "李明", "שרה", "D'Arcy O’Neil-Smith", "<b>"] {
            assert!(is_usable(&student(name, "s1815")), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_not_usable() {
        let long = "x".repeat(201);
        for name in [
            "",
            " ",
            "-",
            " Ada",
            "Ada\u{200b}",
            "\u{202e}adA",
            "Ada\n",
            "Ada\x1b[2J",
            "\u{3164}",
            &long,
        ] {
            assert!(!is_usable(&student(name, "")), "{name:?}");
        }
        assert!(!is_usable(&student("Ada", "\0")));
        assert!(!is_usable(&student("Ada", &long)));
    }

    #[test]
    fn names_that_look_like_another_are_alike() {
        let ada = student("Ada Lovelace", "s1815");
        for (name, id) in [
            ("ada  lovelace", ""),
            ("Lovelace, Ada", "x"),
            ("Ada-Lovelace.", ""),
            ("Charles", "S1815"),
        ] {
            assert!(are_alike(&ada, &student(name, id)), "{name} {id}");
        }
        assert!(!are_alike(&ada, &student("Ada Byron", "s1816")));
        assert!(!are_alike(&student("A", ""), &student("B", "")));
    }
}
