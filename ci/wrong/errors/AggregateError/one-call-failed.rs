//! The word is `call` if there was only one. Caught by `AggregateError::display_writes_every_failure_with_its_sources`, which says "every number".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> fmt::Display for AggregateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, failures } = self;
        let noun = if *calls == 1 { "call" } else { "calls" };
        write!(f, "{} of {calls} {noun} failed", failures.len())?;
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
