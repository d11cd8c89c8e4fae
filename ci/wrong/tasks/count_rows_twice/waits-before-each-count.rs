//! Waits before each count. Caught by `count_rows_twice::counts_before_and_after`, which says "the first count is late".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    sleep(interval).await;
    let before = Connection::open(table).count_rows();
    sleep(interval).await;
    let after = Connection::open(table).count_rows();
    (before, after)
}
