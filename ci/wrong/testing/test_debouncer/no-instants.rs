//! Compares the values, and not the instants. Caught by `test_debouncer::fails_programs_that_break_it`, which says "1 ms before it is settled".

async fn assert_next<D: Debouncer>(debouncer: &mut D, expected: Option<u32>, after: Duration) {
    let next = timeout(LIMIT, debouncer.next()).await;
    assert_eq!(next, Ok(expected));
    let _ = after;
}
