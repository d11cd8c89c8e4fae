//! `class.toml`: which exercises count, how many points they give, and until when.

mod mistake;
mod parse;

use std::collections::BTreeMap;

pub use mistake::Mistake;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What a class is graded by.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// The title of reports.
    pub title: String,
    /// The exercises that count, by full name, in the order of the book.
    pub exercises: Vec<(String, Worth)>,
    /// Until when answers are on time.
    pub deadline: Option<Timestamp>,
    /// The time zone of the deadline, for times without one.
    pub zone: TimeZone,
    /// What a late submission loses. Without this, nothing.
    pub late: Option<Late>,
}

/// What an exercise is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth {
    /// The points of a solved exercise.
    pub points: f64,
    /// Whether an exercise that is not solved gives points for the tests that pass.
    pub tests: Tests,
}

/// How tests give points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tests {
    /// All points if all tests pass, none otherwise.
    #[default]
    All,
    /// For each test that passes an equal part of the points.
    Each,
}

/// What a late submission loses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Late {
    /// Percent of the points for each day that has begun after the deadline.
    pub percent_per_day: f64,
    /// No more than this, in percent.
    pub at_most: f64,
}

impl Class {
    /// A class without a `class.toml`: every exercise gives one point.
    pub fn of_all(exercises: &[String]) -> Self {
        let worth = Worth {
            points: 1.0,
            tests: Tests::All,
        };
        Self {
            title: "The Async Rust Workbook".to_owned(),
            exercises: exercises.iter().map(|name| (name.clone(), worth)).collect(),
            deadline: None,
            zone: TimeZone::UTC,
            late: None,
        }
    }

    /// Parses a `class.toml`. `exercises` are those of the book, by full name, in order.
    ///
    /// # Errors
    ///
    /// If something in it is not understood; the mistake shows the place.
    pub fn parse(file: &str, text: &str, exercises: &[String]) -> Result<Self, Mistake> {
        parse::class(text, exercises).map_err(|(place, message, help)| {
            Mistake::new(file, text, place, &message, help.as_deref())
        })
    }

    /// What the exercises are worth, by full name.
    pub fn worth(&self) -> BTreeMap<&str, Worth> {
        self.exercises
            .iter()
            .map(|(name, worth)| (&**name, *worth))
            .collect()
    }

    /// Whether an exercise of this chapter counts.
    pub fn counts(&self, chapter: &str) -> bool {
        self.exercises
            .iter()
            .any(|(name, _)| name.split('/').next() == Some(chapter))
    }

    /// All points that there are.
    pub fn points(&self) -> f64 {
        self.exercises.iter().map(|(_, worth)| worth.points).sum()
    }
}
