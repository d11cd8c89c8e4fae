//! An empty list of calls is taken for an error. Caught by `AggregateError::without_a_failure_the_values_are_in_order`, which says "an empty list of failures".

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
        let (mut values, mut failures) = (Vec::new(), Vec::new());
        for (name, outcome) in iter::zip(names, join_all(futures).await) {
            match outcome {
                Ok(value) => values.push(value),
                Err(error) => failures.push((name, error)),
            }
        }
        match values.is_empty() || !failures.is_empty() {
            false => Ok(values),
            true => Err(Self {
                calls: count,
                failures,
            }),
        }
    }

    pub fn failures(&self) -> &[(String, E)] {
        &self.failures
    }
}
