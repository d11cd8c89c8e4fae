//! Returns at once if the table is empty. Caught by `count_rows_twice::counts_before_and_after`, which says "should be counted as".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let before = Connection::open(table).count_rows();
    if before == 0 {
        return (0, 0);
    }
    sleep(interval).await;
    (before, Connection::open(table).count_rows())
}
