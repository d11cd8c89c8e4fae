//! The reports of all calls share a lock. Caught by `without_futurelock::calls_do_not_wait_for_each_other`, which says "the two calls share something".

static REPORTS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = pin!(query);
    tokio::select! {
        biased;
        output = &mut query => return output,
        () = sleep(slow_after) => {}
    }
    let report = async move {
        let _one = REPORTS.lock().await;
        report.await
    };
    let (output, ()) = tokio::join!(query, report);
    output
}
