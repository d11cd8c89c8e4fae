//! The errors are separated first, and then zipped with all names, which they no longer match. Caught by `AggregateError::keeps_every_failure_in_order`, which says "the name of another call".

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
        let (mut values, mut errors) = (Vec::new(), Vec::new());
        for outcome in join_all(futures).await {
            match outcome {
                Ok(value) => values.push(value),
                Err(error) => errors.push(error),
            }
        }
        match errors.is_empty() {
            true => Ok(values),
            false => Err(Self {
                calls: count,
                failures: iter::zip(names, errors).collect(),
            }),
        }
    }

    pub fn failures(&self) -> &[(String, E)] {
        &self.failures
    }
}
