//! Gives no limit to its waits, so that a program that never returns blocks the tests. Caught by `test_debouncer::fails_programs_that_break_it`, which says "never end with this wrong program".

async fn assert_next<D: Debouncer>(debouncer: &mut D, expected: Option<u32>, after: Duration) {
    let start = Instant::now();
    let next = debouncer.next().await;
    assert_eq!(next, expected);
    assert_eq!(start.elapsed(), after, "for {expected:?}");
}
