//! The commands of `class/github-actions.yml`, run as its jobs would run them.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::class::{Class, PROGRAM, repository, succeeds};

/// The commands, in order: of a part, and of the marks.
fn commands() -> [String; 2] {
    let file = repository().join("class/github-actions.yml");
    let text = fs::read_to_string(file).expect("it is there");
    let commands = text.lines().filter_map(|line| {
        let command = line.trim_start().strip_prefix("- run: ")?;
        Some(command.to_owned())
    });
    let commands: Vec<_> = commands.collect();
    commands.try_into().expect("there are two commands")
}

/// Makes the folder of the class a checkout of the workbook.
fn check_out(class: &Class) {
    for entry in fs::read_dir(repository()).expect("readable") {
        let entry = entry.expect("readable");
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != "target" && name != ".git" {
            symlink(entry.path(), class.path(&name)).expect("writable");
        }
    }
}

#[test_cache::test]
fn the_jobs_of_the_workflow_give_the_same_bytes_as_one_machine() {
    let class = Class::new();
    class.grade("one");
    check_out(&class);
    let run = |command: &str| {
        let command = command.replace("cargo workbook grade", &format!("{PROGRAM} grade"));
        assert!(!command.contains("${{"), "{command}");
        let mut bash = Command::new("bash");
        bash.args(["-euc", &command]).current_dir(class.path(""));
        bash.env("OPTIONS", "--class class.toml");
        succeeds(&bash.output().expect("bash is there"));
    };
    let [grade, merge] = commands();
    fs::create_dir(class.path("parts")).expect("writable");
    for part in ["1", "2"] {
        run(&grade
            .replace("${{ matrix.part }}", part)
            .replace("${{ strategy.job-total }}", "2"));
        let artifact = class.path("parts").join(format!("part-{part}"));
        fs::rename(class.path("part"), artifact).expect("it was written");
    }
    run(&merge);
    class.are_the_same("one", "marks");
}
