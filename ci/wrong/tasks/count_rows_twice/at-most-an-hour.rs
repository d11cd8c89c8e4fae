//! Waits for at most an hour. Caught by `count_rows_twice::long_intervals_are_waited_for`, which says "the wait is limited".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let before = Connection::open(table).count_rows();
    sleep(interval.min(Duration::from_secs(3600))).await;
    (before, Connection::open(table).count_rows())
}
