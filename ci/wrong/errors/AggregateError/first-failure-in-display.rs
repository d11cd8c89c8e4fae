//! `Display` writes the count and the first failure. Caught by `AggregateError::display_writes_every_failure_with_its_sources`, which says "only the first failure is written".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> fmt::Display for AggregateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, error) = &self.failures[0];
        write!(f, "{} of {} calls failed: {name}", self.failures.len(), self.calls)?;
        for error in chain(error) {
            write!(f, ": {error}")?;
        }
        Ok(())
    }
}
