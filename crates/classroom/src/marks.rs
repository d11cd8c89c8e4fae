//! The points of a student.

use jiff::Timestamp;

use crate::class_file::{Class, Tests, Worth};
use crate::result::{ExerciseResult, StudentResult};
use autograder::verdict::State;

/// The points of one student.
#[derive(Debug, Clone, PartialEq)]
pub struct Marks {
    /// The points of each exercise that counts, in the order of the class.
    pub exercises: Vec<f64>,
    /// What a late submission loses.
    pub deduction: f64,
    /// All points together, without the deduction.
    pub total: f64,
    /// How many there are.
    pub of: f64,
}

impl Marks {
    /// The points for these results. A submission whose time is not known is on time.
    pub fn of(class: &Class, result: &StudentResult, submitted: Option<Timestamp>) -> Self {
        let exercises: Vec<f64> = class
            .exercises
            .iter()
            .map(|(name, worth)| {
                result
                    .exercises
                    .get(name.as_str())
                    .map_or(0.0, |result| points(*worth, result))
            })
            .collect();
        let sum: f64 = exercises.iter().sum();
        let deduction = sum * late_percent(class, submitted) / 100.0;
        Self {
            exercises,
            deduction,
            total: sum - deduction,
            of: class.points(),
        }
    }

    /// The part of all points, from 0 to 1.
    pub fn part(&self) -> f64 {
        if self.of > 0.0 {
            self.total / self.of
        } else {
            0.0
        }
    }
}

fn points(worth: Worth, result: &ExerciseResult) -> f64 {
    match worth.tests {
        _ if result.state == State::Solved => worth.points,
        Tests::Each if result.tests > 0 => {
            worth.points * result.passed as f64 / result.tests as f64
        }
        Tests::All | Tests::Each => 0.0,
    }
}

fn late_percent(class: &Class, submitted: Option<Timestamp>) -> f64 {
    let (Some(deadline), Some(late), Some(submitted)) = (class.deadline, class.late, submitted)
    else {
        return 0.0;
    };
    let seconds = u64::try_from(submitted.as_second() - deadline.as_second()).unwrap_or(0);
    let days = seconds.div_ceil(24 * 60 * 60);
    (late.percent_per_day * days as f64).min(late.at_most)
}

/// A number of points as people write it: at most two decimal places.
pub fn written(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
