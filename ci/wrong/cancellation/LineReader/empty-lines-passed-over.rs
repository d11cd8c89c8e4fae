//! Empty lines are passed over. Caught by `LineReader::gives_every_line`, which says "empty lines are passed over".

pub struct LineReader<R> {
    reader: R,
    arrived: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            arrived: Vec::new(),
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.arrived.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.arrived.drain(..=end).collect();
                line.pop();
                if line.is_empty() {
                    continue;
                }
                return Ok(Some(text(&line)));
            }
            if self.reader.read_buf(&mut self.arrived).await? == 0 {
                let rest = std::mem::take(&mut self.arrived);
                return Ok((!rest.is_empty()).then(|| text(&rest)));
            }
        }
    }
}
