//! rustlings on the same exercise: the answers and the grader of `gather` as a course of its own kind.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Result, ensure};
use tempfile::TempDir;

use crate::timing::{best_of_three, timed};
use crate::workspace::Copy;

const INFO: &str = r#"format_version = 1
[[exercises]]
name = "gather"
test = true
hint = ""
"#;

/// An exercise of rustlings is one program, with its tests in it.
const AROUND: (&str, &str) = (
    "mod exercises { pub mod gather {\n",
    "\n} }\nfn main() {}\n#[cfg(test)]\n#[path = \"../grader/gather.rs\"]\nmod grader;\n",
);

/// From a save to its verdict. `None` where it is not installed.
pub fn saved(clone: &Copy) -> Result<Option<Duration>> {
    let course = TempDir::new()?;
    make(course.path(), clone.root())?;
    let run = || {
        Command::new("rustlings")
            .args(["run", "gather"])
            .current_dir(course.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
    };
    let Ok(status) = run() else {
        return Ok(None);
    };
    ensure!(status.success(), "rustlings does not take the solutions");
    let exercise = course.path().join("exercises/gather.rs");
    let text = fs::read_to_string(&exercise)?;
    let mut edits = 0;
    best_of_three(|| {
        edits += 1;
        fs::write(&exercise, format!("{text}// {edits}\n"))?;
        timed(|| Ok(run().map(drop)?))
    })
    .map(Some)
}

fn make(course: &Path, clone: &Path) -> Result<()> {
    for folder in ["exercises", "solutions", "grader/gather"] {
        fs::create_dir_all(course.join(folder))?;
    }
    fs::write(course.join("info.toml"), INFO)?;
    fs::copy(clone.join("Cargo.lock"), course.join("Cargo.lock"))?;
    let dependencies = fs::read_to_string(clone.join("Cargo.toml"))?;
    let lines = dependencies.lines().filter(|line| {
        ["futures =", "tokio ="]
            .iter()
            .any(|name| line.starts_with(name))
    });
    let manifest = format!(
        "[workspace]\n[package]\nname = \"exercises\"\nedition = \"2024\"\npublish = \
         false\n[[bin]]\nname = \"gather\"\npath = \"exercises/gather.rs\"\n[[bin]]\nname = \
         \"gather_sol\"\npath = \"solutions/gather.rs\"\n[dependencies]\n{}\ngrading.path = \
         {:?}\n[profile.dev]\ndebug = false\n",
        lines.collect::<Vec<_>>().join("\n"),
        clone.join("crates/grading")
    );
    fs::write(course.join("Cargo.toml"), manifest)?;
    let answers = fs::read_to_string(clone.join("solutions/src/gather.rs"))?;
    let answers = answers.replace("//!", "//");
    fs::write(
        course.join("exercises/gather.rs"),
        format!("{}{answers}{}", AROUND.0, AROUND.1),
    )?;
    fs::write(course.join("solutions/gather.rs"), "fn main() {}\n")?;
    let tests = clone.join("exercises/tests");
    let mut files = vec![tests.join("gather.rs")];
    for part in fs::read_dir(tests.join("gather"))? {
        files.push(part?.path());
    }
    for file in files {
        let grader = fs::read_to_string(&file)?.replace("exercises::", "crate::exercises::");
        fs::write(
            course.join("grader").join(file.strip_prefix(&tests)?),
            grader,
        )?;
    }
    Ok(())
}
