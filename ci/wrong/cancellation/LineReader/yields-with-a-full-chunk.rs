//! Yields after each full chunk, before it has stored the bytes. Caught by `LineReader::loses_no_byte_of_a_long_part_when_dropped`, which says "all of which arrive at once".

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
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                return Ok(Some(decode(&line)));
            }
            let mut chunk = [0; 4096];
            let count = self.reader.read(&mut chunk).await?;
            if count == 4096 {
                tokio::task::yield_now().await;
            }
            self.buffer.extend_from_slice(&chunk[..count]);
            if count == 0 {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| decode(&rest)));
            }
        }
    }
}
