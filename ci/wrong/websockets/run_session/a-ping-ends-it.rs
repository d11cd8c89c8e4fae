//! Any frame that is no text ends the session. Caught by `run_session::passes_the_texts_of_the_peer_on`, which says "a `Ping` or a `Pong` ends the session".

async fn read_frames<S>(frames: &mut S, handler: &mut impl Handler) -> SessionEnd
where
    S: Stream<Item = Result<Frame, SocketError>> + Unpin,
{
    while let Some(frame) = frames.next().await {
        match frame {
            Ok(Frame::Text(text)) => handler.text(text),
            Ok(Frame::Ping | Frame::Pong) => break,
            Ok(Frame::Close(code)) => return SessionEnd::Closed(code),
            Err(error) => return SessionEnd::Failed(error),
        }
    }
    SessionEnd::Disconnected
}
