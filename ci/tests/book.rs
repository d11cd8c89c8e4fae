//! The proofs, on this repository: nothing may be found.

use std::io::{self, Write};
use std::sync::LazyLock;

use anyhow::Result;
use autograder::compiler::Compiled;
use ci::program::Compiler;
use ci::project::{Pages, here};
use ci::proof::prose::harper::Harper;
use ci::proof::python::Python;
use ci::proof::{
    answers, coverage, exercises, figures, formatting, links, messages, minutes, names, notes,
    originals, outputs, plans, prose, python, reports, summary,
};
use ci::{Project, finding};

static PROJECT: LazyLock<Project> = LazyLock::new(here);
static COMPILER: LazyLock<Compiler> =
    LazyLock::new(|| Compiler::new().expect("the workspace is built and rustc is there"));

/// Says something that libtest would swallow, because the test passes.
fn announce(words: &str) {
    test_cache::skipped();
    let _ = writeln!(io::stderr(), "\n{words}\n");
}

#[test_cache::test]
fn outputs_are_what_the_programs_print() -> Result<()> {
    finding::require_none(&outputs::check(&PROJECT, &COMPILER)?);
    if COMPILER.release() != outputs::COMPILER_OF_THE_WORDS {
        announce(&format!(
            "Skipped: the compiler's words on the pages are those of rustc {}, and this is rustc \
             {}. Error codes and lines are checked all the same.",
            outputs::COMPILER_OF_THE_WORDS,
            COMPILER.release()
        ));
    }
    Ok(())
}

#[test_cache::test]
fn python_blocks_print_their_outputs() -> Result<()> {
    match Python::find() {
        Some(python) => finding::require_none(&python::check(&PROJECT, &python)?),
        None => announce(
            "Skipped: the Python blocks of the book, because there is no Python 3.11 or later here.",
        ),
    }
    Ok(())
}

#[test_cache::test]
fn quoted_reports_are_what_the_graders_say() -> Result<()> {
    finding::require_none(&reports::check(&PROJECT, &COMPILER)?);
    Ok(())
}

#[test_cache::test]
fn figures_are_what_the_programs_record() -> Result<()> {
    finding::require_none(&figures::check(&PROJECT, &COMPILER)?);
    Ok(())
}

#[test_cache::test]
fn blocks_are_formatted() -> Result<()> {
    finding::require_none(&formatting::check(&PROJECT)?);
    Ok(())
}

#[test_cache::test]
fn links_lead_somewhere() -> Result<()> {
    finding::require_none(&links::check(&PROJECT)?);
    Ok(())
}

#[test_cache::test]
fn the_summary_lists_every_page() -> Result<()> {
    finding::require_none(&summary::check(&PROJECT)?);
    Ok(())
}

#[test_cache::test]
fn error_messages_are_what_programs_say() -> Result<()> {
    finding::require_none(&messages::check(&PROJECT)?);
    Ok(())
}

#[test_cache::test]
fn prose_follows_the_style_guide() -> Result<()> {
    let harper = Harper::find(&PROJECT);
    finding::require_none(&prose::check(&PROJECT, harper.as_ref())?);
    if harper.is_none() {
        announce(
            "Skipped: the spelling and grammar of the book, because harper is not here. \
             `cargo install --path ci/grammar --root target/tools` builds it. Forbidden words and \
             titles are checked all the same.",
        );
    }
    Ok(())
}

#[test_cache::test]
fn no_rust_block_escapes() -> Result<()> {
    let tests = include_str!(concat!(env!("OUT_DIR"), "/code_blocks.rs"));
    finding::require_none(&coverage::check(&PROJECT, &coverage::extracted(tests))?);
    Ok(())
}

#[test_cache::test]
fn the_manifest_agrees_with_what_it_lists() -> Result<()> {
    finding::require_none(&exercises::check(&PROJECT)?);
    Ok(())
}

#[test_cache::test]
fn times_follow_from_the_minutes_of_the_pages() -> Result<()> {
    finding::require_none(&minutes::check(&PROJECT)?);
    Ok(())
}

#[test_cache::test]
fn lesson_plans_add_up() -> Result<()> {
    finding::require_none(&plans::check(&PROJECT)?);
    Ok(())
}

#[test_cache::test]
fn comments_are_speaker_notes_or_name_a_report() -> Result<()> {
    finding::require_none(&notes::check(&PROJECT)?);
    Ok(())
}

#[test_cache::test]
fn speaker_notes_are_in_the_html_and_not_in_the_search() -> Result<()> {
    finding::require_none(&notes::check_html(&PROJECT)?);
    Ok(())
}

#[test_cache::test]
fn names_agree_across_the_folders() -> Result<()> {
    finding::require_none(&names::check(&PROJECT)?);
    Ok(())
}

#[test_cache::test]
fn stubs_are_not_started() -> Result<()> {
    finding::require_none(&answers::stubs(&PROJECT, &COMPILER)?);
    Ok(())
}

#[test_cache::test]
fn wrong_answers_are_rejected_as_they_say() -> Result<()> {
    finding::require_none(&answers::wrong(&PROJECT, &COMPILER)?);
    Ok(())
}

#[test_cache::test]
fn generated_files_are_current() -> Result<()> {
    finding::require_none(&originals::check(&PROJECT, &COMPILER)?);
    Ok(())
}

/// `predict_order` is graded against a program of the grader's own, while the reader predicts the output of the page's:
/// the solution has to be right for both.
#[test_cache::test]
fn the_startup_program_on_the_page_prints_what_the_solution_predicts() -> Result<()> {
    let pages = PROJECT.pages()?;
    let mut blocks = pages.iter().flat_map(|page| page.rust_blocks());
    let block = blocks
        .find(|block| block.body.contains("sensor settling"))
        .expect("the page of the exercise shows its program");
    let Compiled::Program(executable, _) = COMPILER.compile(&block.program())? else {
        panic!("the program does not compile");
    };
    let printed = COMPILER.run(&executable, None)?.stdout;
    let printed: Vec<_> = printed.lines().collect();
    assert_eq!(printed, ::exercises::event_loop::predict_order());
    Ok(())
}
