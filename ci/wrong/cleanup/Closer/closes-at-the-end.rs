//! Connections of dropped guards are closed when all guards are gone. Caught by `Closer::a_dropped_guard_closes_its_connection`, which says "kept for later".

pub struct Closer<C> {
    /// Unbounded, because a destructor cannot wait for a place.
    closing: mpsc::UnboundedSender<Closing<C>>,
}

async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut left = Vec::new();
    let mut closings = JoinSet::new();
    while let Some(next) = closing.recv().await {
        match next.result {
            Some(_) => drop(closings.spawn(next.close())),
            None => left.push(next),
        }
    }
    for next in left {
        closings.spawn(next.close());
    }
    let mut failed = 0;
    while let Some(closed) = closings.join_next().await {
        failed += usize::from(!closed.unwrap_or(false));
    }
    failed
}
