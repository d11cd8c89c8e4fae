//! The buffer has 4 KiB, and is written before it is full. Caught by `write_records::writes_in_blocks`, which says "the buffer is too small".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::with_capacity(4096, output);
    let mut batch = Vec::with_capacity(MAX_UNFLUSHED);
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
