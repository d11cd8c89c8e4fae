//! Waiting for room and flushing have a limit each. Caught by `run_session::a_slow_peer_has_a_limit`, which says "should return `TooSlow`".

use std::pin::Pin;
use std::task::Context;
use tokio::time::Sleep;

struct Told<H: Handler> {
    handler: H,
    told: bool,
}

impl<H: Handler> Told<H> {
    fn tell(&mut self, end: &SessionEnd) {
        if !std::mem::replace(&mut self.told, true) {
            self.handler.left(end);
        }
    }
}

impl<H: Handler> Drop for Told<H> {
    fn drop(&mut self) {
        self.tell(&SessionEnd::Aborted);
    }
}

enum Writing {
    Nothing,
    Text(String),
    Flushing,
}

struct Session<S, H: Handler> {
    socket: S,
    outgoing: mpsc::Receiver<String>,
    told: Told<H>,
    limit: Duration,
    writing: Writing,
    due: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
    write_first: bool,
}

const STEPS: usize = 16;

impl<S, H> Session<S, H>
where
    S: Stream<Item = Result<Frame, SocketError>> + Sink<Frame, Error = SocketError> + Unpin,
    H: Handler,
{
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<SessionEnd> {
        for _ in 0..STEPS {
            match std::task::ready!(Pin::new(&mut self.socket).poll_next(cx)) {
                Some(Ok(Frame::Text(text))) => self.told.handler.text(text),
                Some(Ok(Frame::Ping | Frame::Pong)) => {}
                Some(Ok(Frame::Close(code))) => return Poll::Ready(SessionEnd::Closed(code)),
                Some(Err(error)) => return Poll::Ready(SessionEnd::Failed(error)),
                None => return Poll::Ready(SessionEnd::Disconnected),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<SessionEnd> {
        for _ in 0..STEPS {
            let mut socket = Pin::new(&mut self.socket);
            let result = match std::mem::replace(&mut self.writing, Writing::Nothing) {
                Writing::Nothing => match std::task::ready!(self.outgoing.poll_recv(cx)) {
                    Some(text) => {
                        self.due = Instant::now().checked_add(self.limit);
                        self.writing = Writing::Text(text);
                        Ok(())
                    }
                    None => return Poll::Ready(SessionEnd::Removed),
                },
                Writing::Text(text) => match socket.as_mut().poll_ready(cx) {
                    Poll::Pending => {
                        self.writing = Writing::Text(text);
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok(())) => {
                        self.writing = Writing::Flushing;
                        self.due = Instant::now().checked_add(self.limit);
                        socket.start_send(Frame::Text(text))
                    }
                    Poll::Ready(Err(error)) => Err(error),
                },
                Writing::Flushing => match socket.poll_flush(cx) {
                    Poll::Pending => {
                        self.writing = Writing::Flushing;
                        return Poll::Pending;
                    }
                    Poll::Ready(flushed) => flushed,
                },
            };
            if let Err(error) = result {
                return Poll::Ready(SessionEnd::Failed(error));
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<SessionEnd> {
        let (Writing::Text(_) | Writing::Flushing, Some(due)) = (&self.writing, self.due) else {
            return Poll::Pending;
        };
        if Instant::now() >= due {
            if self.write_first {
                return Poll::Ready(SessionEnd::TooSlow);
            }
            // In the next turn, writing has the whole budget.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let alarm = self
            .alarm
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
        if alarm.deadline() != due {
            alarm.as_mut().reset(due);
        }
        if alarm.as_mut().poll(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<SessionEnd> {
        self.write_first = !self.write_first;
        for write in [self.write_first, !self.write_first] {
            let end = match write {
                true => self.poll_write(cx),
                false => self.poll_read(cx),
            };
            if end.is_ready() {
                return end;
            }
        }
        self.poll_late(cx)
    }
}

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
    let mut session = Session {
        socket,
        outgoing,
        told: Told {
            handler,
            told: false,
        },
        limit,
        writing: Writing::Nothing,
        due: None,
        alarm: None,
        write_first: false,
    };
    async move {
        let mut stop = pin!(shutdown.cancelled());
        let end = std::future::poll_fn(|cx| match stop.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(SessionEnd::Shutdown),
            Poll::Pending => session.poll_end(cx),
        })
        .await;
        session.told.tell(&end);
        let code = match end {
            SessionEnd::Closed(code) => Some(code),
            SessionEnd::Removed => Some(POLICY),
            SessionEnd::Shutdown => Some(GOING_AWAY),
            _ => None,
        };
        if let Some(code) = code {
            let closing = session.socket.send(Frame::Close(code));
            let _ = tokio::time::timeout(limit, closing).await;
        }
        end
    }
}
