//! The compiler's messages, parsed from its JSON.

mod error_messages;
mod missing;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::library::Libraries;
use crate::visible::visible;

/// One of rustc's messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// The level, such as `error` or `warning`.
    pub level: String,
    /// The code, such as `E0277`, if the message has one.
    pub code: Option<String>,
    /// The file that the message points at.
    pub file: Option<String>,
    /// The line in that file, counted from 1.
    pub line: Option<usize>,
    /// The first line of the message.
    pub message: String,
    /// The whole message as rustc prints it.
    pub rendered: String,
    /// An explanation where the compiler's is not enough: for a message that points into the tests, what in the answer
    /// causes it, and for a crate or a feature that is missing, what there is.
    pub explanation: Option<String>,
    /// The section of the book that shows an error like this one: `error-messages-await.html#e0277-u32-is-not-a-future`.
    pub read_on: Option<String>,
}

/// Lints about how code is written. What they find is never the cause of a wrong verdict.
const ABOUT_STYLE: &[&str] = &[
    "mismatched_lifetime_syntaxes",
    "missing_docs",
    "non_camel_case_types",
    "non_snake_case",
    "non_upper_case_globals",
    "redundant_semicolons",
    "unused_braces",
    "unused_doc_comments",
    "unused_imports",
    "unused_mut",
    "unused_parens",
];

impl Diagnostic {
    /// Whether it is a warning about how code is written, and not about what it does.
    pub(crate) fn is_about_style(&self) -> bool {
        let code = self.code.as_deref().unwrap_or_default();
        !self.is_error() && ABOUT_STYLE.contains(&code)
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }
}

/// Parses what rustc prints with `--error-format=json`.
pub(crate) fn diagnostics(stderr: &[u8], libraries: &Libraries) -> Vec<Diagnostic> {
    #[derive(Deserialize)]
    struct Message {
        level: String,
        code: Option<Code>,
        message: String,
        rendered: Option<String>,
    }
    #[derive(Deserialize)]
    struct Code {
        code: String,
    }
    let lines = stderr.split(|&byte| byte == b'\n');
    let messages = lines.filter_map(|line| serde_json::from_slice::<Message>(line).ok());
    messages
        .filter(|message| !message.message.starts_with("aborting due to"))
        .map(|message| {
            let rendered = portable(&message.rendered.unwrap_or_default(), libraries);
            // The messages quote the program.
            let (rendered, message_line) = (visible(&rendered), visible(&message.message));
            let (file, line) = place(&rendered).unzip();
            let in_tests = file.as_deref().filter(|file| file.contains("/tests/"));
            let code = message.code.map(|code| code.code);
            let read_on = error_messages::section(code.as_deref(), &rendered);
            Diagnostic {
                level: message.level,
                read_on: read_on.map(str::to_owned),
                code,
                explanation: match in_tests {
                    Some(tests) => Some(explain(tests, &message_line)),
                    None => missing::explain(&rendered, libraries),
                },
                file,
                line,
                message: message_line,
                rendered,
            }
        })
        .collect()
}

/// The file and line in `  --> src/main.rs:12:5`. (The spans in the JSON may point into the macro that generated
/// the code; this is the place that the reader is shown.)
fn place(rendered: &str) -> Option<(String, usize)> {
    let mut lines = rendered.lines();
    let place = lines.find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let (file, rest) = place.split_once(':')?;
    let (line, _) = rest.split_once(':')?;
    Some((file.to_owned(), line.parse().ok()?))
}

/// Explains why code of the grader, in the file `tests`, no longer compiles.
fn explain(tests: &str, message: &str) -> String {
    let reason = if message.ends_with("between threads safely") {
        "The tests use your code from several threads. Use types that can be shared between threads: a `Mutex`, an \
         atomic or an `Arc` in place of a `Cell`, a `RefCell` or an `Rc`."
    } else {
        "They use your code, whose name or signature has changed. The original is in `exercises/stubs`."
    };
    format!("This error is in the tests ({tests}). {reason}")
}

/// A rendered message without machine-specific paths. The file of a library is shown relative to its
/// package (`tokio-1.54.1/src/task/spawn.rs`).
fn portable(rendered: &str, libraries: &Libraries) -> String {
    let roots = [
        format!("{}/", libraries.root.display()),
        format!("{}/", libraries.target.display()),
    ];
    let mut text = String::new();
    for line in rendered.lines() {
        let mut line = in_its_package(line);
        for root in &roots {
            line = line.replace(root, "");
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// A line that names a place in a library, after `-->` or `:::`, without the folder in which this machine keeps it.
fn in_its_package(line: &str) -> String {
    for arrow in ["--> ", "::: "] {
        let Some((before, path)) = line.split_once(arrow) else {
            continue;
        };
        if let Some((_, package)) = path.split_once("/registry/src/") {
            let package = package.split_once('/').map_or(package, |(_, rest)| rest);
            return format!("{before}{arrow}{package}");
        }
        if let Some((_, std)) = path.split_once("/library/") {
            return format!("{before}{arrow}library/{std}");
        }
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{explain, in_its_package};

    const TESTS: &str = "exercises/tests/futures/OneshotSlot.rs";

    #[test]
    fn explains_an_error_in_the_tests_with_a_changed_signature() {
        let text = explain(TESTS, "mismatched types");
        assert!(text.contains("name or signature"), "{text}");
    }

    #[test]
    fn explains_a_type_that_threads_cannot_share() {
        let text = explain(TESTS, "`Cell<u32>` cannot be shared between threads safely");
        assert!(text.contains("a `Mutex`"), "{text}");
        assert!(!text.contains("signature"), "{text}");
    }

    #[test]
    fn a_place_in_a_library_is_named_as_on_every_machine() {
        for arrow in ["  --> ", "  ::: "] {
            let tokio = format!(
                "{arrow}/home/me/.cargo/registry/src/index-1f/tokio-1.54.1/src/task.rs:5:1"
            );
            assert_eq!(
                in_its_package(&tokio),
                format!("{arrow}tokio-1.54.1/src/task.rs:5:1")
            );
            let std = format!("{arrow}/rustc/5980/library/core/src/result.rs:557:9");
            assert_eq!(
                in_its_package(&std),
                format!("{arrow}library/core/src/result.rs:557:9")
            );
            let program = format!("{arrow}src/main.rs:5:1");
            assert_eq!(in_its_package(&program), program);
        }
    }
}
