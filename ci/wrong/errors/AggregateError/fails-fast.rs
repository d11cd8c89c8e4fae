//! `try_join_all` returns the first error and drops the other calls. Caught by `AggregateError::waits_for_every_call`, which says "fails fast".

use futures::future::try_join_all;

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
        try_join_all(calls).await.map_err(|failure| Self {
            calls: count,
            failures: vec![failure],
        })
    }

    pub fn failures(&self) -> &[(String, E)] {
        &self.failures
    }
}
