//! The command line of `bundle`.

use anyhow::Result;
use workbook::interrupt::Interrupt;
use workbook::status::Status;
use workbook::terminal::spinner::Spinner;
use workbook::terminal::{count, paragraph, print, style, warn};
use workbook::tool;

use super::{Bundle, FILE, FOLDER, Step, Written};
use crate::cli;

/// As `gzip` does by default. The highest level takes four times as long for 3% less.
const COMPRESSION: u32 = 6;

/// How many files are named that are not in a bundle.
const NAMED: usize = 10;

/// Writes the bundle, and says what is in it.
///
/// # Errors
///
/// As [`Bundle::write`].
pub fn run(interrupt: &Interrupt, arguments: &cli::Bundle) -> Result<Status> {
    let bundle = Bundle {
        project: &tool::project()?,
        handout: arguments.handout.as_deref(),
        output: &arguments.output,
        compression: COMPRESSION,
    };
    let spinner = Spinner::new("Reading the last commit");
    let written = bundle.write(&interrupt.cancel, &mut |step| match step {
        Step::Book => spinner.message("Building the book"),
        Step::Crates(done, total) => spinner.count("Collecting the crates", done, total),
        Step::Files(done, total) => spinner.count("Compressing", done, total),
    });
    drop(spinner);
    let written = written?;
    warn(left_out(&written.left_out));
    print(&summary(&written, arguments.output.is_dir()))?;
    Ok(Status::Solved)
}

/// What is not in the bundle, although it could be expected there.
fn left_out(files: &[String]) -> Option<String> {
    let first = files.iter().take(NAMED).cloned();
    let mut named: Vec<_> = first.collect();
    if files.len() > NAMED {
        named.push(format!("and {} more", files.len() - NAMED));
    }
    (!files.is_empty()).then(|| {
        format!(
            "The bundle has the last commit. What differs from it is not in the bundle: {}. Commit these files if they belong \
             to the workbook.",
            named.join(", ")
        )
    })
}

fn summary(written: &Written, on_stick: bool) -> String {
    let Written {
        file,
        size,
        commit,
        parts,
        ..
    } = written;
    let mut text = style::success(&format!(
        "The bundle is in {}: {}.",
        file.display(),
        megabytes(*size)
    ));
    text += &format!("\n\nIt has commit {commit}, and unpacked\n");
    let width = parts.iter().map(|part| part.name.len()).max().unwrap_or(0);
    for part in parts {
        text += &format!(
            "  {:width$}  {:>8}  {}\n",
            part.name,
            megabytes(part.size),
            count(part.files, "file")
        );
    }
    let start = if on_stick {
        "sh start.sh".to_owned()
    } else {
        format!("tar -xf {FILE} && sh {FOLDER}/start.sh")
    };
    text += &format!(
        "\n{}\n\n  {}\n\n{}\n",
        paragraph(
            "Your own answers and your progress are not in it. On a machine with Rust and without a network:"
        ),
        style::command(&start),
        paragraph("`README.txt` says it for learners, and what to type on Windows.")
    );
    text
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::left_out;

    #[test]
    fn many_files_are_counted() {
        assert_eq!(left_out(&[]), None);
        let files: Vec<_> = (0..12).map(|n| format!("src/{n}.md")).collect();
        let said = left_out(&files).expect("there are some");
        assert!(said.contains("src/9.md, and 2 more. Commit"), "{said}");
    }
}
