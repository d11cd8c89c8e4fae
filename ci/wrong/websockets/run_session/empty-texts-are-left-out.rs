//! Texts without characters are not passed on. Caught by `run_session::passes_the_texts_of_the_peer_on`, which says "without characters is left out".

async fn read_frames<S>(frames: &mut S, handler: &mut impl Handler) -> SessionEnd
where
    S: Stream<Item = Result<Frame, SocketError>> + Unpin,
{
    while let Some(frame) = frames.next().await {
        match frame {
            Ok(Frame::Text(text)) if text.is_empty() => {}
            Ok(Frame::Text(text)) => handler.text(text),
            Ok(Frame::Ping | Frame::Pong) => {}
            Ok(Frame::Close(code)) => return SessionEnd::Closed(code),
            Err(error) => return SessionEnd::Failed(error),
        }
    }
    SessionEnd::Disconnected
}
