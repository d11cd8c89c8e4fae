//! The last call is a flush, and the output stays open. Caught by `write_records::shuts_down_at_the_end`, which says "`flush` is the last call".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
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
    Ok(written)
}
