//! What follows a line in the same read is thrown away. Caught by `LineReader::returns_every_line`, which says "bytes are lost".

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
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| decode(&rest)));
            }
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line = std::mem::take(&mut self.buffer);
                return Ok(Some(decode(&line[..end])));
            }
        }
    }
}
