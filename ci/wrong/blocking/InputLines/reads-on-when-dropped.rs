//! Ignores that no one receives the lines any more, and reads the input to its end. Caught by `InputLines::the_thread_ends_when_it_is_dropped`, which says "the error of `blocking_send` is ignored".

pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        thread::spawn(move || {
            for line in reader.lines() {
                let is_last = line.is_err();
                let _ = tx.blocking_send(line);
                if is_last {
                    return;
                }
            }
        });
        Self { lines }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}
