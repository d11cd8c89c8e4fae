//! Compilations that fail for a reason that the program is not at fault for: what the machine lacks, or libraries that do
//! not fit.

use crate::library::Libraries;

/// The system's message for a full disk.
pub const NO_SPACE: &str = "No space left on device";
pub const FREE_SPACE: &str = "The disk is full. Free some space and try again.";

/// The errors of rustc about compiled libraries that do not fit together or to this compiler.
const MISFITS: &[&str] = &[
    "E0460", "E0461", "E0462", "E0464", "E0514", "E0519", "E0786",
];

/// The error of rustc about a library that is missing.
const NO_LIBRARY: &str = "E0463";

/// How the line of a linker's error begins that repeats its command, which is several kilobytes long.
const COMMAND: &str = "= note:  \"";

/// What the machine lacks, or what is wrong with the libraries, with advice, if that is why the compilation failed. The
/// program is not at fault then.
pub fn not_the_programs_fault(stderr: &[u8], libraries: &Libraries) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Message {
        message: String,
        code: Option<Code>,
        spans: Vec<serde::de::IgnoredAny>,
        rendered: Option<String>,
    }
    #[derive(serde::Deserialize)]
    struct Code {
        code: String,
    }
    let lines = stderr.split(|&byte| byte == b'\n');
    let messages = lines.filter_map(|line| serde_json::from_slice::<Message>(line).ok());
    for message in messages {
        let rendered = message.rendered.unwrap_or_default();
        let code = message.code.map(|code| code.code).unwrap_or_default();
        // "can't find crate for `futures_core` which `tokio` depends on"
        let names_a_library = || {
            let is_named = |name| message.message.contains(&format!("`{name}`"));
            libraries.names().any(is_named)
        };
        let misfit = MISFITS.contains(&&*code)
            || code == NO_LIBRARY && names_a_library()
            || lacks_an_internal_symbol(&rendered);
        let advice = if misfit {
            "The compiled libraries do not fit together, or do not fit this compiler. Your code is not the cause. Run \
             `cargo clean` and try again; the libraries are then compiled again."
        } else if !message.spans.is_empty() {
            continue;
        } else if rendered.contains(NO_SPACE) {
            FREE_SPACE
        } else if message.message.starts_with("linker `") && message.message.ends_with("not found")
        {
            "Rust needs a C compiler to link programs. Install `build-essential` on Debian \
             and Ubuntu, `gcc` on Fedora, the Command Line Tools on macOS (`xcode-select --install`), or \
             the Build Tools for Visual Studio on Windows."
        } else {
            continue;
        };
        let is_short = |line: &&str| !line.contains(COMMAND);
        let words: Vec<_> = rendered.lines().filter(is_short).take(12).collect();
        return Some(format!("{advice}\n{}", words.join("\n")));
    }
    None
}

/// Whether the linker misses a symbol that the compiler has made up itself, so that no program can name it.
fn lacks_an_internal_symbol(rendered: &str) -> bool {
    rendered.starts_with("error: linking with")
        && rendered
            .lines()
            .any(|line| line.to_lowercase().contains("undefined") && line.contains(".llvm."))
}

#[cfg(test)]
mod tests {
    use super::not_the_programs_fault;
    use crate::library::Libraries;

    /// What rustc prints for an error with a place in the program.
    fn error(code: &str, message: &str) -> Vec<u8> {
        let message = serde_json::json!({
            "level": "error", "code": { "code": code }, "message": message, "spans": [{}],
            "rendered": format!("error[{code}]: {message}\n"),
        });
        message.to_string().into_bytes()
    }

    #[test]
    fn libraries_that_do_not_fit_are_not_the_programs_fault() {
        let libraries = Libraries::named(&["grading", "tokio"]);
        for (code, message) in [
            ("E0463", "can't find crate for `grading`"),
            (
                "E0463",
                "can't find crate for `mio` which `tokio` depends on",
            ),
            (
                "E0460",
                "found possibly newer version of crate `mio` which `tokio` depends on",
            ),
            (
                "E0514",
                "found crate `tokio` compiled by an incompatible version of rustc",
            ),
        ] {
            let advice = not_the_programs_fault(&error(code, message), &libraries);
            let advice = advice.unwrap_or_else(|| panic!("{message}"));
            assert!(
                advice.contains("cargo clean") && advice.contains(message),
                "{advice}"
            );
        }
        for (code, message) in [
            ("E0463", "can't find crate for `rand`"),
            ("E0433", "cannot find module or crate `tokio` in this scope"),
        ] {
            let advice = not_the_programs_fault(&error(code, message), &libraries);
            assert_eq!(advice, None, "{message}");
        }
    }

    #[test]
    fn libraries_whose_parts_do_not_fit_are_not_the_programs_fault() {
        let libraries = Libraries::named(&["grading"]);
        let error = |symbol: &str| {
            let rendered = format!(
                "error: linking with `cc` failed: exit status: 1\n  |\n  = note:  \"cc\" \"-m64\" \"a.o\"\n  \
                 = note: rust-lld: error: undefined hidden symbol: {symbol}\n"
            );
            let message = serde_json::json!({
                "message": "linking with `cc` failed: exit status: 1", "code": null, "spans": [],
                "rendered": rendered,
            });
            message.to_string().into_bytes()
        };
        let advice = not_the_programs_fault(&error("anon.2279d2.10.llvm.147"), &libraries);
        let advice = advice.expect("it is the fault of the libraries");
        assert!(advice.contains("cargo clean"), "{advice}");
        assert!(advice.contains("anon.2279d2.10.llvm.147"), "{advice}");
        assert!(!advice.contains("-m64"), "{advice}");
        let advice = not_the_programs_fault(&error("declared_by_the_program"), &libraries);
        assert_eq!(advice, None);
    }
}
