//! No record is taken to be waiting when `now_or_never` returns nothing, which the budget of a task ends. Caught by `write_records::flushes_once_for_all_that_are_waiting`, which says "tokio lets a task receive about 128 messages".

use futures::FutureExt;
pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut written = 0;
    let mut callers = Vec::new();
    while let Some(first) = records.recv().await {
        let mut next = Some(first);
        while let Some(record) = next.take() {
            output.write_all(record.line.as_bytes()).await?;
            output.write_all(b"\n").await?;
            callers.push(record.flushed);
            written += 1;
            if callers.len() < MAX_UNFLUSHED {
                next = records.recv().now_or_never().flatten();
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
