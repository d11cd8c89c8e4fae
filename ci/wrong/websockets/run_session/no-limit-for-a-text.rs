//! A peer that takes nothing keeps the session. Caught by `run_session::a_slow_peer_has_a_limit`, which says "no limit for a text".

async fn write_texts<S>(
    sink: &mut S,
    mut outgoing: mpsc::Receiver<String>,
    _limit: Duration,
) -> SessionEnd
where
    S: Sink<Frame, Error = SocketError> + Unpin,
{
    while let Some(text) = outgoing.recv().await {
        if let Err(error) = sink.send(Frame::Text(text)).await {
            return SessionEnd::Failed(error);
        }
    }
    SessionEnd::Removed
}
