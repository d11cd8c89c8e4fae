//! The calls are counted in a byte. Caught by `AggregateError::display_writes_every_failure_with_its_sources`, which says "in one byte".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: u8,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> AggregateError<E> {
    pub async fn gather<T>(
        calls: Vec<(String, impl Future<Output = Result<T, E>>)>,
    ) -> Result<Vec<T>, Self> {
        let (names, futures): (Vec<_>, Vec<_>) = calls.into_iter().unzip();
        let mut values = Vec::with_capacity(names.len());
        let mut error = Self {
            calls: names.len() as u8,
            failures: Vec::new(),
        };
        for (name, outcome) in iter::zip(names, join_all(futures).await) {
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

impl<E: Error + 'static> fmt::Display for AggregateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, failures } = self;
        write!(f, "{} of {calls} calls failed", failures.len())?;
        let mut separator = ": ";
        for (name, error) in failures {
            write!(f, "{separator}{name}")?;
            for error in chain(error) {
                write!(f, ": {error}")?;
            }
            separator = "; ";
        }
        Ok(())
    }
}
