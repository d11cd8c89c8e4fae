//! What the compiler says, read from its JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::library::Libraries;

/// One of rustc's messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// `error` or `warning`, say.
    pub level: String,
    /// `E0277`, where the message has one.
    pub code: Option<String>,
    /// The file it points at.
    pub file: Option<String>,
    /// The line of that file, counted from 1.
    pub line: Option<usize>,
    /// The message's first line.
    pub message: String,
    /// The whole message as rustc prints it.
    pub rendered: String,
    /// What rustc does not say: where it points into the tests, what in the answer is the reason.
    pub about: Option<String>,
}

impl Diagnostic {
    /// Whether it stopped the compilation.
    pub fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }
}

/// Reads what rustc prints under `--error-format=json`.
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
            let (file, line) = place(&rendered).unzip();
            let in_tests = file.as_deref().filter(|file| file.contains("/tests/"));
            Diagnostic {
                level: message.level,
                code: message.code.map(|code| code.code),
                about: in_tests.map(|tests| about(tests, &message.message)),
                file,
                line,
                message: message.message,
                rendered,
            }
        })
        .collect()
}

/// The file and line in `  --> src/main.rs:12:5`. (The message's spans may lie in the macro that made the
/// code; this is the place that the reader is shown.)
fn place(rendered: &str) -> Option<(String, usize)> {
    let mut lines = rendered.lines();
    let place = lines.find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let (file, rest) = place.split_once(':')?;
    let (line, _) = rest.split_once(':')?;
    Some((file.to_owned(), line.parse().ok()?))
}

/// Why code of the grader, in the file `tests`, does not compile any more.
fn about(tests: &str, message: &str) -> String {
    let reason = if message.ends_with("between threads safely") {
        "from several threads. What they share must be made for that: in place of a `Cell`, a `RefCell` or an `Rc` it \
         takes a `Mutex`, an atomic or an `Arc`."
    } else {
        "whose name or signature is another one than in the beginning. `exercises/stubs` has it as it was."
    };
    format!("This stands in the tests ({tests}). They use your code {reason}")
}

/// The compiler's words without the paths of one machine: a library's file is shown from its
/// package on (`tokio-1.54.1/src/task/spawn.rs`).
fn portable(rendered: &str, libraries: &Libraries) -> String {
    let roots = [
        format!("{}/", libraries.root.display()),
        format!("{}/", libraries.target.display()),
    ];
    let mut text = String::new();
    for line in rendered.lines() {
        let mut line = line.to_owned();
        if let Some((before, path)) = line.split_once("--> ") {
            if let Some((_, package)) = path.split_once("/registry/src/") {
                let package = package.split_once('/').map_or(package, |(_, rest)| rest);
                line = format!("{before}--> {package}");
            } else if let Some((_, std)) = path.split_once("/library/") {
                line = format!("{before}--> library/{std}");
            }
        }
        for root in &roots {
            line = line.replace(root, "");
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::about;

    const TESTS: &str = "exercises/tests/futures/OneshotSlot.rs";

    #[test]
    fn an_error_in_the_tests_is_one_of_the_signature() {
        let said = about(TESTS, "mismatched types");
        assert!(said.contains("name or signature"), "{said}");
    }

    #[test]
    fn what_threads_cannot_share_is_no_matter_of_the_signature() {
        let said = about(TESTS, "`Cell<u32>` cannot be shared between threads safely");
        assert!(said.contains("takes a `Mutex`"), "{said}");
    }
}
