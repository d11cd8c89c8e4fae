//! When all guards are gone, the owner task expects that no closing panics. Caught by `Closer::the_owner_task_counts_failures`, which says "it panicked".

async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut closings = JoinSet::new();
    let mut failed = 0;
    loop {
        tokio::select! {
            biased;
            // A panic is a failure, too.
            Some(closed) = closings.join_next() => failed += usize::from(!closed.unwrap_or(false)),
            next = closing.recv() => match next {
                Some(next) => {
                    closings.spawn(next.close());
                }
                None => break,
            },
        }
    }
    while let Some(closed) = closings.join_next().await {
        failed += usize::from(!closed.expect("closing does not panic"));
    }
    failed
}
