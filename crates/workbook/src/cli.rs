//! The command line of `cargo workbook`.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use axum::http::uri::Authority;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use submission::room;

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
    /// only, and only under its own names, unless you say otherwise.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook                           open a browser, if there is a screen\n  \
        cargo workbook serve --no-open           only print the address\n  \
        cargo workbook serve --port 4000         use this port\n  \
        cargo workbook serve --host 0.0.0.0      in a container, with its port published\n  \
        cargo workbook serve --allow-host localhost:8080    through a tunnel with another port")]
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
    #[command(after_long_help = "Examples:\n  \
        cargo workbook list           list the exercises of all chapters\n  \
        cargo workbook list gather    list the exercises of one chapter")]
    List(List),
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
    /// The program may use the same crates as the book's programs: tokio, futures, timeline and others. To record a
    /// timeline, which is printed at the end, start `main` with `let _figure = timeline::figure("name", "title");`,
    /// and put `#[timeline::lane("name")]` before an `async fn`. The exit code is 0 if the program succeeds.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook run exercises/examples/play.rs\n  \
        cargo workbook run exercises/examples/play.rs --stdin < input.txt")]
    Run(Run),
    /// Update the workbook, and keep your answers
    ///
    /// Fetches the newest version with git, and says which exercises have changed. Your answers are merged with the new
    /// stubs, and a backup of every answer that is written again is saved in .workbook/answers. If something is in the
    /// way, nothing is changed.
    #[command(after_long_help = "Example:\n  cargo workbook update")]
    Update,
    /// Write your answers to one file, for your teacher
    ///
    /// The file has your answers, their verdicts, and how many hints and minutes each exercise took. Your name is asked
    /// for once.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook submit                            everything, to a file in this folder\n  \
        cargo workbook submit --chapter gather           one chapter\n  \
        cargo workbook submit --name \"Ada Lovelace\" --id s1815 --output /media/stick/ada.zip")]
    Submit(Submit),
    /// Print chapters of the book as a PDF, for a handout
    ///
    /// The handout has the core path of the chapters, their exercises with room to write, and the cheat sheet. Chrome,
    /// Chromium or Edge prints it. Where none of them is installed, an HTML file to print from a browser is
    /// written.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook handout gather -o gather.pdf      one chapter\n  \
        cargo workbook handout gather tasks --answers    two chapters, with the answers at the end\n  \
        cargo workbook handout --paper letter            all chapters")]
    Handout(Handout),
    /// Grade the submissions of a class (for teachers)
    ///
    /// The first time, the program that does this is compiled.
    Grade(PassedOn),
    /// Take part in a class that a teacher shows live
    Class(Class),
    /// Pack the workbook for a room without a network (for teachers)
    ///
    /// The first time, the program that does this is compiled.
    Bundle(PassedOn),
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
    /// The address to listen on; by default 127.0.0.1, which other machines cannot reach
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<IpAddr>,
    /// Another name under which your browser reaches the book, as in its address bar: localhost:8080
    #[arg(long, value_name = "NAME[:PORT]", value_parser = host_name)]
    pub allow_host: Vec<String>,
    /// Do not open a browser
    #[arg(long)]
    pub no_open: bool,
}

/// A name that browsers send as the host of a request. They send it in lower case.
fn host_name(text: &str) -> Result<String, String> {
    let name = text.to_ascii_lowercase();
    match name.parse::<Authority>() {
        Ok(authority) if !authority.host().is_empty() && !name.contains('@') => Ok(name),
        _ => Err("It has to be a name, or a name and a port, such as localhost:8080.".to_owned()),
    }
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

/// The arguments of `list`.
#[derive(Debug, Args)]
pub struct List {
    /// A chapter; all by default
    #[arg(value_name = "CHAPTER")]
    pub name: Option<String>,
    /// How to print the list.
    #[command(flatten)]
    pub json: Json,
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
    /// Pass standard input, up to its end, on to the program, whose standard input is empty otherwise
    #[arg(long)]
    pub stdin: bool,
    /// How to print the result.
    #[command(flatten)]
    pub json: Json,
}

/// The arguments of `submit`.
#[derive(Debug, Args)]
pub struct Submit {
    /// A chapter; all by default, and several are possible
    #[arg(long, value_name = "CHAPTER")]
    pub chapter: Vec<String>,
    /// The file to write; by default in the current folder, named after you
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Your name and id.
    #[command(flatten)]
    pub student: StudentName,
}

/// The arguments of `handout`.
#[derive(Debug, Args)]
pub struct Handout {
    /// The chapters; all by default
    #[arg(value_name = "CHAPTER")]
    pub chapters: Vec<String>,
    /// Print the answers to the questions of "Check yourself" at the end, for the teacher
    #[arg(long)]
    pub answers: bool,
    /// The size of the paper
    #[arg(long, value_enum, default_value_t)]
    pub paper: Paper,
    /// The file to write
    #[arg(long, short, value_name = "FILE", default_value = "handout.pdf")]
    pub output: PathBuf,
}

/// A size of paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Paper {
    /// 210 by 297 mm
    #[default]
    A4,
    /// 8.5 by 11 inches
    Letter,
}

/// The name and id of the learner. What is not said is known from the last time, or asked for.
#[derive(Debug, Default, Args)]
pub struct StudentName {
    /// Your name
    #[arg(long)]
    pub name: Option<String>,
    /// What your school calls you: a number, or the name of an account
    #[arg(long)]
    pub id: Option<String>,
}

/// The arguments of `class`.
#[derive(Debug, Args)]
pub struct Class {
    /// What to do.
    #[command(subcommand)]
    pub command: ClassCommand,
}

/// What a learner does in a class, and a teacher with one.
#[derive(Debug, Subcommand)]
pub enum ClassCommand {
    /// Join the class that your teacher shows live
    ///
    /// From then on your name, the state of each exercise, the minutes that it took, and which known mistakes were
    /// recognized are sent to your teacher's machine. Your code stays on yours, unless you ask for help.
    #[command(after_long_help = "Example:\n  cargo workbook class join 192.0.2.7:3100 K7MQ-3XRT")]
    Join(JoinClass),
    /// Leave the class
    Leave,
    /// Ask your teacher for help with an exercise, and send your answer to it
    #[command(after_long_help = "Examples:\n  \
        cargo workbook class ask gather/fetch_all\n  \
        cargo workbook class ask gather/fetch_all --message \"Why is the order wrong?\"\n  \
        cargo workbook class ask gather/fetch_all --withdraw")]
    Ask(AskInClass),
    /// Say which class you are in, and what it knows about you
    Status,
    /// Show how a class is doing, live (for teachers)
    ///
    /// The first time, the program that does this is compiled.
    Serve(PassedOn),
}

/// The arguments of `class join`.
#[derive(Debug, Args)]
pub struct JoinClass {
    /// The address that your teacher shows: 192.0.2.7:3100
    #[arg(value_parser = room_address)]
    pub address: String,
    /// The code that your teacher shows
    pub code: String,
    /// Your name and id.
    #[command(flatten)]
    pub student: StudentName,
}

/// The arguments of `class ask`.
#[derive(Debug, Args)]
pub struct AskInClass {
    /// The exercise; the current one by default
    #[arg(value_name = "CHAPTER/EXERCISE")]
    pub name: Option<String>,
    /// A question, which is sent with your answer
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
    /// Say that you no longer need help
    #[arg(long, conflicts_with = "message")]
    pub withdraw: bool,
}

/// The address of a room, with its port.
fn room_address(text: &str) -> Result<String, String> {
    let name = text.strip_prefix("http://").unwrap_or(text);
    let name = name.trim_end_matches('/');
    match name.parse::<Authority>() {
        Ok(authority) if !authority.host().is_empty() && !name.contains('@') => {
            let port = authority.port_u16().unwrap_or(room::PORT);
            Ok(format!("{}:{port}", authority.host()))
        }
        _ => {
            Err("It has to be a name or an address with a port, such as 192.0.2.7:3100.".to_owned())
        }
    }
}

/// The arguments of a command for teachers, which another program understands.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub struct PassedOn {
    /// `--help` lists them
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    pub arguments: Vec<OsString>,
}

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}
