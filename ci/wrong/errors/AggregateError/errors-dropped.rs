//! `flatten` keeps the values, and the errors are gone. Caught by `AggregateError::keeps_every_failure_in_order`, which says "the errors are dropped".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> AggregateError<E> {
    pub async fn gather<T>(
        calls: Vec<(String, impl Future<Output = Result<T, E>>)>,
    ) -> Result<Vec<T>, Self> {
        let calls = calls.into_iter().map(|(_, call)| call);
        let values: Vec<T> = join_all(calls).await.into_iter().flatten().collect();
        Ok(values)
    }

    pub fn failures(&self) -> &[(String, E)] {
        &self.failures
    }
}
