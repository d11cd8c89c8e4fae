//! It yields while it owns a line. Caught by `LineReader::loses_no_byte_when_dropped`, which says "bytes are lost".

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
            if let Some(end) = self.buffer.iter().position(|b| *b == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                tokio::task::yield_now().await;
                return Ok(Some(decode(&line)));
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| decode(&rest)));
            }
        }
    }
}
