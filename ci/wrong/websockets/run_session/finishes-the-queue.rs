//! At the end, the texts that are left are sent after the one that is on its way. Caught by `run_session::a_text_on_its_way_is_sent_once`, which says "left in `outgoing`".

pub fn run_session<S, H>(
    socket: S,
    outgoing: mpsc::Receiver<String>,
    handler: H,
    shutdown: CancellationToken,
    limit: Duration,
) -> impl Future<Output = SessionEnd>
where
    S: Stream<Item = Result<Frame, SocketError>> + Sink<Frame, Error = SocketError> + Unpin,
    H: Handler,
{
    // Made before the first poll: a future that is dropped without one has to tell, too.
    let mut attendance = Attendance {
        handler,
        has_left: false,
    };
    async move {
        let (mut sink, mut frames) = socket.split();
        let mut outgoing = outgoing;
        let mut is_sending = false;
        let end = {
            let read = read_frames(&mut frames, &mut attendance.handler);
            let write = async {
                while let Some(text) = outgoing.recv().await {
                    is_sending = true;
                    match timeout(limit, sink.send(Frame::Text(text))).await {
                        Ok(Ok(())) => is_sending = false,
                        Ok(Err(error)) => return SessionEnd::Failed(error),
                        Err(_elapsed) => return SessionEnd::TooSlow,
                    }
                }
                SessionEnd::Removed
            };
            // Not biased: both sides use tokio's budget, and the first one could use it up in each poll.
            let either = async { tokio::select!(end = read => end, end = write => end) };
            tokio::select! {
                biased;
                () = shutdown.cancelled() => SessionEnd::Shutdown,
                end = either => end,
            }
        };
        attendance.leave(&end);
        if let Some(code) = close_code(&end) {
            let closing = async {
                while is_sending && let Ok(text) = outgoing.try_recv() {
                    sink.send(Frame::Text(text)).await?;
                }
                sink.send(Frame::Close(code)).await
            };
            let _ = timeout(limit, closing).await;
        }
        end
    }
}
