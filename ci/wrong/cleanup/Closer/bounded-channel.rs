//! The channel has a limit, and a destructor cannot wait for a place in it. Caught by `Closer::when_all_is_closed_the_owner_task_ends`, which says "a bounded channel was full".

pub struct Closer<C> {
    closing: mpsc::Sender<Closing<C>>,
}

impl<C: Connection> Closer<C> {
    pub fn spawn() -> (Self, JoinHandle<usize>) {
        let (closing, rx) = mpsc::channel(100);
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
        let _ = self.closing.try_send(Closing { connection, result });
    }

    async fn close(&self, connection: C) -> io::Result<()> {
        let (tx, closed) = oneshot::channel();
        let result = Some(tx);
        let _ = self.closing.send(Closing { connection, result }).await;
        closed.await.unwrap()
    }
}

async fn close_all<C: Connection>(mut closing: mpsc::Receiver<Closing<C>>) -> usize {
    let mut closings = JoinSet::new();
    while let Some(next) = closing.recv().await {
        closings.spawn(next.close());
    }
    let mut failed = 0;
    while let Some(closed) = closings.join_next().await {
        failed += usize::from(!closed.unwrap_or(false));
    }
    failed
}
