//! Checks that a value does not come too early, as one does on a real clock. Caught by `test_debouncer::fails_programs_that_break_it`, which says "1 ms after it is settled".

async fn assert_next<D: Debouncer>(debouncer: &mut D, expected: Option<u32>, after: Duration) {
    let start = Instant::now();
    let next = timeout(LIMIT, debouncer.next()).await;
    assert_eq!(next, Ok(expected));
    assert!(start.elapsed() >= after, "for {expected:?}");
}
