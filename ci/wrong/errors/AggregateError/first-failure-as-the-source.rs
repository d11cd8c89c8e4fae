//! `source` returns the first failure, which `Display` has already written. Caught by `AggregateError::has_no_source`, which says "show it twice".

#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> Error for AggregateError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let (_, error) = self.failures.first()?;
        Some(error)
    }
}
