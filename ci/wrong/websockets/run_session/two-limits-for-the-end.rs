//! The limit holds for `feed` of the close frame, and again for its `flush`. Caught by `run_session::one_limit_for_all_of_the_end`, which says "a limit each".

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
        let end = {
            let read = read_frames(&mut frames, &mut attendance.handler);
            let write = write_texts(&mut sink, outgoing, limit);
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
            let Ok(mut socket) = sink.reunite(frames) else {
                return end;
            };
            let fed = timeout(limit, socket.feed(Frame::Close(code))).await;
            if let Ok(Ok(())) = fed {
                let _ = timeout(limit, socket.flush()).await;
            }
        }
        end
    }
}
