//! A loop awaits one call after the other. Caught by `AggregateError::calls_overlap`, which says "one after the other".

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
        for (name, call) in calls {
            match call.await {
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
