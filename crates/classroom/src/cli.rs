//! The command line of `cargo workbook grade`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser};

use crate::export::Format;
use crate::pack::SYSTEMS;
use crate::shard::Shard;

/// What a teacher does with submissions.
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
