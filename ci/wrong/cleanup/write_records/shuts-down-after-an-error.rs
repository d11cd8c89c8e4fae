//! After an error the output is shut down. Caught by `write_records::returns_the_first_error`, which says "used again after an error".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let result = write_all_records(&mut records, &mut output).await;
    let closed = output.get_mut().shutdown().await;
    let written = result?;
    closed?;
    Ok(written)
}

async fn write_all_records<W: AsyncWrite + Unpin>(
    records: &mut mpsc::Receiver<Record>,
    output: &mut BufWriter<W>,
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
    Ok(written)
}
