//! Only errors count as failures. Caught by `Closer::the_owner_task_counts_failures`, which says "a panic is not counted".

pub struct Closer<C> {
    closing: mpsc::UnboundedSender<Closing<C>>,
}

async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut closings = JoinSet::new();
    while let Some(next) = closing.recv().await {
        closings.spawn(next.close());
    }
    let mut failed = 0;
    while let Some(closed) = closings.join_next().await {
        if let Ok(false) = closed {
            failed += 1;
        }
    }
    failed
}
