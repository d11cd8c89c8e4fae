//! Counts twice, and then waits. Caught by `count_rows_twice::counts_before_and_after`, which says "at the same instant".

pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    let (before, after) = {
        let conn = Connection::open(table);
        (conn.count_rows(), conn.count_rows())
    };
    sleep(interval).await;
    (before, after)
}
