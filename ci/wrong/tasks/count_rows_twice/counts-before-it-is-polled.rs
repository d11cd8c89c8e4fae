//! The first count is taken when the function is called. Caught by `count_rows_twice::counts_before_and_after`, which says "before the future is polled".

pub fn count_rows_twice(
    table: &Table,
    interval: Duration,
) -> impl Future<Output = (u32, u32)> + Send {
    let before = Connection::open(table).count_rows();
    async move {
        sleep(interval).await;
        (before, Connection::open(table).count_rows())
    }
}
