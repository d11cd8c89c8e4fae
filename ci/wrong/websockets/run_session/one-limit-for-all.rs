//! The limit is for all texts together, from the first one on. Caught by `run_session::a_slow_peer_has_a_limit`, which says "the limit is not for each text".

async fn write_texts<S>(
    sink: &mut S,
    mut outgoing: mpsc::Receiver<String>,
    limit: Duration,
) -> SessionEnd
where
    S: Sink<Frame, Error = SocketError> + Unpin,
{
    let mut deadline = None;
    while let Some(text) = outgoing.recv().await {
        let deadline = *deadline.get_or_insert_with(|| Instant::now() + limit);
        match tokio::time::timeout_at(deadline, sink.send(Frame::Text(text))).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return SessionEnd::Failed(error),
            Err(_elapsed) => return SessionEnd::TooSlow,
        }
    }
    SessionEnd::Removed
}
