//! Counts the lines in one byte. Caught by `LineReader::returns_any_lines_from_any_parts`, which says "attempt to add with overflow".

pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
    count: u8,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            count: 0,
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                return Ok(Some({
                    self.count += 1;
                    decode(&line)
                }));
            }
            let count = self.reader.read_buf(&mut self.buffer).await?;
            if count == 0 {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| decode(&rest)));
            }
        }
    }
}
