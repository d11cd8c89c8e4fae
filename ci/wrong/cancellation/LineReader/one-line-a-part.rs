//! What comes behind a line in the same part is thrown away. Caught by `LineReader::gives_every_line`, which says "bytes are lost".

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
            if self.reader.read_buf(&mut self.arrived).await? == 0 {
                let rest = std::mem::take(&mut self.arrived);
                return Ok((!rest.is_empty()).then(|| text(&rest)));
            }
            if let Some(end) = self.arrived.iter().position(|byte| *byte == b'\n') {
                let line = std::mem::take(&mut self.arrived);
                return Ok(Some(text(&line[..end])));
            }
        }
    }
}
