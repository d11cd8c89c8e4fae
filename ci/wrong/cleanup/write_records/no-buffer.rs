//! The records are written to the output directly. Caught by `write_records::writes_in_blocks`, which says "Put a `BufWriter` around it".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    mut output: W,
) -> io::Result<usize> {
    let mut batch = Vec::new();
    let mut written = 0;
    while records.recv_many(&mut batch, MAX_UNFLUSHED).await > 0 {
        for record in &batch {
            output.write_all(record.line.as_bytes()).await?;
            output.write_all(b"\n").await?;
        }
        output.flush().await?;
        written += batch.len();
        for record in batch.drain(..) {
            let _ = record.flushed.send(());
        }
    }
    output.shutdown().await?;
    Ok(written)
}
