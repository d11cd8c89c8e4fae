//! The incomplete line is a local variable of the call. Caught by `LineReader::loses_no_byte_when_dropped`, which says "must live longer than one call".

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
        let (mut line, mut byte) = (Vec::new(), [0]);
        while self.reader.read(&mut byte).await? == 1 {
            if byte[0] == b'\n' {
                return Ok(Some(decode(&line)));
            }
            line.push(byte[0]);
        }
        Ok((!line.is_empty()).then(|| decode(&line)))
    }
}
