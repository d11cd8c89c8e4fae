//! A map from name to error keeps one error of each name, in the order of the names. Caught by `AggregateError::keeps_every_failure_in_order`, which says "one failure of each name".

use std::collections::BTreeMap;

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> AggregateError<E> {
    pub async fn gather<T>(
        calls: Vec<(String, impl Future<Output = Result<T, E>>)>,
    ) -> Result<Vec<T>, Self> {
        let count = calls.len();
        let (names, futures): (Vec<_>, Vec<_>) = calls.into_iter().unzip();
        let (mut values, mut failures) = (Vec::new(), BTreeMap::new());
        for (name, outcome) in iter::zip(names, join_all(futures).await) {
            match outcome {
                Ok(value) => values.push(value),
                Err(error) => drop(failures.insert(name, error)),
            }
        }
        match failures.is_empty() {
            true => Ok(values),
            false => Err(Self {
                calls: count,
                failures: failures.into_iter().collect(),
            }),
        }
    }

    pub fn failures(&self) -> &[(String, E)] {
        &self.failures
    }
}
