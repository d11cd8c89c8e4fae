//! Each failure is on a line of its own, so a log shows it as several messages. Caught by `AggregateError::display_writes_every_failure_with_its_sources`, which says "on a line of its own".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> fmt::Display for AggregateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} calls failed:", self.failures.len(), self.calls)?;
        for (name, error) in &self.failures {
            write!(f, "\n{name}")?;
            for error in chain(error) {
                write!(f, ": {error}")?;
            }
        }
        Ok(())
    }
}
