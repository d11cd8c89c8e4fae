//! A record is acknowledged when it is in the buffer. Caught by `write_records::acknowledges_after_the_flush`, which says "acknowledged when it has been written".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut batch = Vec::new();
    let mut written = 0;
    while records.recv_many(&mut batch, MAX_UNFLUSHED).await > 0 {
        for record in batch.drain(..) {
            output.write_all(record.line.as_bytes()).await?;
            output.write_all(b"\n").await?;
            let _ = record.flushed.send(());
            written += 1;
        }
        output.flush().await?;
    }
    output.shutdown().await?;
    Ok(written)
}
