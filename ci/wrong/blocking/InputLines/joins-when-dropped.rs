//! Waits for the thread when it is dropped, and so for the next line. Caught by `InputLines::the_thread_ends_when_it_is_dropped`, which says "`drop` joins the thread".

pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Drop for InputLines {
    fn drop(&mut self) {
        self.lines.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        let thread = thread::spawn(move || {
            for line in reader.lines() {
                let is_last = line.is_err();
                if tx.blocking_send(line).is_err() || is_last {
                    return;
                }
            }
        });
        Self {
            lines,
            thread: Some(thread),
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}
