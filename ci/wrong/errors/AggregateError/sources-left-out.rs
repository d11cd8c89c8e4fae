//! Each error is written without its sources, which are then in no log. Caught by `AggregateError::display_writes_every_failure_with_its_sources`, which says "only the errors are written".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> fmt::Display for AggregateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failures = self.failures.iter();
        let lines: Vec<_> = failures.map(|(name, error)| format!("{name}: {error}")).collect();
        let (count, list) = (lines.len(), lines.join("; "));
        write!(f, "{count} of {} calls failed: {list}", self.calls)
    }
}
