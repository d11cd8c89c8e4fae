//! The shutdown is looked at when there is nothing else to do. Caught by `run_session::a_shutdown_before_the_call_comes_first`, which says "among the branches that are ready".

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
                end = either => end,
                () = shutdown.cancelled() => SessionEnd::Shutdown,
            }
        };
        attendance.leave(&end);
        if let Some(code) = close_code(&end) {
            let _ = timeout(limit, sink.send(Frame::Close(code))).await; // the session has ended anyway
        }
        end
    }
}
