//! Only `close` closes the connection. Caught by `Closer::a_dropped_guard_closes_its_connection`, which says "the connection is dropped with its guard".

pub struct Closer<C> {
    closing: mpsc::UnboundedSender<Closing<C>>,
}

impl<C: Connection> Closer<C> {
    pub fn spawn() -> (Self, JoinHandle<usize>) {
        let (closing, rx) = mpsc::unbounded_channel();
        (Self { closing }, tokio::spawn(close_all(rx)))
    }

    pub fn guard(&self, connection: C) -> Guard<C> {
        let closing = self.closing.clone();
        Guard {
            connection: Some(connection),
            closer: Self { closing },
        }
    }

    fn close_later(&self, connection: C) {
        drop(connection);
    }

    async fn close(&self, connection: C) -> io::Result<()> {
        let (tx, closed) = oneshot::channel();
        let result = Some(tx);
        let _ = self.closing.send(Closing { connection, result });
        closed.await.unwrap()
    }
}
