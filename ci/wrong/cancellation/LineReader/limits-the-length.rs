//! Ends a line after 128 kilobytes, although a line may have any length. Caught by `LineReader::reads_lines_of_any_length`, which says "there is another limit".

pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        const LIMIT: usize = 128 * 1024;
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line = decode(&self.buffer[..end]);
                self.buffer.drain(..=end);
                return Ok(Some(line));
            }
            if self.buffer.len() >= LIMIT {
                let rest = self.buffer.split_off(LIMIT);
                let line = std::mem::replace(&mut self.buffer, rest);
                return Ok(Some(decode(&line)));
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                let rest = decode(&std::mem::take(&mut self.buffer));
                return Ok((!rest.is_empty()).then_some(rest));
            }
        }
    }
}
