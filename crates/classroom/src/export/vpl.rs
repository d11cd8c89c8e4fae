//! The lines that Moodle's Virtual Programming Lab reads: comments between `<|--` and `--|>`, in which a line that begins with
//! `-` is a title and one that begins with `>` is shown as it is, and the grade.

use super::{Report, feedback};
use crate::marks::written;

/// The evaluation of one student, with a grade of at most `maximum`.
pub fn evaluation(report: &Report<'_>, maximum: f64) -> String {
    let mut text = String::from("<|--\n");
    let notes = report.notes();
    for line in notes.lines() {
        text += &format!(">{line}\n");
    }
    for exercise in feedback::of(report) {
        let (points, of) = (written(exercise.points), written(exercise.of));
        text += &format!("-{}: {points} of {of}\n", exercise.name);
        if !exercise.solved {
            // With a mark before each line, no line of a student's ends the comment or gives a grade.
            text.extend(exercise.text.lines().map(|line| format!(">{line}\n")));
        }
    }
    let grade = report.student.marks.part() * maximum;
    format!("{text}--|>\n\nGrade :=>> {}\n", written(grade))
}
