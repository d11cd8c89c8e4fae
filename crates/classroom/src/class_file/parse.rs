//! Parses `class.toml`.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::Deserialize;
use toml::Spanned;

use super::{Class, Late, Tests, Worth};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: Option<String>,
    deadline: Option<Spanned<toml::value::Datetime>>,
    late: Option<LateTable>,
    #[serde(default)]
    exercises: Vec<Exercises>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LateTable {
    percent_per_day: Spanned<f64>,
    at_most: Option<Spanned<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exercises {
    name: Spanned<String>,
    points: Option<Spanned<f64>>,
    #[serde(default)]
    tests: TestsName,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum TestsName {
    #[default]
    All,
    Each,
}

/// The place, the mistake, and what helps.
type Mistake = (Range<usize>, String, Option<String>);

pub fn class(text: &str, book: &[String]) -> Result<Class, Mistake> {
    let file: File = toml::from_str(text).map_err(|error| {
        let place = error.span().unwrap_or(0..0);
        (place, error.message().to_owned(), None)
    })?;
    let deadline = file.deadline.as_ref().map(timestamp).transpose()?;
    let late = file.late.as_ref().map(late).transpose()?;
    if let (Some(table), None) = (&file.late, deadline) {
        return Err((
            table.percent_per_day.span(),
            "nothing is late without a deadline".to_owned(),
            Some("Add a line such as `deadline = 2026-12-01T23:59:00+01:00`.".to_owned()),
        ));
    }
    let mut worth: BTreeMap<&str, Worth> = BTreeMap::new();
    for entry in &file.exercises {
        let typed = entry.name.get_ref();
        let named = named(typed, book);
        if named.is_empty() {
            return Err((
                entry.name.span(),
                "there is no such chapter or exercise".to_owned(),
                Some("Write a chapter, as in \"gather\", or an exercise, as in \"gather/fetch_all\". `cargo workbook list` lists them.".to_owned()),
            ));
        }
        let points = entry
            .points
            .as_ref()
            .map_or(Ok(1.0), |points| number(points, 1e6))?;
        for exercise in named {
            let tests = match entry.tests {
                TestsName::All => Tests::All,
                TestsName::Each => Tests::Each,
            };
            // An exercise after its chapter has points of its own.
            worth.insert(exercise, Worth { points, tests });
        }
    }
    let all = Class::of_all(book);
    let exercises = match worth.is_empty() {
        true => all.exercises,
        false => book
            .iter()
            .filter_map(|name| Some((name.clone(), *worth.get(&**name)?)))
            .collect(),
    };
    Ok(Class {
        title: file.title.unwrap_or(all.title),
        exercises,
        zone: file.deadline.as_ref().map_or(TimeZone::UTC, zone),
        deadline,
        late,
    })
}

/// The exercises that a name stands for: one, or all of a chapter.
fn named<'b>(typed: &str, book: &'b [String]) -> Vec<&'b str> {
    let is_named = |name: &&str| {
        *name == typed
            || name
                .strip_prefix(typed)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    book.iter().map(String::as_str).filter(is_named).collect()
}

fn late(table: &LateTable) -> Result<Late, Mistake> {
    Ok(Late {
        percent_per_day: number(&table.percent_per_day, 100.0)?,
        at_most: table
            .at_most
            .as_ref()
            .map_or(Ok(100.0), |most| number(most, 100.0))?,
    })
}

fn number(value: &Spanned<f64>, most: f64) -> Result<f64, Mistake> {
    let number = *value.get_ref();
    if (0.0..=most).contains(&number) {
        return Ok(number);
    }
    Err((
        value.span(),
        format!("this has to be a number from 0 to {most}"),
        None,
    ))
}

/// The offset of a deadline, in which times without one are understood.
fn zone(value: &Spanned<toml::value::Datetime>) -> TimeZone {
    let minutes = match value.get_ref().offset {
        Some(toml::value::Offset::Custom { minutes }) => i32::from(minutes),
        Some(toml::value::Offset::Z) | None => 0,
    };
    Offset::from_seconds(minutes * 60).map_or(TimeZone::UTC, TimeZone::fixed)
}

fn timestamp(value: &Spanned<toml::value::Datetime>) -> Result<Timestamp, Mistake> {
    value.get_ref().to_string().parse().map_err(|_| {
        (
            value.span(),
            "this is not a point in time".to_owned(),
            Some("Write the date, the time and the offset of your time zone: 2026-12-01T23:59:00+01:00.".to_owned()),
        )
    })
}
