//! Creates the `sleep` and does not await it. Caught by `make_send::takes_as_long_as_the_interval`, which says "created and not awaited".

pub async fn make_send(table: &Table, interval: Duration) -> (u32, u32) {
    let before = Connection::open(table).count_rows();
    let _sleep = sleep(interval);
    (before, Connection::open(table).count_rows())
}
