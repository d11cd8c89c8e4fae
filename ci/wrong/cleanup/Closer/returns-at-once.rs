//! `close` hands the connection over, and does not wait. Caught by `Closer::close_panics_if_the_connection_does`, which says "does not wait for the answer of the owner task".

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
        let result = None;
        let _ = self.closing.send(Closing { connection, result });
    }

    async fn close(&self, connection: C) -> io::Result<()> {
        self.close_later(connection);
        Ok(())
    }
}
