//! The bytes are taken out of the struct for the call, and put back when it is over. Caught by `LineReader::an_error_loses_nothing_either`, which says "thrown away with the call that failed".

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
        let mut arrived = std::mem::take(&mut self.arrived);
        loop {
            if let Some(end) = arrived.iter().position(|byte| *byte == b'\n') {
                let line = text(&arrived[..end]);
                arrived.drain(..=end);
                self.arrived = arrived;
                return Ok(Some(line));
            }
            if self.reader.read_buf(&mut arrived).await? == 0 {
                return Ok((!arrived.is_empty()).then(|| text(&arrived)));
            }
        }
    }
}
