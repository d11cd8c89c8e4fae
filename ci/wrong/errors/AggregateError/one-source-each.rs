//! Only the direct source of each error is written, and not the source of that. Caught by `AggregateError::display_writes_every_failure_with_its_sources`, which says "only the first source of each".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> fmt::Display for AggregateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.failures.iter().map(|(name, error)| match error.source() {
            Some(source) => format!("{name}: {error}: {source}"),
            None => format!("{name}: {error}"),
        });
        let lines: Vec<_> = lines.collect();
        let (count, list) = (lines.len(), lines.join("; "));
        write!(f, "{count} of {} calls failed: {list}", self.calls)
    }
}
