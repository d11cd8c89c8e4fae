//! A guard has a weak sender, which is of no use when the `Closer` is gone. Caught by `Closer::guards_outlive_their_closer`, which says "ends with the first `Closer`".

pub struct Closer<C> {
    closing: mpsc::WeakUnboundedSender<Closing<C>>,
    _strong: Option<mpsc::UnboundedSender<Closing<C>>>,
}

impl<C: Connection> Closer<C> {
    pub fn spawn() -> (Self, JoinHandle<usize>) {
        let (tx, rx) = mpsc::unbounded_channel();
        let closer = Self {
            closing: tx.downgrade(),
            _strong: Some(tx),
        };
        (closer, tokio::spawn(close_all(rx)))
    }

    pub fn guard(&self, connection: C) -> Guard<C> {
        let closer = Self {
            closing: self.closing.clone(),
            _strong: None,
        };
        Guard {
            connection: Some(connection),
            closer,
        }
    }

    fn close_later(&self, connection: C) {
        if let Some(closing) = self.closing.upgrade() {
            let _ = closing.send(Closing {
                connection,
                result: None,
            });
        }
    }

    async fn close(&self, connection: C) -> io::Result<()> {
        let (tx, closed) = oneshot::channel();
        if let Some(closing) = self.closing.upgrade() {
            let _ = closing.send(Closing {
                connection,
                result: Some(tx),
            });
        }
        closed.await.unwrap()
    }
}
