//! Connections are closed together, and those that come later wait for all of them. Caught by `Closer::each_connection_is_closed_once`, which says "until all of these are closed".

pub struct Closer<C> {
    /// Unbounded, because a destructor cannot wait for a place.
    closing: mpsc::UnboundedSender<Closing<C>>,
}

async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut batch = Vec::new();
    let mut failed = 0;
    while closing.recv_many(&mut batch, usize::MAX).await > 0 {
        let mut closings = JoinSet::new();
        for next in batch.drain(..) {
            closings.spawn(next.close());
        }
        while let Some(closed) = closings.join_next().await {
            failed += usize::from(!closed.unwrap_or(false));
        }
    }
    failed
}
