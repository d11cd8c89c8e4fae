//! Drops the connection before the wait, after a method has borrowed it. Caught by `count_rows_twice::the_future_is_send`, which says "`drop` does not change that".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let conn = Connection::open(table);
    let before = conn.count_rows();
    drop(conn);
    sleep(interval).await;
    (before, Connection::open(table).count_rows())
}
