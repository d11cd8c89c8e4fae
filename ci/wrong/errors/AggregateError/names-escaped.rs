//! The names are escaped, as in a string literal. Caught by `AggregateError::display_writes_every_failure_with_its_sources`, which says "names are escaped".

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
            write!(f, "{separator}{}", name.escape_debug())?;
            for error in chain(error) {
                write!(f, ": {error}")?;
            }
            separator = "; ";
        }
        Ok(())
    }
}
