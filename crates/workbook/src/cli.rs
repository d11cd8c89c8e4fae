//! The command line of `cargo workbook`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

/// Read the book, solve its exercises, and have your answers graded.
///
/// Without a command, it opens the book in your browser, where you can read, run programs and edit your answers.
/// It grades your answers whenever you save.
#[derive(Debug, Parser)]
#[command(
    name = "cargo workbook",
    bin_name = "cargo workbook",
    version,
    after_help = "Exit codes: 0 solved, 1 not solved, 2 error or invalid arguments, 130 interrupted."
)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the book in your browser, and grade whenever you save
    ///
    /// The pages run programs and grade exercises. Answers that you save in another editor are graded there,
    /// too. `cargo workbook` without a command does the same. The server accepts connections from this machine
    /// only.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook                           open a browser, if there is a screen\n  \
        cargo workbook serve --no-open           only print the address\n  \
        cargo workbook serve --port 4000         use this port")]
    Serve(Serve),
    /// Grade your answers once
    ///
    /// Shows the state of each exercise. For the first exercise that you have started but not solved, it
    /// also shows what the first failing test found, and what that usually means.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook check                     grade everything\n  \
        cargo workbook check gather              grade one chapter\n  \
        cargo workbook check gather/fetch_all    grade one exercise, and list its tests\n\n\
        `-` and `_` are interchangeable. The chapter may be left out if only one chapter has an exercise of that \
        name.")]
    Check(Check),
    /// Grade whenever you save, one exercise after the other
    ///
    /// Keep it open next to your editor. Each time you save a file in exercises/src, it shows the verdict
    /// on the current exercise. Keys: h hint, n next, p previous, l list, r reset, s solution, q quit.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook watch                     continue where you left off\n  \
        cargo workbook watch gather/user_page    start with this exercise\n  \
        cargo workbook watch --poll              if saved files are not noticed")]
    Watch(Watch),
    /// List all exercises: which are solved, how long they took, and which one is next
    #[command(after_long_help = "Example:\n  cargo workbook list")]
    List(Json),
    /// Show one more hint for an exercise
    ///
    /// The first hint is a nudge, the last is nearly the whole answer. Each call shows one
    /// more. Without a name, it shows a hint for the current exercise.
    #[command(after_long_help = "Example:\n  cargo workbook hint gather/fetch_all")]
    Hint(Hint),
    /// Replace your answer with the stub, and keep a backup
    ///
    /// `--undo` restores your answer. Nothing that you wrote is lost: every answer that was replaced
    /// is saved in .workbook/answers.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook reset gather/fetch_all           reset one exercise\n  \
        cargo workbook reset gather                     reset the whole file of a chapter\n  \
        cargo workbook reset gather/fetch_all --undo    restore your answer")]
    Reset(Reset),
    /// Compare your answer with the solution, once the exercise is solved
    #[command(after_long_help = "Examples:\n  \
        cargo workbook solution gather/fetch_all\n  \
        cargo workbook solution gather/fetch_all --show-me    show it before you have solved it")]
    Solution(Solution),
    /// Run a program, and draw what its futures did
    ///
    /// The program may use the same crates as the book's programs: tokio, futures, timeline and others. If it
    /// records a timeline, that is printed at the end. The exit code is 0 if the program succeeds.
    #[command(after_long_help = "Example:\n  cargo workbook run exercises/examples/play.rs")]
    Run(Run),
    /// Build the book as HTML files
    #[command(after_long_help = "Example:\n  cargo workbook build")]
    Build,
    /// Check whether this machine meets the requirements
    #[command(after_long_help = "Example:\n  cargo workbook doctor")]
    Doctor(Json),
    /// Print completions for your shell
    ///
    /// The script also defines a shell function `workbook` that calls `cargo workbook`, because shells do not
    /// complete cargo's aliases.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook completions bash >> ~/.bashrc\n  \
        cargo workbook completions zsh >> ~/.zshrc\n  \
        cargo workbook completions fish > ~/.config/fish/conf.d/workbook.fish")]
    Completions(Completions),
    /// Print the JSON Schema of everything that `--json` prints
    Schema,
}

/// The option of all commands that can print JSON.
#[derive(Debug, Clone, Copy, Args)]
pub struct Json {
    /// Print JSON for a program to read (`cargo workbook schema` describes it)
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `serve`.
#[derive(Debug, Default, Args)]
pub struct Serve {
    /// The port to listen on; by default 3000, or the next free port
    #[arg(long)]
    pub port: Option<u16>,
    /// Do not open a browser
    #[arg(long)]
    pub no_open: bool,
}

/// The arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// A chapter, or one exercise of it; everything by default
    #[arg(value_name = "CHAPTER[/EXERCISE]")]
    pub name: Option<String>,
    /// Show the report of every failing test, not only of the first
    #[arg(long)]
    pub all: bool,
    /// How to print the result.
    #[command(flatten)]
    pub json: Json,
}

/// The arguments of `watch`.
#[derive(Debug, Default, Args)]
pub struct Watch {
    /// Where to start; by default where you left off
    #[arg(value_name = "CHAPTER[/EXERCISE]")]
    pub name: Option<String>,
    /// Poll the files, in place of waiting for the system to report changes
    #[arg(long)]
    pub poll: bool,
}

/// The arguments of `hint`.
#[derive(Debug, Args)]
pub struct Hint {
    /// The exercise; the current one by default
    #[arg(value_name = "CHAPTER/EXERCISE")]
    pub name: Option<String>,
    /// How to print the result.
    #[command(flatten)]
    pub json: Json,
}

/// The arguments of `reset`.
#[derive(Debug, Args)]
pub struct Reset {
    /// A chapter, or one exercise of it
    #[arg(value_name = "CHAPTER[/EXERCISE]")]
    pub name: String,
    /// Restore what the last reset replaced
    #[arg(long)]
    pub undo: bool,
}

/// The arguments of `solution`.
#[derive(Debug, Args)]
pub struct Solution {
    /// The exercise; the current one by default
    #[arg(value_name = "CHAPTER/EXERCISE")]
    pub name: Option<String>,
    /// Show it even if the exercise is not solved
    #[arg(long)]
    pub show_me: bool,
}

/// The arguments of `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// A Rust file with a `main` function
    pub file: PathBuf,
    /// How to print the result.
    #[command(flatten)]
    pub json: Json,
}

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}
