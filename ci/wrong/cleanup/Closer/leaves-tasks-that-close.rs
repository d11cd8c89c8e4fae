//! The owner task ends when the last guard is gone, and leaves the tasks that are still closing connections. Caught by `Closer::many_guards_may_be_dropped_at_once`, which says "although connections are still being closed".

async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut closings = JoinSet::new();
    let mut failed = 0;
    loop {
        tokio::select! {
            biased;
            Some(closed) = closings.join_next() => failed += usize::from(!closed.unwrap_or(false)),
            next = closing.recv() => match next {
                Some(next) => {
                    closings.spawn(next.close());
                }
                None => break,
            },
        }
    }
    closings.detach_all();
    failed
}
