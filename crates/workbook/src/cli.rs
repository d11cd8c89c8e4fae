//! What can be typed after `cargo workbook`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

/// Read the book, solve its exercises, and have your answers graded.
///
/// Without a command it opens the book in your browser, to read and to work in, and grades what you save.
#[derive(Debug, Parser)]
#[command(
    name = "cargo workbook",
    bin_name = "cargo workbook",
    version,
    after_help = "Exit code: 0 solved, 1 not solved, 2 something is missing or was typed wrongly."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the book in your browser, and grade whenever you save
    ///
    /// The pages run programs and grade exercises; what you save in any editor is graded there, too. It is
    /// what `cargo workbook` does without a command. Only this machine can reach it.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook                           opens a browser where there is a screen\n  \
        cargo workbook serve --no-open           only shows the address\n  \
        cargo workbook serve --port 4000         on this port and no other")]
    Serve(Serve),
    /// Grade your answers, once
    ///
    /// Says for each exercise where it stands. For the first one that you have begun and not solved it
    /// shows what the first failing test saw, and what that usually means.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook check                     everything\n  \
        cargo workbook check gather              one chapter\n  \
        cargo workbook check gather/fetch_all    one exercise, with all its tests\n\n\
        `-` and `_` are the same, and `fetch_all` alone will do where only one chapter has it.")]
    Check(Check),
    /// Grade whenever you save, one exercise after the other
    ///
    /// Leave it open beside your editor. Each time you save a file in exercises/src it shows the verdict
    /// on the exercise you are at. Keys: h hint, n next, p previous, l list, r reset, s solution, q quit.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook watch                     where you left off\n  \
        cargo workbook watch gather/user_page    from this exercise on\n  \
        cargo workbook watch --poll              where saving is not noticed")]
    Watch(Watch),
    /// Show all exercises: what is solved, how long it took, where to go on
    #[command(after_long_help = "Example:\n  cargo workbook list")]
    List(Json),
    /// Show one more hint for an exercise
    ///
    /// The first hint is a nudge, the last is nearly all of the answer. Each time you ask, there is one
    /// more. Without a name it is the exercise that you are at.
    #[command(after_long_help = "Example:\n  cargo workbook hint gather/fetch_all")]
    Hint(Hint),
    /// Put the stub back in place of your answer, which is kept
    ///
    /// `--undo` brings the answer back. Nothing you wrote is ever lost: every answer that was replaced
    /// lies in .workbook/answers.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook reset gather/fetch_all           one exercise\n  \
        cargo workbook reset gather                     the whole file of the chapter\n  \
        cargo workbook reset gather/fetch_all --undo    as it was before")]
    Reset(Reset),
    /// Compare your answer with the solution, once yours is solved
    #[command(after_long_help = "Examples:\n  \
        cargo workbook solution gather/fetch_all\n  \
        cargo workbook solution gather/fetch_all --show-me    before it is solved")]
    Solution(Solution),
    /// Run a program, and draw what its futures did
    ///
    /// The program may use what the book's programs use: tokio, futures, timeline and the others. It ends
    /// with the timeline that it recorded, if it recorded one. The exit code is 0 if the program succeeds.
    #[command(after_long_help = "Example:\n  cargo workbook run exercises/examples/play.rs")]
    Run(Run),
    /// Build the book and say how to open it
    #[command(after_long_help = "Example:\n  cargo workbook build")]
    Build,
    /// See what this machine has and lacks
    #[command(after_long_help = "Example:\n  cargo workbook doctor")]
    Doctor(Json),
    /// Print completions for your shell
    ///
    /// They come with a shell function `workbook`, which is `cargo workbook` and can be completed.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook completions bash >> ~/.bashrc\n  \
        cargo workbook completions zsh >> ~/.zshrc\n  \
        cargo workbook completions fish > ~/.config/fish/conf.d/workbook.fish")]
    Completions(Completions),
    /// Print the JSON Schema of everything that `--json` prints
    Schema,
}

/// What all commands for programs have.
#[derive(Debug, Clone, Copy, Args)]
pub struct Json {
    /// Print JSON for a program to read (`cargo workbook schema` describes it)
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `serve`.
#[derive(Debug, Default, Args)]
pub struct Serve {
    /// The port to listen on; 3000 or the next free one if left out
    #[arg(long)]
    pub port: Option<u16>,
    /// Open no browser
    #[arg(long)]
    pub no_open: bool,
}

/// The arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// A chapter, or one exercise of it; everything if left out
    #[arg(value_name = "CHAPTER[/EXERCISE]")]
    pub name: Option<String>,
    /// Show the report of every test that failed, not only the first
    #[arg(long)]
    pub all: bool,
    /// How it prints.
    #[command(flatten)]
    pub json: Json,
}

/// The arguments of `watch`.
#[derive(Debug, Default, Args)]
pub struct Watch {
    /// Where to begin; where you left off if left out
    #[arg(value_name = "CHAPTER[/EXERCISE]")]
    pub name: Option<String>,
    /// Look at the files again and again, instead of waiting for the system to report a change
    #[arg(long)]
    pub poll: bool,
}

/// The arguments of `hint`.
#[derive(Debug, Args)]
pub struct Hint {
    /// The exercise; the one you are at if left out
    #[arg(value_name = "CHAPTER/EXERCISE")]
    pub name: Option<String>,
    /// How it prints.
    #[command(flatten)]
    pub json: Json,
}

/// The arguments of `reset`.
#[derive(Debug, Args)]
pub struct Reset {
    /// A chapter, or one exercise of it
    #[arg(value_name = "CHAPTER[/EXERCISE]")]
    pub name: String,
    /// Bring back what the last reset replaced
    #[arg(long)]
    pub undo: bool,
}

/// The arguments of `solution`.
#[derive(Debug, Args)]
pub struct Solution {
    /// The exercise; the one you are at if left out
    #[arg(value_name = "CHAPTER/EXERCISE")]
    pub name: Option<String>,
    /// Show it although the exercise is not solved
    #[arg(long)]
    pub show_me: bool,
}

/// The arguments of `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// A Rust file with a `main`
    pub file: PathBuf,
    /// How it prints.
    #[command(flatten)]
    pub json: Json,
}

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}
