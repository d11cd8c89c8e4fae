//! It waits a minute at most. Caught by `count_rows_twice::counts_before_and_after`, which says "should be counted as".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let before = Connection::open(table).count_rows();
    sleep(interval.min(Duration::from_secs(60))).await;
    (before, Connection::open(table).count_rows())
}
