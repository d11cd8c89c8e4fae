//! All records are acknowledged when the output is shut down. Caught by `write_records::acknowledges_nothing_that_is_lost_when_dropped`, which says "acknowledged only at the end".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut batch = Vec::new();
    let mut callers = Vec::new();
    let mut written = 0;
    while records.recv_many(&mut batch, MAX_UNFLUSHED).await > 0 {
        for record in &batch {
            output.write_all(record.line.as_bytes()).await?;
            output.write_all(b"\n").await?;
        }
        output.flush().await?;
        written += batch.len();
        callers.extend(batch.drain(..).map(|record| record.flushed));
    }
    output.shutdown().await?;
    for caller in callers {
        let _ = caller.send(());
    }
    Ok(written)
}
