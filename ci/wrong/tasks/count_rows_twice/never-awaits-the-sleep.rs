//! Creates the `sleep` and does not await it. Caught by `count_rows_twice::takes_as_long_as_the_interval`, which says "created and not awaited".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let before = Connection::open(table).count_rows();
    let _sleep = sleep(interval);
    (before, Connection::open(table).count_rows())
}
