//! The interval is rounded down to whole seconds. Caught by `count_rows_twice::counts_before_and_after`, which says "the rest is lost".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let before = Connection::open(table).count_rows();
    sleep(Duration::from_secs(interval.as_secs())).await;
    (before, Connection::open(table).count_rows())
}
