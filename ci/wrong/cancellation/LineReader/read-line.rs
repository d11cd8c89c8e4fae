//! `read_line` with a `String` that is a field: the bytes are lost inside of the call. Caught by `LineReader::loses_no_byte_in_a_select_loop`, which says "bytes are lost".

use tokio::io::{AsyncBufReadExt, BufReader};

pub struct LineReader<R> {
    reader: BufReader<R>,
    line: String,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader: BufReader::new(reader),
            line: String::new(),
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        if self.reader.read_line(&mut self.line).await? == 0 {
            return Ok(None);
        }
        let line = std::mem::take(&mut self.line);
        Ok(Some(line.trim_end_matches('\n').to_owned()))
    }
}
