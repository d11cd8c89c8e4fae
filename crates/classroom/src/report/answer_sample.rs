//! One answer of many, without what could tell whose it is.

use std::collections::BTreeSet;
use std::ops::Range;

use autograder::items::items_of;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::text::block;
use crate::export::Graded;

/// No answer is shown in more characters.
const LONGEST: usize = 4_000;

/// An answer in which tokens are nested deeper is not shown, because it could overflow the stack.
const DEEPEST: usize = 100;

/// Shorter words occur in names and in code alike.
const SHORTEST: usize = 3;

/// A name without its blanks that is at least as long does not occur in code by chance.
const SHORTEST_JOINED: usize = 6;

/// An answer to show.
pub enum Sample {
    /// Its code.
    Code(String),
    /// There are answers, and each contains the name of a student of the class.
    Identifying,
    /// There is no answer.
    Missing,
}

/// The shortest of these answers to an exercise that contains no name. The words of the stub are not names.
pub fn sample<'a>(
    answers: impl Iterator<Item = &'a str>,
    exercise: &str,
    stub: &str,
    names: &Names,
) -> Sample {
    let answers: BTreeSet<&str> = answers.collect();
    let answers = answers.into_iter().filter_map(|answer| {
        let item = items_of(answer, exercise)?;
        without_comments(&item)
    });
    let mut answers: Vec<String> = answers.collect();
    answers.sort_by_key(String::len);
    // Each answer is searched for the names of the whole class, so the search ends with the first one.
    match answers.iter().find(|answer| !names.are_in(answer, stub)) {
        Some(answer) => Sample::Code(block(answer, LONGEST)),
        None if answers.is_empty() => Sample::Missing,
        None => Sample::Identifying,
    }
}

/// Code without its comments, with everything else where it was; `None` if it is not Rust.
fn without_comments(code: &str) -> Option<String> {
    let tokens: TokenStream = code.parse().ok()?;
    let mut kept = Vec::new();
    keep(tokens, 0, &mut kept)?;
    let (mut text, mut end) = (String::new(), 0);
    for range in kept {
        // Between two tokens is nothing but blanks and comments.
        text.push_str(&blanks(code.get(end..range.start)?));
        text.push_str(code.get(range.clone())?);
        end = range.end;
    }
    let lines = text.lines().map(str::trim_end);
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    Some(lines.join("\n"))
}

/// The places of the tokens that are not documentation.
fn keep(tokens: TokenStream, depth: usize, kept: &mut Vec<Range<usize>>) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if is_punct(&token, '#') {
            // `#![doc = ..]` is inside of what it documents.
            let bang = tokens.next_if(|next| is_punct(next, '!'));
            if tokens.next_if(is_documentation).is_some() {
                continue;
            }
            kept.push(token.span().byte_range());
            kept.extend(bang.map(|bang| bang.span().byte_range()));
            continue;
        }
        match token {
            TokenTree::Group(group) if group.delimiter() != Delimiter::None => {
                kept.push(group.span_open().byte_range());
                keep(group.stream(), depth + 1, kept)?;
                kept.push(group.span_close().byte_range());
            }
            token => kept.push(token.span().byte_range()),
        }
    }
    Some(())
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

/// Whether this is the `[doc = ".."]` of a comment or an attribute.
fn is_documentation(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else {
        return false;
    };
    let first = group.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}

/// The blanks of what is between two tokens; where there was a comment between two words, one blank.
fn blanks(gap: &str) -> String {
    if gap.trim().is_empty() {
        return gap.to_owned();
    }
    match gap.rsplit_once('\n') {
        Some((_, indent)) if indent.trim().is_empty() => format!("\n{indent}"),
        Some(_) => "\n".to_owned(),
        None => " ".to_owned(),
    }
}

/// The names of all students of a class.
#[derive(Default)]
pub struct Names {
    words: BTreeSet<String>,
    joined: BTreeSet<String>,
    /// Names of several words, which may be short.
    whole: BTreeSet<Vec<String>>,
}

impl Names {
    /// The names and ids of who has submitted, and the names in the list of students.
    pub fn of(graded: &Graded) -> Self {
        let mut names = Self::default();
        for student in &graded.students {
            let who = &student.result.student;
            // Half of an address is not a name.
            names.add(who.id.split('@').next().unwrap_or_default());
            names.add(&who.name);
        }
        for row in graded.roster.iter().flat_map(|roster| &roster.rows) {
            names.add(&row.name);
        }
        names
    }

    fn add(&mut self, name: &str) {
        let words = words(name);
        let joined: String = words.concat();
        if joined.chars().count() >= SHORTEST_JOINED {
            self.joined.insert(joined);
        }
        if words.len() > 1 {
            self.whole.insert(words.clone());
        }
        let is_long = |word: &String| word.chars().count() >= SHORTEST || !word.is_ascii();
        self.words.extend(words.into_iter().filter(is_long));
    }

    /// Whether one of them is in this code and not in the stub that all have started from.
    fn are_in(&self, code: &str, stub: &str) -> bool {
        let stub: BTreeSet<_> = words(stub).into_iter().collect();
        let words = words(code);
        let is_name = |word: &String| self.words.contains(word) && !stub.contains(word);
        let code: String = words.concat();
        let is_whole = |name: &Vec<String>| words.windows(name.len()).any(|part| part == name);
        words.iter().any(is_name)
            || self.joined.iter().any(|name| code.contains(name))
            || self.whole.iter().any(is_whole)
    }
}

/// The words of a text in lower case; those of `AdaQueue` and `ada_queue` are `ada` and `queue`.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in text.chars() {
        if !character.is_alphanumeric() || was_lower && character.is_uppercase() {
            words.push(String::new());
        }
        was_lower = character.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{Names, Sample, sample, without_comments};

    #[test]
    fn comments_are_left_out_and_nothing_else() {
        let code = "/// By Ada.\n#[doc = \"By Ada.\"]\n#[must_use]\npub fn a() -> &'static str {\n    //! By Ada.\n\n    \
                    let b = 'b'; // Ada\n    /* Ada /* nested */ */\n    let c /* Ada */ = r#\"// no comment\"#;\n    c\n}";
        let expected = "#[must_use]\npub fn a() -> &'static str {\n    let b = 'b';\n    let c = r#\"// no comment\"#;\n    c\n}";
        assert_eq!(without_comments(code).as_deref(), Some(expected));
        assert_eq!(without_comments("fn a() { \"never closed"), None);
        let deep = format!("fn a() {}{}", "{".repeat(5_000), "}".repeat(5_000));
        assert_eq!(without_comments(&deep), None);
    }

    fn names(of: &[&str]) -> Names {
        let mut names = Names::default();
        for name in of {
            names.add(name);
        }
        names
    }

    #[test]
    fn names_are_found_in_texts_and_in_identifiers() {
        let names = names(&["Ada Lovelace", "s1815", "李明", "Li Wu"]);
        for code in [
            "println!(\"ada was here\")",
            "struct AdaQueue;",
            "fn of_lovelace() {}",
            "let adalovelace = 1;",
            "let s1815 = 1;",
            "\"李明\"",
            "\"Li  Wu\"",
        ] {
            assert!(names.are_in(code, ""), "{code}");
        }
        assert!(!names.are_in("let adapter = list.await;", ""));
        assert!(!names.are_in("lovelace()", "fn lovelace() { todo!() }"));
    }

    #[test]
    fn the_shortest_answer_without_a_name_is_shown() {
        let names = names(&["Ada Lovelace"]);
        let shown = |answers: &[&str]| match sample(answers.iter().copied(), "a", "", &names) {
            Sample::Code(code) => code,
            Sample::Identifying => "identifying".to_owned(),
            Sample::Missing => "missing".to_owned(),
        };
        let (long, ada) = ("fn a() { one(); two() }", "fn a() { ada() }");
        let short = "fn b() {}\n/// A very long comment, which does not count.\nfn a() { one() }";
        assert_eq!(shown(&[long, ada, short]), "fn a() { one() }");
        assert_eq!(shown(&[ada]), "identifying");
        assert_eq!(shown(&["fn b() {}", "fn a( {"]), "missing");
    }
}
