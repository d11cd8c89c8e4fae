//! Records are acknowledged when no more are waiting, several flushes later. Caught by `write_records::acknowledges_after_the_flush`, which says "after the next write had begun".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut batch = Vec::with_capacity(MAX_UNFLUSHED);
    let mut callers: Vec<oneshot::Sender<()>> = Vec::new();
    let mut written = 0;
    while records.recv_many(&mut batch, MAX_UNFLUSHED).await > 0 {
        for record in batch.drain(..) {
            output.write_all(record.line.as_bytes()).await?;
            output.write_all(b"\n").await?;
            callers.push(record.flushed);
            written += 1;
        }
        output.flush().await?;
        if records.is_empty() {
            for caller in callers.drain(..) {
                let _ = caller.send(());
            }
        }
    }
    output.shutdown().await?;
    Ok(written)
}
