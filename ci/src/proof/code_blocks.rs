//! Every Rust block compiles and runs to its end.

use anyhow::Result;
use sandbox::{Ended, Limit};

use crate::markdown::{Block, Page};
use crate::program::Compiler;
use crate::project::Pages;
use crate::proof::compile_fail;
use crate::{Finding, Project};
use autograder::compiler::Compiled;
use autograder::diagnostic::Diagnostic;

/// Checks every Rust block of the book.
///
/// # Errors
///
/// If a page cannot be read or rustc cannot be started.
pub fn check(project: &Project, compiler: &Compiler) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for page in project.pages()? {
        for block in page.rust_blocks() {
            findings.extend(check_block(compiler, block)?);
        }
    }
    Ok(findings)
}

/// Checks the blocks of these pages with this program; a program that is on no page is a finding.
///
/// # Errors
///
/// As [`check`].
pub fn check_program(pages: &[Page], compiler: &Compiler, program: &str) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut known = false;
    for page in pages {
        for block in page
            .rust_blocks()
            .filter(|block| block.program() == program)
        {
            known = true;
            findings.extend(check_block(compiler, block)?);
        }
    }
    if !known {
        let start: String = program.lines().take(3).collect::<Vec<_>>().join(" ");
        findings.push(Finding::new(
            "src",
            1,
            format!("A program was extracted from the book that no page holds: {start}"),
        ));
    }
    Ok(findings)
}

/// Checks one block by what its fence says of it: it runs to its end, panics, or does not compile.
///
/// # Errors
///
/// As [`check`].
pub fn check_block(compiler: &Compiler, block: &Block) -> Result<Vec<Finding>> {
    if block.has_tag("compile_fail") {
        return compile_fail::check_block(compiler, block);
    }
    let executable = match compiler.compile(&block.program())? {
        Compiled::Program(executable, _) => executable,
        Compiled::Errors(errors) => return Ok(does_not_compile(block, &errors)),
    };
    let run = compiler.run(&executable, None)?;
    let limit = compiler.time_limit();
    let fault = match (run.ended, block.has_tag("should_panic")) {
        (Ended::LimitExceeded(Limit::Wall), _) => format!(
            "The program was still running after {limit:?} and was stopped. It waits for \
             something that never comes, or loops."
        ),
        (ended, false) if ended != Ended::Exit(0) => format!(
            "The program failed ({ended}). It printed:\n{}{}",
            run.stdout, run.stderr
        ),
        (ended, true) if ended != Ended::Exit(101) => {
            format!("The block says should_panic, but its program did not panic ({ended}).")
        }
        _ => return Ok(Vec::new()),
    };
    Ok(vec![Finding::new(&block.file, block.line, fault)])
}

fn does_not_compile(block: &Block, errors: &[Diagnostic]) -> Vec<Finding> {
    errors
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .map(|error| {
            let line = error.line.map_or(block.line, |line| block.page_line(line));
            let message = format!("The program does not compile.\n{}", error.rendered);
            Finding::new(&block.file, line, message)
        })
        .collect()
}
