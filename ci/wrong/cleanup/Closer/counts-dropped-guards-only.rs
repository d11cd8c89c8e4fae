//! A failure counts only if no caller waits for the result. Caught by `Closer::the_owner_task_counts_failures`, which says "if the caller of `close` has received it".

pub struct Closer<C> {
    closing: mpsc::UnboundedSender<Closing<C>>,
}

impl<C: Connection> Closing<C> {
    async fn close(self) -> bool {
        let result = self.connection.close().await;
        match self.result {
            Some(caller) => {
                let _ = caller.send(result);
                true
            }
            None => result.is_ok(),
        }
    }
}
