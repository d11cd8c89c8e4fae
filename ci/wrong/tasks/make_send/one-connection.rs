//! Keeps one connection open across the wait. Caught by `make_send::the_future_is_send`, which says "alive at the `.await`".

pub async fn make_send(table: &Table, interval: Duration) -> (u32, u32) {
    let conn = Connection::open(table);
    let before = conn.count_rows();
    sleep(interval).await;
    (before, conn.count_rows())
}
