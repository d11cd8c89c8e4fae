//! Writes the results of each student, in the formats that were asked for.

use std::collections::BTreeSet;
use std::path::Path;

use crate::class_file::Class;
use crate::export::{Format, Graded, GradedStudent, Report};
use crate::store::Store;
use anyhow::Result;
use autograder::files;
use jiff::Timestamp;

/// Writes `students/<name>/<format>/<file>` for each student and format.
pub fn write(folder: &Path, formats: &[String], graded: &Graded, store: &Store) -> Result<()> {
    let formats = Format::ALL
        .iter()
        .filter(|(name, _)| formats.iter().any(|wanted| wanted == name));
    let formats: Vec<_> = formats.collect();
    if formats.is_empty() {
        return Ok(());
    }
    let now = format!("{:.0}", Timestamp::now());
    let mut taken = BTreeSet::new();
    for student in &graded.students {
        let own = folder.join("students").join(name_of(student, &mut taken));
        let report = report(&graded.class, student, store)?;
        for (name, format) in &formats {
            let text = report.in_format(*format, &now)?;
            files::write_atomically(&own.join(name).join(format.file()), text)?;
        }
    }
    Ok(())
}

/// Writes the results of the only student in one format.
pub fn write_only(file: &Path, format: Format, graded: &Graded, store: &Store) -> Result<()> {
    let now = format!("{:.0}", Timestamp::now());
    for student in &graded.students {
        let text = report(&graded.class, student, store)?.in_format(format, &now)?;
        files::write_atomically(file, text)?;
    }
    Ok(())
}

fn report<'a>(class: &'a Class, student: &'a GradedStudent, store: &Store) -> Result<Report<'a>> {
    let mut verdicts = Vec::new();
    for key in student.result.verdicts.values() {
        verdicts.extend(store.read(key)?.map(|chapter| chapter.verdict));
    }
    Ok(Report {
        class,
        student,
        verdicts,
        is_complete: true,
    })
}

/// The name of a student's folder: the id, or where the submission was found. Two never share one.
fn name_of(student: &GradedStudent, taken: &mut BTreeSet<String>) -> String {
    let result = &student.result;
    let name = [&result.student.id, &result.student.name, &result.origin]
        .into_iter()
        .find(|name| !name.is_empty());
    let plain: String = name
        .map_or("", |name| name)
        .chars()
        .take(100)
        .map(|c| {
            if c.is_alphanumeric() || "-_@".contains(c) {
                c
            } else {
                '-'
            }
        })
        .collect();
    let mut unique = plain.clone();
    for number in 2.. {
        if taken.insert(unique.to_lowercase()) {
            break;
        }
        unique = format!("{plain}-{number}");
    }
    unique
}
