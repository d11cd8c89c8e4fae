//! The command line of `cargo workbook grade`, `cargo workbook class serve` and `cargo workbook bundle`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};

use crate::bundle;
use crate::export::Format;
use crate::pack::SYSTEMS;
use crate::shard::Shard;

/// What a teacher does with a class.
#[derive(Debug, Parser)]
#[command(name = "cargo workbook", bin_name = "cargo workbook")]
pub enum Cli {
    /// Grade the submissions of a class
    ///
    /// A submission is a file that `cargo workbook submit` has written, a folder or a zip file with answers, or a clone of
    /// the workbook. A folder of submissions, or what Moodle calls "download all submissions", is graded as a whole. Only the
    /// answers are taken from a submission; tests and libraries are those of this workbook. What has been graded before is
    /// not graded again.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook grade submissions/                     a folder, with a file or a folder for each student\n  \
        cargo workbook grade all.zip --roster worksheet.csv   what Moodle offers for download\n  \
        cargo workbook grade submissions/ --class class.toml --output marks/\n  \
        cargo workbook grade submissions/ --shard 2/8 --output part-2/\n  \
        cargo workbook grade --merge part-*/ --output marks/\n  \
        cargo workbook grade --pack gradescope --class class.toml")]
    Grade(Grade),
    /// Show how a class is doing, live
    #[command(subcommand)]
    Class(ClassCommand),
    /// Pack the workbook for a room without a network
    ///
    /// The file has the last commit with the stubs of all exercises, every crate that cargo needs, the pages of the book, and
    /// a script that unpacks and starts it. A machine with Rust needs nothing else. What is not committed, your answers and
    /// your progress are not in it.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook bundle                                 to a file in this folder\n  \
        cargo workbook bundle --output /media/stick           to a USB stick, with instructions\n  \
        cargo workbook bundle --handout handout.pdf --output /media/stick")]
    Bundle(Bundle),
}

/// The arguments of `bundle`.
#[derive(Debug, Args)]
pub struct Bundle {
    /// The file to write, or a folder, such as that of a USB stick
    #[arg(long, short, value_name = "FILE", default_value = bundle::FILE)]
    pub output: PathBuf,
    /// A handout in PDF to add
    #[arg(long, value_name = "FILE")]
    pub handout: Option<PathBuf>,
}

/// What a teacher does with a class at work.
#[derive(Debug, Subcommand)]
pub enum ClassCommand {
    /// Open a room that learners can join, and show how they are doing
    ///
    /// Learners join with the command that is shown. Their workbooks report names, the states of exercises, minutes and known
    /// mistakes, and an answer only if a learner asks for help with it. Unless you say otherwise, only this machine can
    /// join. Your page is never reachable from another machine.
    #[command(after_long_help = "Examples:\n  \
        cargo workbook class serve                      try it on this machine\n  \
        cargo workbook class serve --host 0.0.0.0       for the machines in your network\n  \
        cargo workbook class serve --host 0.0.0.0 --class class.toml --roster students.csv")]
    Serve(ServeClass),
}

/// The arguments of `class serve`.
#[derive(Debug, Args)]
pub struct ServeClass {
    /// The address to listen on for learners; by default 127.0.0.1, which other machines cannot reach
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<IpAddr>,
    /// The port for learners; by default that of the last time, or else 3100 or the next free port
    #[arg(long)]
    pub port: Option<u16>,
    /// The folder for what learners report; with the same folder, the room is the same
    #[arg(long, short, value_name = "FOLDER", default_value = "class-room")]
    pub output: PathBuf,
    /// The title of the class, and which exercises count
    #[arg(long, value_name = "FILE")]
    pub class: Option<PathBuf>,
    /// The list of students, as for `grade`; the page says who is not in it
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// The address of the book, to which the page links; by default it has no links
    #[arg(long, value_name = "ADDRESS")]
    pub book: Option<String>,
    /// Do not open a browser
    #[arg(long)]
    pub no_open: bool,
}

/// The arguments of `grade`.
#[derive(Debug, Args)]
pub struct Grade {
    /// The submissions
    #[arg(required_unless_present = "pack", value_name = "SUBMISSIONS")]
    pub submissions: Vec<PathBuf>,
    /// The folder for the marks and results
    #[arg(long, short, value_name = "FOLDER", default_value = "class-results")]
    pub output: PathBuf,
    /// Which exercises count, for how many points, and until when
    #[arg(long, value_name = "FILE")]
    pub class: Option<PathBuf>,
    /// The list of students: Moodle's grading worksheet, Canvas's gradebook, or any table with names
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// A folder with more tests, which students do not have: gather/fetch_all.rs for gather/fetch_all
    #[arg(long, value_name = "FOLDER")]
    pub graders: Option<PathBuf>,
    /// Also write each student's results in this format; several are possible
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(Format::ALL.iter().map(|(name, _)| name)))]
    pub format: Vec<String>,
    /// The address of the book, to which report.html links
    #[arg(long, value_name = "ADDRESS", default_value = "book/")]
    pub book: String,
    /// How many chapters are graded at a time; by default as many as there are cores
    #[arg(long, value_name = "NUMBER")]
    pub jobs: Option<usize>,
    /// Grade only a part of the submissions, to divide them among several machines: 2/8 is the second of eight parts
    #[arg(long, value_name = "PART/PARTS")]
    pub shard: Option<Shard>,
    /// Put together the parts in these folders, which were graded with --shard
    #[arg(long, conflicts_with_all = ["shard", "results"])]
    pub merge: bool,
    /// Write the results of one submission to this file, in the format of --format, and again after each chapter
    #[arg(long, value_name = "FILE", requires = "format", conflicts_with_all = ["shard", "merge"])]
    pub results: Option<PathBuf>,
    /// Write a zip file with which this system grades submissions itself, with --class and --graders
    #[arg(long, value_name = "SYSTEM", value_parser = SYSTEMS, conflicts_with_all = ["submissions", "roster", "format", "jobs", "shard", "merge", "json", "results"])]
    pub pack: Option<String>,
    /// Print a line of JSON for each submission as soon as it is graded
    #[arg(long)]
    pub json: bool,
}
