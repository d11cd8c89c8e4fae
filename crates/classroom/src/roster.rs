//! The list of students, from a CSV file: Moodle's grading worksheet, Canvas's gradebook, or any table with names.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::submission::Student;

/// The columns that name a student. They are compared without case.
const IDS: &[&str] = &[
    "id",
    "id number",
    "student id",
    "username",
    "sis login id",
    "sis user id",
    "email",
    "email address",
    "github",
];
const NAMES: &[&str] = &["name", "full name", "student", "student name"];
const FIRST_NAMES: &[&str] = &["first name", "firstname", "given name"];
const LAST_NAMES: &[&str] = &["last name", "surname", "lastname", "family name"];
const SUBMITTED: &[&str] = &["submitted", "last modified (submission)", "submission time"];

/// The column of Moodle's grading worksheet that says `Participant 4711`.
const IDENTIFIER: &str = "identifier";

/// How Moodle writes a time in English: `Tuesday, 1 December 2026, 9:15 PM`.
const MOODLES_TIME: &str = "%A, %d %B %Y, %I:%M %p";

/// A list of students.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// The titles of the columns.
    pub columns: Vec<String>,
    /// The students, in the order of the file.
    pub rows: Vec<Row>,
    /// The first row with an id.
    by_id: BTreeMap<String, usize>,
    /// The only row with a name; `None` if several have it.
    by_name: BTreeMap<String, Option<usize>>,
}

/// A student in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The cells as they are in the file.
    pub cells: Vec<String>,
    /// The name.
    pub name: String,
    /// Everything that identifies the student, in lower case.
    ids: Vec<String>,
    /// When the answers were submitted, if the list says it.
    pub submitted: Option<Timestamp>,
}

impl Roster {
    /// Parses a list. Times without a time zone are taken to be in `zone`.
    ///
    /// # Errors
    ///
    /// If it is not CSV, or has no column with names or ids.
    pub fn parse(bytes: &[u8], zone: &TimeZone) -> Result<Self> {
        // Spreadsheets put a mark before the first column.
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let text = String::from_utf8_lossy(bytes);
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.contains(';') && !first.contains(',') {
            b';'
        } else {
            b','
        };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let columns: Vec<String> = reader
            .headers()
            .context("The list of students is not a CSV file.")?
            .iter()
            .map(str::to_owned)
            .collect();
        let titles: Vec<String> = columns
            .iter()
            .map(|title| title.trim().to_lowercase())
            .collect();
        let all = |known: &[&str]| -> Vec<usize> {
            (0..titles.len())
                .filter(|&column| known.contains(&&*titles[column]))
                .collect()
        };
        let one = |known: &[&str]| all(known).first().copied();
        let (ids, name) = (all(IDS), one(NAMES));
        let parts = one(FIRST_NAMES).zip(one(LAST_NAMES));
        let (identifier, submitted) = (one(&[IDENTIFIER]), one(SUBMITTED));
        if ids.is_empty() && name.is_none() && parts.is_none() {
            bail!(
                "The list of students has no column that names them. Give one the title `name` or `id`; these are there: {}.",
                columns.join(", ")
            );
        }
        let mut rows = Vec::new();
        for (number, record) in reader.records().enumerate() {
            let record = record.with_context(|| {
                format!("Row {} of the list of students cannot be read.", number + 2)
            })?;
            let cell = |column: usize| record.get(column).unwrap_or_default().trim();
            let full = name.map(|name| cell(name).to_owned());
            let full =
                full.or(parts.map(|(first, last)| format!("{} {}", cell(first), cell(last))));
            let participant =
                identifier.and_then(|column| cell(column).strip_prefix("Participant "));
            let known = ids.iter().map(|&column| cell(column)).chain(participant);
            let row = Row {
                cells: record.iter().map(str::to_owned).collect(),
                ids: known
                    .filter(|id| !id.is_empty())
                    .map(str::to_lowercase)
                    .collect(),
                submitted: submitted.and_then(|column| time(cell(column), zone)),
                name: full.unwrap_or_default(),
            };
            // Canvas has a row of the possible points.
            if !row.ids.is_empty()
                || !row.name.is_empty() && !row.name.starts_with("Points Possible")
            {
                rows.push(row);
            }
        }
        let (mut by_id, mut by_name) = (BTreeMap::new(), BTreeMap::new());
        for (index, row) in rows.iter().enumerate() {
            for id in &row.ids {
                by_id.entry(id.clone()).or_insert(index);
            }
            by_name
                .entry(plain(&row.name))
                .and_modify(|only| *only = None)
                .or_insert(Some(index));
        }
        Ok(Self {
            columns,
            rows,
            by_id,
            by_name,
        })
    }

    /// The row of a student: by id, by address, or by name if only one has it.
    pub fn find(&self, student: &Student) -> Option<usize> {
        let id = student.id.trim().to_lowercase();
        if let Some(row) = self.by_id.get(&id) {
            return Some(*row);
        }
        let name = if student.name.is_empty() {
            &student.id
        } else {
            &student.name
        };
        let row = self.by_name.get(&plain(name)).copied().flatten();
        row.filter(|_| !name.is_empty())
    }
}

/// A name without case, order and kinds of blanks: `Lovelace, Ada` is `ada lovelace`.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase().replace([',', '_', '-', '.'], " ");
    let mut words: Vec<_> = lower.split_whitespace().collect();
    words.sort_unstable();
    words.join(" ")
}

fn time(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let local = |time: DateTime| zone.to_timestamp(time).ok();
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok().and_then(local))
        .or_else(|| DateTime::strptime(MOODLES_TIME, text).ok().and_then(local))
}

#[cfg(test)]
mod tests {
    use jiff::tz::{TimeZone, offset};

    use super::Roster;
    use crate::submission::Student;

    fn student(id: &str, name: &str) -> Student {
        Student {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    }

    fn roster(text: &str) -> Roster {
        Roster::parse(text.as_bytes(), &TimeZone::fixed(offset(1))).expect("a list of students")
    }

    #[test]
    fn finds_students_by_id_and_by_name() {
        let roster = roster("id,name\ns1,Ada Lovelace\ns2,Alan Turing\ns3,Alan Turing\n");
        assert_eq!(roster.find(&student("S1", "")), Some(0));
        assert_eq!(roster.find(&student("", "lovelace, ada")), Some(0));
        assert_eq!(roster.find(&student("ada_lovelace", "")), Some(0));
        assert_eq!(
            roster.find(&student("", "Alan Turing")),
            None,
            "two have this name"
        );
        assert_eq!(roster.find(&student("s3", "Alan Turing")), Some(2));
        assert_eq!(roster.find(&student("", "")), None);
    }

    #[test]
    fn reads_the_grading_worksheet_of_moodle() {
        let roster = roster(
            "\u{feff}Identifier,\"Full name\",\"Email address\",Status,Grade,\"Maximum grade\",\"Last modified (submission)\"\n\
             \"Participant 4711\",\"Ada Lovelace\",ada@example.org,Submitted,,100,\"Tuesday, 1 December 2026, 9:15 PM\"\n\
             \"Participant 4712\",\"Alan Turing\",alan@example.org,,,100,-\n",
        );
        assert_eq!(roster.find(&student("4711", "")), Some(0));
        assert_eq!(roster.find(&student("alan@example.org", "")), Some(1));
        assert_eq!(
            roster.rows[0].submitted,
            "2026-12-01T20:15:00Z".parse().ok()
        );
        assert_eq!(roster.rows[1].submitted, None);
    }

    #[test]
    fn reads_the_gradebook_of_canvas() {
        let roster = roster(
            "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n\"Lovelace, Ada\",17,u17,ada,A\n",
        );
        assert_eq!(roster.rows.len(), 1);
        for id in ["17", "u17", "ada"] {
            assert_eq!(roster.find(&student(id, "")), Some(0));
        }
        assert_eq!(roster.find(&student("", "Ada Lovelace")), Some(0));
    }

    #[test]
    fn a_list_without_names_is_refused() {
        let error =
            Roster::parse(b"grade,comment\n1,fine\n", &TimeZone::UTC).expect_err("nobody is named");
        assert!(error.to_string().contains("`name` or `id`"), "{error}");
    }
}
