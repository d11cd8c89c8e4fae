//! Returns the counts in the wrong order. Caught by `make_send::counts_before_and_after`, which says "in the wrong order".

pub async fn make_send(table: &Table, interval: Duration) -> (u32, u32) {
    let before = Connection::open(table).count_rows();
    sleep(interval).await;
    (Connection::open(table).count_rows(), before)
}
