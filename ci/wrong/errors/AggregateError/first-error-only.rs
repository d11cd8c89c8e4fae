//! Collecting into a `Result` keeps the first error and drops the others. Caught by `AggregateError::keeps_every_failure_in_order`, which says "only the first failure of the list is kept".

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
        let calls = calls.into_iter().map(|(name, call)| async move {
            call.await.map_err(|error| (name, error))
        });
        let outcomes: Result<Vec<T>, _> = join_all(calls).await.into_iter().collect();
        outcomes.map_err(|failure| Self {
            calls: count,
            failures: vec![failure],
        })
    }

    pub fn failures(&self) -> &[(String, E)] {
        &self.failures
    }
}
