//! Marks as CSV.

use anyhow::Result;

use super::{Graded, GradedStudent};
use crate::marks::written;
use crate::roster::Roster;

/// A row for each student, with a column for each exercise.
pub fn of_exercises(graded: &Graded) -> Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let exercises = graded.class.exercises.iter().map(|(name, _)| &**name);
    let titles = ["id", "name", "total", "of", "late deduction", "problems"];
    csv.write_record(titles.into_iter().chain(exercises))?;
    for student in &graded.students {
        let GradedStudent { result, marks, .. } = student;
        let mut row = vec![
            cell(&result.student.id),
            cell(&result.student.name),
            written(marks.total),
            written(marks.of),
            written(marks.deduction),
            cell(&result.problems.join(" ")),
        ];
        row.extend(marks.exercises.iter().map(|points| written(*points)));
        csv.write_record(row)?;
    }
    Ok(csv.into_inner()?)
}

/// The list of students with their marks: in the column `Grade` if there is one, as in Moodle's worksheet, and in a new
/// column with the title of the class otherwise, as Canvas imports it. A student without a submission has no mark.
pub fn of_roster(graded: &Graded, roster: &Roster) -> Result<Vec<u8>> {
    let mut csv = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    let is_grade = |title: &String| title.trim().eq_ignore_ascii_case("grade");
    let is_maximum = |title: &String| title.trim().eq_ignore_ascii_case("maximum grade");
    let column = roster.columns.iter().position(is_grade);
    let maximum = roster.columns.iter().position(is_maximum);
    let mut columns = roster.columns.clone();
    if column.is_none() {
        columns.push(graded.class.title.clone());
    }
    csv.write_record(&columns)?;
    let mut by_row: Vec<Option<&GradedStudent>> = vec![None; roster.rows.len()];
    for student in graded.students.iter().rev() {
        if let Some(own) = student.row.and_then(|row| by_row.get_mut(row)) {
            *own = Some(student);
        }
    }
    for (row, student) in roster.rows.iter().zip(by_row) {
        let mut cells = row.cells.clone();
        cells.resize(columns.len(), String::new());
        let of = maximum.and_then(|column| row.cells.get(column)?.trim().parse::<f64>().ok());
        if let Some(GradedStudent { marks, .. }) = student {
            // Moodle has its own maximum, and a grade above it is refused.
            let mark = of.map_or(marks.total, |of| marks.part() * of);
            cells[column.unwrap_or(columns.len() - 1)] = written(mark);
        }
        csv.write_record(cells)?;
    }
    Ok(csv.into_inner()?)
}

/// A cell that no spreadsheet takes for a formula: names come from students.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
