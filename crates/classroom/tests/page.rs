//! The page for teachers: its commands exist, and its `class.toml` means what it says.

use std::fs;
use std::path::Path;

use clap::Parser;
use classroom::class_file::{Class, Tests};
use classroom::cli::Cli;
use classroom::export::Format;
use workbook::cli::Cli as WorkbookCli;

fn page() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src/teachers.md");
    fs::read_to_string(file).expect("the page is there")
}

/// The blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let parts = page.split("```").skip(1).step_by(2);
    let own = parts.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'));
    own.map(str::to_owned).collect()
}

/// The words of a command. What is quoted is one word.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    let words = parts.flat_map(|(index, part)| match index % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[test]
fn every_command_is_understood() {
    let page = page();
    let commands = blocks(&page, "console");
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        let words = words(&command);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let understood = match words[..] {
            ["cargo", "workbook", "grade" | "bundle", ..]
            | ["cargo", "workbook", "class", "serve", ..] => {
                Cli::try_parse_from(&words[1..]).map(drop)
            }
            // Its own tests are in `bundle`. It hands a command on.
            ["sh", "start.sh"] => Ok(()),
            ["cargo", "workbook", ..] => WorkbookCli::try_parse_from(&words[1..]).map(drop),
            // Its own tests are in `machines`. It hands the submissions and the options on.
            ["bash", "class/slurm.sbatch", parts, _, ref rest @ ..] => {
                assert!(parts.parse::<u32>().is_ok(), "{command}");
                Cli::try_parse_from(["workbook", "grade"].iter().chain(rest)).map(drop)
            }
            _ => panic!("{command}"),
        };
        understood.unwrap_or_else(|error| panic!("{command}{error}"));
    }
}

#[test]
fn the_class_file_means_what_its_comments_say() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../exercises/exercises.toml");
    let manifest = fs::read_to_string(manifest).expect("it is there");
    let manifest = autograder::manifest::Manifest::parse(&manifest).expect("it is valid");
    let exercises = workbook::names::all(&manifest);
    let exercises: Vec<_> = exercises.iter().map(|exercise| exercise.name()).collect();
    let text = blocks(&page(), "toml").concat();
    let class =
        Class::parse("class.toml", &text, &exercises).unwrap_or_else(|mistake| panic!("{mistake}"));
    let worth = class.worth();
    let gather: Vec<_> = exercises
        .iter()
        .filter(|name| name.starts_with("gather/"))
        .collect();
    assert_eq!(worth.len(), gather.len() + 1);
    assert!(gather.iter().all(|name| worth[&***name].points == 2.0));
    assert_eq!(
        (worth["locks/Barrier"].points, worth["locks/Barrier"].tests),
        (3.0, Tests::Each)
    );
    assert!(class.deadline.is_some() && class.late.is_some_and(|late| late.at_most == 50.0));
}

#[test]
fn the_table_lists_every_format() {
    let page = page();
    for (name, _) in Format::ALL {
        assert!(page.contains(&format!("| `{name}` |")), "{name} is missing");
    }
}
