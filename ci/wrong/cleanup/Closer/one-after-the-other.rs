//! The owner task awaits each closing in its loop. Caught by `Closer::connections_close_at_the_same_time`, which says "the owner task awaits each of them in its loop".

pub struct Closer<C> {
    closing: mpsc::UnboundedSender<Closing<C>>,
}

async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut failed = 0;
    while let Some(next) = closing.recv().await {
        let closed = tokio::spawn(next.close()).await;
        failed += usize::from(!closed.unwrap_or(false));
    }
    failed
}
