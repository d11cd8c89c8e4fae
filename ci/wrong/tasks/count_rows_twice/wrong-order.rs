//! Returns the counts in the wrong order. Caught by `count_rows_twice::counts_before_and_after`, which says "in the wrong order".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let before = Connection::open(table).count_rows();
    sleep(interval).await;
    (Connection::open(table).count_rows(), before)
}
