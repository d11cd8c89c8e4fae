//! Compares in a spawned task, and ignores its result. Caught by `test_debouncer::fails_programs_that_break_it`, which says "A task of theirs has panicked".

async fn assert_next<D: Debouncer>(debouncer: &mut D, expected: Option<u32>, after: Duration) {
    let start = Instant::now();
    let next = timeout(LIMIT, debouncer.next()).await;
    let took = start.elapsed();
    let compared = tokio::spawn(async move {
        assert_eq!(next, Ok(expected));
        assert_eq!(took, after, "for {expected:?}");
    });
    let _ = compared.await;
}
