//! Values that many results have in common, each of which is in memory once.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::result::{ExerciseResult, StudentResult};

/// A value that others may have as well.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shared<T>(Arc<T>);

/// What has been shared so far. Nearly all results of a class are equal to another one.
#[derive(Debug, Default)]
pub struct Pool {
    names: BTreeSet<Shared<String>>,
    results: BTreeSet<Shared<ExerciseResult>>,
}

impl Pool {
    /// Replaces the results of a student by equal ones that are in memory already.
    pub fn share(&mut self, result: &mut StudentResult) {
        let exercises = std::mem::take(&mut result.exercises).into_iter();
        result.exercises = exercises
            .map(|(name, result)| {
                (
                    one_of(&mut self.names, name),
                    one_of(&mut self.results, result),
                )
            })
            .collect();
    }
}

/// Reads results, and shares them one by one: until then, each takes many times the memory.
///
/// # Errors
///
/// If they are no results.
pub fn results<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<StudentResult>, D::Error> {
    struct Results;

    impl<'de> Visitor<'de> for Results {
        type Value = Vec<StudentResult>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of results")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut read: A) -> Result<Self::Value, A::Error> {
            let (mut results, mut pool) = (Vec::new(), Pool::default());
            while let Some(mut result) = read.next_element()? {
                pool.share(&mut result);
                results.push(result);
            }
            Ok(results)
        }
    }

    deserializer.deserialize_seq(Results)
}

fn one_of<T: Ord>(all: &mut BTreeSet<Shared<T>>, value: Shared<T>) -> Shared<T> {
    if let Some(known) = all.get(&value) {
        return known.clone();
    }
    all.insert(value.clone());
    value
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl Borrow<str> for Shared<String> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ptr;

    use autograder::verdict::State;

    use super::{Pool, Shared};
    use crate::result::{ExerciseResult, StudentResult};
    use crate::submission::Student;

    fn student(passed: usize) -> StudentResult {
        let result = ExerciseResult {
            state: State::Failing,
            passed,
            tests: 3,
            mistakes: vec!["Awaits one page after the other.".to_owned()],
        };
        StudentResult {
            student: Student::default(),
            origin: String::new(),
            problems: Vec::new(),
            verdicts: BTreeMap::new(),
            exercises: [("gather/fetch_all".to_owned().into(), result.into())].into(),
            about: None,
        }
    }

    #[test]
    fn equal_results_are_in_memory_once() {
        let mut pool = Pool::default();
        let mut students = [1, 1, 2].map(student);
        let before = students.clone();
        students.iter_mut().for_each(|result| pool.share(result));
        assert_eq!(students, before);
        let of = |student: &StudentResult| {
            let (name, result) = student.exercises.first_key_value().expect("there is one");
            (
                ptr::from_ref::<String>(name),
                ptr::from_ref::<ExerciseResult>(result),
            )
        };
        let [one, equal, other] = students.each_ref().map(of);
        assert_eq!(one, equal);
        assert_eq!(one.0, other.0);
        assert_ne!(one.1, other.1);
    }

    #[test]
    fn a_shared_value_is_written_and_read_like_any_other() {
        let map = BTreeMap::from([(Shared::from("a".to_owned()), Shared::from(1))]);
        let text = serde_json::to_string(&map).expect("it can be written");
        assert_eq!(text, r#"{"a":1}"#);
        let read: BTreeMap<Shared<String>, Shared<u8>> = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read.get("a").map(|value| **value), Some(1));
    }
}
