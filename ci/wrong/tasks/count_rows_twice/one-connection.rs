//! Keeps one connection open across the wait. Caught by `count_rows_twice::the_future_is_send`, which says "alive at the `.await`".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let conn = Connection::open(table);
    let before = conn.count_rows();
    sleep(interval).await;
    (before, conn.count_rows())
}
