//! A source that says the same as the error before it is left out. Caught by `AggregateError::display_writes_every_failure_with_its_sources`, which says "is that of the error before it".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> fmt::Display for AggregateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, failures } = self;
        write!(f, "{} of {calls} calls failed", failures.len())?;
        let mut separator = ": ";
        for (name, error) in failures {
            write!(f, "{separator}{name}")?;
            let mut last = None;
            for error in chain(error) {
                let text = error.to_string();
                if last.as_ref() != Some(&text) {
                    write!(f, ": {text}")?;
                }
                last = Some(text);
            }
            separator = "; ";
        }
        Ok(())
    }
}
