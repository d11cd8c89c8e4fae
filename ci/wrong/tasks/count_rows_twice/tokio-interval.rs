//! `tokio::time::interval`, which panics if the period is zero. Caught by `count_rows_twice::counts_before_and_after`, which says "must be non-zero".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let mut ticks = tokio::time::interval(interval);
    ticks.tick().await;
    let before = Connection::open(table).count_rows();
    ticks.tick().await;
    (before, Connection::open(table).count_rows())
}
