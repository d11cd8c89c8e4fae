//! A record whose caller has left is not written. Caught by `write_records::a_caller_that_has_left_changes_nothing`, which says "the record is skipped".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut batch = Vec::new();
    let mut written = 0;
    while records.recv_many(&mut batch, MAX_UNFLUSHED).await > 0 {
        batch.retain(|record| !record.flushed.is_closed());
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
