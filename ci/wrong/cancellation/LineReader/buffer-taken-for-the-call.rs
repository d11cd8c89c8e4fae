//! The buffer is taken out of the struct, and put back when the call returns a line. Caught by `LineReader::loses_no_byte_after_an_error`, which says "thrown away with the call that failed".

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
        let mut buffer = std::mem::take(&mut self.buffer);
        loop {
            if let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
                let line = decode(&buffer[..end]);
                buffer.drain(..=end);
                self.buffer = buffer;
                return Ok(Some(line));
            }
            if self.reader.read_buf(&mut buffer).await? == 0 {
                return Ok((!buffer.is_empty()).then(|| decode(&buffer)));
            }
        }
    }
}
