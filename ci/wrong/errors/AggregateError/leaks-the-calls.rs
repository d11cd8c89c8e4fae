//! The calls are leaked, so that they cannot be cancelled. Caught by `AggregateError::dropping_it_drops_the_calls`, which says "all calls should be dropped".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> AggregateError<E> {
    pub async fn gather<T>(
        calls: Vec<(String, impl Future<Output = Result<T, E>>)>,
    ) -> Result<Vec<T>, Self> {
        let (names, futures): (Vec<_>, Vec<_>) = calls.into_iter().unzip();
        let futures: Vec<_> = futures.into_iter().map(Box::pin).collect();
        let outcomes = join_all(Box::leak(futures.into_boxed_slice())).await;
        let mut values = Vec::with_capacity(names.len());
        let mut error = Self {
            calls: names.len(),
            failures: Vec::new(),
        };
        for (name, outcome) in iter::zip(names, outcomes) {
            match outcome {
                Ok(value) => values.push(value),
                Err(failure) => error.failures.push((name, failure)),
            }
        }
        if error.failures.is_empty() {
            Ok(values)
        } else {
            Err(error)
        }
    }

    pub fn failures(&self) -> &[(String, E)] {
        &self.failures
    }
}
