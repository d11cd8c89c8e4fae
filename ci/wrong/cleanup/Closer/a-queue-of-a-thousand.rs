//! The queue has room for a thousand connections, and a connection that finds none is dropped. Caught by `Closer::many_guards_may_be_dropped_at_once`, which says "room for some connections only".

pub struct Closer<C> {
    closing: mpsc::Sender<Closing<C>>,
}

impl<C: Connection> Closer<C> {
    pub fn spawn() -> (Self, JoinHandle<usize>) {
        let (closing, rx) = mpsc::channel(1000);
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
        self.hand_over(connection, None);
    }

    async fn close(&self, connection: C) -> io::Result<()> {
        let (result, closed) = oneshot::channel();
        self.hand_over(connection, Some(result));
        closed.await.expect("closing the connection panicked")
    }

    fn hand_over(&self, connection: C, result: Option<oneshot::Sender<io::Result<()>>>) {
        // Fails if the owner task is gone, and with it the runtime.
        let _ = self.closing.try_send(Closing { connection, result });
    }
}

async fn close_all<C: Connection>(mut closing: mpsc::Receiver<Closing<C>>) -> usize {
    let mut closings = JoinSet::new();
    let mut failed = 0;
    loop {
        tokio::select! {
            biased;
            // A panic is a failure, too.
            Some(closed) = closings.join_next() => failed += usize::from(!closed.unwrap_or(false)),
            next = closing.recv() => match next {
                Some(next) => {
                    closings.spawn(next.close());
                }
                None => break,
            },
        }
    }
    while let Some(closed) = closings.join_next().await {
        failed += usize::from(!closed.unwrap_or(false));
    }
    failed
}
