//! Ends the thread when the channel is full. Caught by `InputLines::returns_all_lines_in_order_and_then_the_end`, which says "left out".

pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        thread::spawn(move || {
            for line in reader.lines() {
                let is_last = line.is_err();
                if tx.try_send(line).is_err() || is_last {
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
