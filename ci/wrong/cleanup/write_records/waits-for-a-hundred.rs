//! It flushes when a hundred records are in the buffer. Caught by `write_records::flushes_when_no_more_records_are_waiting`, which says "waits for the next record before it flushes".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut callers = Vec::new();
    let mut written = 0;
    loop {
        let next = records.recv().await;
        let is_last = next.is_none();
        if let Some(record) = next {
            output.write_all(record.line.as_bytes()).await?;
            output.write_all(b"\n").await?;
            callers.push(record.flushed);
            written += 1;
        }
        if is_last || callers.len() == MAX_UNFLUSHED {
            output.flush().await?;
            for caller in callers.drain(..) {
                let _ = caller.send(());
            }
        }
        if is_last {
            break;
        }
    }
    output.shutdown().await?;
    Ok(written)
}
