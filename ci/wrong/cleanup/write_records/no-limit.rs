//! It flushes when no record is waiting, however long that takes. Caught by `write_records::flushes_once_for_all_that_are_waiting`, which says "no limit for a batch".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut written = 0;
    while let Some(first) = records.recv().await {
        let mut next = Some(first);
        let mut callers = Vec::new();
        while let Some(record) = next {
            output.write_all(record.line.as_bytes()).await?;
            output.write_all(b"\n").await?;
            callers.push(record.flushed);
            next = records.try_recv().ok();
        }
        output.flush().await?;
        written += callers.len();
        for caller in callers {
            let _ = caller.send(());
        }
    }
    output.shutdown().await?;
    Ok(written)
}
