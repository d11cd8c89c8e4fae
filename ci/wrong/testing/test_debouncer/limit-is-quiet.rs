//! Waits with a limit that is the same instant as the one at which the value is settled. Caught by `test_debouncer::passes_programs_that_keep_the_contract`, which says "how often a future is pending".

pub async fn test_debouncer<D: Debouncer>(new: impl Fn(Duration) -> D) {
    let quiet = ms(100);

    // Only the last value of a burst is passed on, and each value starts the time again.
    let mut debouncer = new(quiet);
    debouncer.push(1);
    advance(ms(60)).await;
    debouncer.push(2);
    advance(ms(60)).await;
    debouncer.push(3);
    assert_next(&mut debouncer, Some(3), quiet).await;
    assert_waits(&mut debouncer).await;

    // A dropped `next` loses neither the value nor the time.
    let mut debouncer = new(quiet);
    debouncer.push(1);
    assert!(timeout(ms(40), debouncer.next()).await.is_err());
    assert_next(&mut debouncer, Some(1), ms(60)).await;

    // Settled values are kept, in order.
    let mut debouncer = new(quiet);
    for value in [1, 2] {
        debouncer.push(value);
        advance(2 * quiet).await;
    }
    assert_next(&mut debouncer, Some(1), ms(0)).await;
    assert_next(&mut debouncer, Some(2), ms(0)).await;

    // `close` settles the last value, and ignores later ones.
    let mut debouncer = new(quiet);
    debouncer.push(1);
    debouncer.push(2);
    debouncer.close();
    debouncer.push(3);
    assert_next(&mut debouncer, Some(2), ms(0)).await;
    for _ in 0..2 {
        assert_next(&mut debouncer, None, ms(0)).await;
    }
}

async fn assert_next<D: Debouncer>(debouncer: &mut D, expected: Option<u32>, after: Duration) {
    let start = Instant::now();
    let next = timeout(after.max(ms(1)), debouncer.next()).await;
    assert_eq!(next, Ok(expected));
    assert_eq!(start.elapsed(), after, "for {expected:?}");
}
