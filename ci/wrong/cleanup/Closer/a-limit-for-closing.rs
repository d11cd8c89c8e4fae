//! Closing is given five seconds. Caught by `Closer::connections_close_at_the_same_time`, which says "closing has a limit".

pub struct Closer<C> {
    /// Unbounded, because a destructor cannot wait for a place.
    closing: mpsc::UnboundedSender<Closing<C>>,
}

impl<C: Connection> Closing<C> {
    async fn close(self) -> bool {
        let result = match timeout(Duration::from_secs(5), self.connection.close()).await {
            Ok(result) => result,
            Err(elapsed) => Err(elapsed.into()),
        };
        let is_ok = result.is_ok();
        if let Some(caller) = self.result {
            let _ = caller.send(result);
        }
        is_ok
    }
}
