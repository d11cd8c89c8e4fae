//! The `text` block right after a program is what the program prints, byte for byte; after a block
//! that must panic, the messages of its panics come last; after one that must not compile, it is what the
//! compiler says.

use anyhow::Result;

use crate::markdown::{Block, Page};
use crate::program::Compiler;
use crate::project::Pages;
use crate::proof::compile_fail;
use crate::{Finding, Project};
use autograder::compiler::Compiled;

/// The compiler whose messages the book shows. Another release may word them differently, so they
/// are compared under this one only; error codes and lines are checked under every release.
pub const COMPILER_OF_THE_WORDS: &str = "1.95.0";

/// Compares every output of a Rust block.
///
/// # Errors
///
/// If a page cannot be read or rustc cannot be started.
pub fn check(project: &Project, compiler: &Compiler) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for page in project.pages()? {
        findings.extend(
            stale(&page, compiler)?
                .into_iter()
                .map(|stale| stale.finding()),
        );
    }
    Ok(findings)
}

/// An output that is no longer what its program prints.
#[derive(Debug)]
pub struct Stale<'a> {
    /// The `text` block.
    pub output: &'a Block,
    /// What should be in it.
    pub actual: String,
}

impl Stale<'_> {
    /// The difference, and how to take it over.
    pub fn finding(&self) -> Finding {
        let difference = similar::TextDiff::from_lines(self.output.body.as_str(), &self.actual);
        let message = format!(
            "The output is stale. - is what the page says, + is what the program does:\n{}\
             If the new one is right, `cargo refresh` writes it into the page.",
            difference.unified_diff().context_radius(1)
        );
        Finding::new(&self.output.file, self.output.line, message)
    }
}

/// The outputs of a page's Rust blocks that differ from what the programs print now. Programs that
/// do not compile, fail or do not end are [`code_blocks`](crate::proof::code_blocks)' to report.
///
/// # Errors
///
/// If rustc cannot be started.
pub fn stale<'a>(page: &'a Page, compiler: &Compiler) -> Result<Vec<Stale<'a>>> {
    let mut stale = Vec::new();
    for block in page.rust_blocks() {
        let Some(output) = page.output_of(block) else {
            continue;
        };
        let actual = match compiler.compile(&block.program())? {
            Compiled::Program(executable, _) => {
                let run = compiler.run(&executable, None)?;
                let succeeded = run.succeeded();
                match block.has_tag("should_panic") {
                    true => run.stdout + &panic_messages(&run.stderr),
                    false if succeeded => run.stdout,
                    false => continue,
                }
            }
            Compiled::Errors(errors) if block.has_tag("compile_fail") => {
                if compiler.release() != COMPILER_OF_THE_WORDS {
                    continue;
                }
                compile_fail::words(&errors)
            }
            Compiled::Errors(_) => continue,
        };
        if actual != output.body {
            stale.push(Stale { output, actual });
        }
    }
    Ok(stale)
}

/// What the panics say, in order: `thread 'main' panicked at src/main.rs:3:5:` and the message, without the
/// thread's number, which is another one each time, and without the folder in which cargo keeps a library. Empty for
/// a program that did not panic.
fn panic_messages(stderr: &str) -> String {
    let stderr = format!("\n{stderr}");
    let panics = stderr.split("\nthread '").skip(1);
    panics.map(panic_message).collect()
}

/// One panic of a program, from the name of its thread on.
fn panic_message(panic: &str) -> String {
    let said = format!("thread '{panic}");
    let said = said.split("note: run with").next().unwrap_or_default();
    let (first, message) = said.split_once('\n').unwrap_or((said, ""));
    let first = match (first.split_once(" ("), first.split_once(") ")) {
        (Some((thread, _)), Some((_, place))) => format!("{thread} {place}"),
        _ => first.to_owned(),
    };
    format!("{}\n{}\n", in_its_crate(&first), message.trim_end())
}

/// A library's file begins with the library's name, wherever this machine has it.
fn in_its_crate(line: &str) -> String {
    let inside = line
        .split_once(" panicked at ")
        .and_then(|(thread, place)| {
            let (_, inside) = place.split_once("/registry/src/")?;
            let (_index, file) = inside.split_once('/')?;
            Some(format!("{thread} panicked at {file}"))
        });
    inside.unwrap_or_else(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{in_its_crate, panic_messages};

    #[test]
    fn a_library_is_named_as_on_every_machine() {
        let line = "thread 'main' panicked at /home/me/.cargo/registry/src/index-1f/tokio-1.54.1/src/task.rs:5:1:";
        let told = "thread 'main' panicked at tokio-1.54.1/src/task.rs:5:1:";
        assert_eq!(in_its_crate(line), told);
        assert_eq!(in_its_crate(told), told);
    }

    #[test]
    fn a_panic_is_told_without_what_differs_each_time() {
        let stderr = "\nthread 'main' (4711) panicked at src/main.rs:2:5:\non purpose\n\
            note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
        let told = "thread 'main' panicked at src/main.rs:2:5:\non purpose\n";
        assert_eq!(panic_messages(stderr), told);
        assert_eq!(panic_messages(&stderr.replace(" (4711)", "")), told);
        assert_eq!(panic_messages(""), "");
    }

    #[test]
    fn each_of_several_panics_is_told() {
        let stderr = "\nthread 'worker' (4711) panicked at src/main.rs:2:5:\nfirst\n\
            note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n\
            \nthread 'main' (4710) panicked at src/main.rs:7:5:\nsecond\n";
        let told = "thread 'worker' panicked at src/main.rs:2:5:\nfirst\n\
            thread 'main' panicked at src/main.rs:7:5:\nsecond\n";
        assert_eq!(panic_messages(stderr), told);
    }
}
