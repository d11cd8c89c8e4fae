//! The owner task expects that no closing panics. Caught by `Closer::close_panics_if_the_connection_does`, which says "the join error of a task was unwrapped".

pub struct Closer<C> {
    closing: mpsc::UnboundedSender<Closing<C>>,
}

async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut closings: JoinSet<bool> = JoinSet::new();
    let mut failed = 0;
    loop {
        tokio::select! {
            biased;
            Some(closed) = closings.join_next() => failed += usize::from(!closed.unwrap()),
            next = closing.recv() => match next {
                Some(next) => { closings.spawn(next.close()); }
                None => break,
            },
        }
    }
    for closed in closings.join_all().await {
        failed += usize::from(!closed);
    }
    failed
}
