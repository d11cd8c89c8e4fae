//! `cargo test` on an exercise: what the graders themselves cost.

use std::fs;
use std::path::Path;

use anyhow::Result;
use ci::Project;

use crate::timing::{ratio, row, timed};
use crate::workspace::Copy;

/// From a fresh clone, and from a saved file, to a verdict.
pub fn measure(project: &Project) -> Result<()> {
    println!("\nVerdict of `cargo test -p exercises --test gather`");
    let clone = Copy::of(project)?;
    let tests = clone.root().join("exercises/tests");
    fs::write(tests.join("empty.rs"), "#[test]\nfn nothing() {}\n")?;
    idle_copy(&tests)?;

    let bare = timed(|| clone.cargo_test("empty", "bare"))?;
    let fresh = timed(|| clone.cargo_test("gather", "fresh"))?;
    row("fresh clone, an empty test", bare, 1.0);
    row("fresh clone, the grader", fresh, ratio(fresh, bare));
    for test in ["empty", "idle", "gather"] {
        clone.cargo_test(test, "fresh")?;
    }
    let saved = |test| clone.saved_and_tested(test, "fresh");
    let (bare, idle, graded) = (saved("empty")?, saved("idle")?, saved("gather")?);
    row("save, one empty test", bare, ratio(bare, idle));
    row("save, the grader's tests, doing nothing", idle, 1.0);
    row("save, the grader", graded, ratio(graded, idle));
    fs::copy(project.path("solutions/src/gather.rs"), clone.answers())?;
    clone.cargo_test("gather", "fresh")?;
    let unchanged = timed(|| clone.cargo_test("empty", "fresh"))?;
    let run = timed(|| clone.cargo_test("gather", "fresh"))?;
    row("nothing changed, an empty test", unchanged, 1.0);
    row(
        "nothing changed, the solutions graded",
        run,
        ratio(run, unchanged),
    );
    Ok(())
}

/// A copy of the grader of the same size, whose tests return at once: what cargo needs for it is what
/// no grader of that size can do without.
fn idle_copy(tests: &Path) -> Result<()> {
    let idle = |text: &str| -> String {
        let mut is_test = false;
        let lines = text.lines().map(|line| {
            let begins = is_test && line.ends_with('{');
            is_test = line.trim() == "#[test]";
            let leave = "if std::hint::black_box(true) { return; }";
            if begins {
                format!("{line} {leave}\n")
            } else {
                format!("{line}\n")
            }
        });
        lines.collect::<String>().replace("\"gather/", "\"idle/")
    };
    fs::create_dir(tests.join("idle"))?;
    fs::write(
        tests.join("idle.rs"),
        idle(&fs::read_to_string(tests.join("gather.rs"))?),
    )?;
    for part in fs::read_dir(tests.join("gather"))? {
        let part = part?;
        let copy = tests.join("idle").join(part.file_name());
        fs::write(copy, idle(&fs::read_to_string(part.path())?))?;
    }
    Ok(())
}
