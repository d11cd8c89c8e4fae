//! The end of the wait is computed, which overflows if the interval is very long. Caught by `count_rows_twice::waits_however_long_the_interval_is`, which says "panicked".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let first = Connection::open(table).count_rows();
    tokio::time::sleep_until(tokio::time::Instant::now() + interval).await;
    (first, Connection::open(table).count_rows())
}
