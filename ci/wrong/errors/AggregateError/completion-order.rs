//! Outcomes are stored when they arrive, so values and failures are in completion order. Caught by `AggregateError::without_a_failure_the_values_are_in_order`, which says "completion order".

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
        let (mut values, mut failures) = (Vec::new(), Vec::new());
        let mut calls: FuturesUnordered<_> = calls
            .into_iter()
            .map(|(name, call)| async move { (name, call.await) })
            .collect();
        while let Some((name, outcome)) = calls.next().await {
            match outcome {
                Ok(value) => values.push(value),
                Err(error) => failures.push((name, error)),
            }
        }
        match failures.is_empty() {
            true => Ok(values),
            false => Err(Self {
                calls: count,
                failures,
            }),
        }
    }

    pub fn failures(&self) -> &[(String, E)] {
        &self.failures
    }
}
