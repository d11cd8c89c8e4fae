//! Reads on while the close frame waits. Caught by `run_session::sends_a_close_frame`, which says "reads on while the close frame waits".

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
    let mut attendance = Attendance {
        handler,
        has_left: false,
    };
    async move {
        let (mut sink, mut frames) = socket.split();
        let end = {
            let read = read_frames(&mut frames, &mut attendance.handler);
            let write = write_texts(&mut sink, outgoing, limit);
            let either = async { tokio::select!(end = read => end, end = write => end) };
            tokio::select! {
                biased;
                () = shutdown.cancelled() => SessionEnd::Shutdown,
                end = either => end,
            }
        };
        attendance.leave(&end);
        if let Some(code) = close_code(&end) {
            let read_on = async {
                while frames.next().await.is_some() {}
                std::future::pending().await
            };
            let closing = async {
                tokio::select! {
                    biased;
                    _ = sink.send(Frame::Close(code)) => {}
                    () = read_on => {}
                }
            };
            let _ = timeout(limit, closing).await;
        }
        end
    }
}
