//! The thread sends a line to the future that has asked for it, and the line is lost if that one is gone. Caught by `InputLines::a_dropped_next_line_loses_no_line`, which says "is sent to the future that asked for it".

pub struct InputLines {
    requests: mpsc::Sender<oneshot::Sender<io::Result<String>>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (requests, mut requested) =
            mpsc::channel::<oneshot::Sender<io::Result<String>>>(capacity.get());
        thread::spawn(move || {
            let mut lines = reader.lines();
            while let Some(request) = requested.blocking_recv() {
                let Some(line) = lines.next() else { return };
                let is_last = line.is_err();
                let _ = request.send(line);
                if is_last {
                    return;
                }
            }
        });
        Self { requests }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        let (tx, rx) = oneshot::channel();
        if self.requests.send(tx).await.is_err() {
            return Ok(None);
        }
        rx.await.ok().transpose()
    }
}
