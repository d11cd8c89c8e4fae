//! A block that must not compile fails for the reason it names: with exactly the error after its fence, at
//! exactly the lines that carry the comment `// error[E0277]`. That is the compiler's code for it, a lint
//! that the block denies, or, for errors without a code, a name from `WITHOUT_A_CODE`.
//!
//! Where the compiler's own words follow in a `text` block, [`outputs`](crate::proof::outputs)
//! compares them.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::Finding;
use crate::markdown::Block;
use crate::program::Compiler;
use autograder::compiler::Compiled;
use autograder::diagnostic::Diagnostic;

/// Errors to which the compiler gives no code: what blocks call them, and how they begin.
const WITHOUT_A_CODE: &[(&str, &str)] = &[
    ("not_send", "future cannot be sent between threads safely"),
    (
        "not_general_enough",
        "implementation of `FnOnce` is not general enough",
    ),
    (
        "send_not_general_enough",
        "implementation of `Send` is not general enough",
    ),
    ("higher_ranked", "higher-ranked lifetime error"),
    ("lifetime", "lifetime may not live long enough"),
    (
        "captured_variable_escapes",
        "captured variable cannot escape `FnMut` closure body",
    ),
    (
        "async_closure_captures",
        "async closure does not implement `FnMut` because it captures state",
    ),
];

/// Checks one block tagged `compile_fail`.
///
/// # Errors
///
/// If rustc cannot be started.
pub fn check_block(compiler: &Compiler, block: &Block) -> Result<Vec<Finding>> {
    let finding = |line, message: String| Finding::new(&block.file, line, message);
    let Some(name) = block.error_name() else {
        return Ok(vec![finding(
            block.line,
            "A compile_fail block names the error it shows: `rust,compile_fail,E0277`.".to_owned(),
        )]);
    };
    let program = block.program();
    let expected = marked_lines(&program, name);
    if expected.is_empty() {
        return Ok(vec![finding(
            block.line,
            format!("No line of this block is marked with the comment `// error[{name}]`."),
        )]);
    }
    let errors = match compiler.compile(&program)? {
        Compiled::Errors(errors) => errors,
        Compiled::Program(..) => {
            let message = format!("The block must fail with {name}, but it compiles.");
            return Ok(vec![finding(block.line, message)]);
        }
    };
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for error in errors.iter().filter(|diagnostic| diagnostic.is_error()) {
        let line = error.line.unwrap_or(0);
        if is_called(error, name) && expected.contains(&line) {
            seen.insert(line);
        } else {
            let message = format!(
                "The block must fail with {name} at the marked line only; the compiler also says:\n{}",
                error.rendered
            );
            findings.push(finding(block.page_line(line), message));
        }
    }
    for line in expected.difference(&seen) {
        let message = format!("The line is marked `// error[{name}]`, but no such error is there.");
        findings.push(finding(block.page_line(*line), message));
    }
    Ok(findings)
}

/// The compiler's words, as a page shows them: its errors, one blank line between two.
pub fn words(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error() && diagnostic.line.is_some());
    let rendered: Vec<_> = errors.map(|error| error.rendered.trim_end()).collect();
    format!("{}\n", rendered.join("\n\n"))
}

/// Whether a block that names an error `name` means this one.
fn is_called(error: &Diagnostic, name: &str) -> bool {
    match &error.code {
        Some(code) => code == name,
        None => WITHOUT_A_CODE
            .iter()
            .any(|(known, message)| *known == name && error.message.starts_with(message)),
    }
}

fn marked_lines(program: &str, name: &str) -> BTreeSet<usize> {
    let mark = format!("// error[{name}]");
    let numbered = program.lines().zip(1..);
    numbered
        .filter(|(line, _)| line.contains(&mark))
        .map(|(_, number)| number)
        .collect()
}
