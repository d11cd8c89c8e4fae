//! The limit counts all records, and not those since the last flush. Caught by `write_records::flushes_once_for_all_that_are_waiting`, which says "from the beginning".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut callers = Vec::new();
    let mut written = 0;
    while let Some(first) = records.recv().await {
        let mut next = Some(first);
        while let Some(record) = next.take() {
            output.write_all(record.line.as_bytes()).await?;
            output.write_all(b"\n").await?;
            callers.push(record.flushed);
            written += 1;
            if written % MAX_UNFLUSHED != 0 {
                next = records.try_recv().ok();
            }
        }
        output.flush().await?;
        for caller in callers.drain(..) {
            let _ = caller.send(());
        }
    }
    output.shutdown().await?;
    Ok(written)
}
