//! `close` awaits the closing itself, and takes it along when it is dropped. Caught by `Closer::closing_goes_on_when_close_is_dropped`, which says "takes it along when it is dropped".

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
        connection.close().await
    }
}
