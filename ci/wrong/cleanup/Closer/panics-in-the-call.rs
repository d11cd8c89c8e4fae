//! The owner task catches panics of the future of `close`, and not those of the call. Caught by `Closer::the_owner_task_counts_failures`, which says "The call of `close` may panic".

use futures::{FutureExt, StreamExt};

pub struct Closer<C> {
    /// Unbounded, because a destructor cannot wait for a place.
    closing: mpsc::UnboundedSender<Closing<C>>,
}

async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut closings = futures::stream::FuturesUnordered::new();
    let mut failed = 0;
    let mut open = true;
    while open || !closings.is_empty() {
        tokio::select! {
            biased;
            next = closing.recv(), if open => match next {
                Some(next) => {
                    let close = std::panic::AssertUnwindSafe(next.connection.close()).catch_unwind();
                    let caller = next.result;
                    closings.push(async move {
                        match close.await {
                            Ok(result) => {
                                let is_ok = result.is_ok();
                                if let Some(caller) = caller {
                                    let _ = caller.send(result);
                                }
                                is_ok
                            }
                            Err(_) => false,
                        }
                    });
                }
                None => open = false,
            },
            Some(closed) = closings.next() => failed += usize::from(!closed),
        }
    }
    failed
}
