//! Passes its own formatter on to the errors, and with it the options that are meant for the whole text. Caught by `AggregateError::no_option_of_a_format_changes_a_text`, which says "passes its own formatter on".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> AggregateError<E> {
    /// Awaits all `calls` concurrently, and returns their values in input order.
    ///
    /// # Errors
    ///
    /// If any calls fail, all their errors, once every call has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops all calls; the outcomes so far are lost.
    pub async fn gather<T>(
        calls: Vec<(String, impl Future<Output = Result<T, E>>)>,
    ) -> Result<Vec<T>, Self> {
        let (names, futures): (Vec<_>, Vec<_>) = calls.into_iter().unzip();
        let mut values = Vec::with_capacity(names.len());
        let mut error = Self {
            calls: names.len(),
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

    /// The calls that failed, each with its error, in input order.
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
                f.write_str(": ")?;
                fmt::Display::fmt(error, f)?;
            }
            separator = "; ";
        }
        Ok(())
    }
}

impl<E: Error + 'static> Error for AggregateError<E> {}

/// `error`, its source, the source of that, and so on.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| error.source())
}
