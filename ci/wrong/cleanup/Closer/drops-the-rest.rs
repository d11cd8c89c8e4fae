//! When the guards are gone, connections in progress are dropped with the `JoinSet`. Caught by `Closer::the_owner_task_waits_for_guards_and_connections`, which says "a `JoinSet` that is dropped aborts its tasks".

pub struct Closer<C> {
    closing: mpsc::UnboundedSender<Closing<C>>,
}

async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut closings = JoinSet::new();
    let mut failed = 0;
    loop {
        tokio::select! {
            biased;
            Some(closed) = closings.join_next() => failed += usize::from(!closed.unwrap_or(false)),
            next = closing.recv() => match next {
                Some(next) => { closings.spawn(next.close()); }
                None => return failed,
            },
        }
    }
}
