//! The owner task keeps a sender of its own channel, and never ends. Caught by `Closer::closing_goes_on_when_close_is_dropped`, which says "keeps a sender of its own channel".

pub struct Closer<C> {
    closing: mpsc::UnboundedSender<Closing<C>>,
}

impl<C: Connection> Closer<C> {
    pub fn spawn() -> (Self, JoinHandle<usize>) {
        let (closing, rx) = mpsc::unbounded_channel();
        let for_retries = closing.clone();
        let owner = tokio::spawn(async move {
            let failed = close_all(rx).await;
            drop(for_retries);
            failed
        });
        (Self { closing }, owner)
    }

    pub fn guard(&self, connection: C) -> Guard<C> {
        let closing = self.closing.clone();
        Guard {
            connection: Some(connection),
            closer: Self { closing },
        }
    }

    fn close_later(&self, connection: C) {
        let result = None;
        let _ = self.closing.send(Closing { connection, result });
    }

    async fn close(&self, connection: C) -> io::Result<()> {
        let (tx, closed) = oneshot::channel();
        let result = Some(tx);
        let _ = self.closing.send(Closing { connection, result });
        closed.await.unwrap()
    }
}
