//! An error that says that the peer is gone is not counted. Caught by `Closer::the_owner_task_counts_failures`, which says "return the number of failures".

impl<C: Connection> Closing<C> {
    async fn close(self) -> bool {
        let result = self.connection.close().await;
        // A peer that is gone already needs no goodbye.
        let is_ok = !matches!(&result, Err(error) if error.kind() != io::ErrorKind::BrokenPipe);
        if let Some(caller) = self.result {
            let _ = caller.send(result); // fails if the caller was dropped
        }
        is_ok
    }
}
