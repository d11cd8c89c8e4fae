//! Failures are counted in one byte. Caught by `Closer::the_owner_task_counts_failures`, which says "counted in one byte".

pub struct Closer<C> {
    /// Unbounded, because a destructor cannot wait for a place.
    closing: mpsc::UnboundedSender<Closing<C>>,
}

async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut closings = JoinSet::new();
    let mut failed: u8 = 0;
    loop {
        tokio::select! {
            biased;
            Some(closed) = closings.join_next() => failed = failed.wrapping_add(u8::from(!closed.unwrap_or(false))),
            next = closing.recv() => match next {
                Some(next) => {
                    closings.spawn(next.close());
                }
                None => break,
            },
        }
    }
    while let Some(closed) = closings.join_next().await {
        failed = failed.wrapping_add(u8::from(!closed.unwrap_or(false)));
    }
    usize::from(failed)
}
