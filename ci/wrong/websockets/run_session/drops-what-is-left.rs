//! When the room has removed the peer, the texts in the queue are not sent. Caught by `run_session::a_removal_sends_what_is_left`, which says "left in a closed channel are not sent".

async fn write_texts<S>(
    sink: &mut S,
    mut outgoing: mpsc::Receiver<String>,
    limit: Duration,
) -> SessionEnd
where
    S: Sink<Frame, Error = SocketError> + Unpin,
{
    while let Some(text) = outgoing.recv().await {
        if outgoing.is_closed() {
            break;
        }
        match timeout(limit, sink.send(Frame::Text(text))).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return SessionEnd::Failed(error),
            Err(_elapsed) => return SessionEnd::TooSlow,
        }
    }
    SessionEnd::Removed
}
