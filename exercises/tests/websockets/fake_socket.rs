//! A WebSocket to a peer that sends at given instants, and takes its time to take what it is sent.

use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use exercises::websockets::{Frame, Handler, SessionEnd, SocketError};
use futures::{Sink, Stream};
use grading::{Failure, check};
use tokio::task::coop::{consume_budget, has_budget_remaining};
use tokio::time::{Sleep, sleep};

use super::{Log, SESSION};

/// What happens in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// The handler was told a text.
    Told(String),
    /// The handler was told the end.
    Left(SessionEnd),
    /// The session has read a frame, an error or the end.
    Read,
    /// The session has begun to send a frame.
    Started(Frame),
    /// The frame was flushed.
    Sent(Frame),
    /// The socket was closed with `Sink::poll_close`.
    Closed,
    /// The socket was dropped.
    Dropped,
}

/// What the peer does.
#[derive(Debug, Clone, Default)]
pub(super) struct Peer {
    /// What it sends, with the instants. After the last one it is silent.
    pub(super) sends: Vec<(Duration, Option<Result<Frame, SocketError>>)>,
    /// How long there is no room for each frame, before sending it can begin. There is room for the others.
    pub(super) room: Vec<Duration>,
    /// How long it needs to take each frame. It takes the others at once.
    pub(super) takes: Vec<Duration>,
    /// The frame whose sending fails, after the time that it needs.
    pub(super) fails: Option<usize>,
}

/// The session's end of the socket.
pub(super) struct Socket {
    log: Log<Seen>,
    peer: Peer,
    next: usize,
    arrival: Option<Pin<Box<Sleep>>>,
    /// The frame that is on its way.
    sending: Option<(Frame, Pin<Box<Sleep>>)>,
    started: VecDeque<Duration>,
    /// Until there is room for the next frame.
    room: VecDeque<Duration>,
    waits: Option<Pin<Box<Sleep>>>,
    frames: usize,
    was_ready: bool,
    failed: bool,
}

impl Socket {
    pub(super) fn new(peer: Peer, log: &Log<Seen>) -> Self {
        Self {
            log: log.clone(),
            started: peer.takes.iter().copied().collect(),
            room: peer.room.iter().copied().collect(),
            waits: None,
            peer,
            next: 0,
            arrival: None,
            sending: None,
            frames: 0,
            was_ready: false,
            failed: false,
        }
    }

    /// Is ready when no frame is on its way.
    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SocketError>> {
        if let Some((_, taken)) = &mut self.sending {
            ready!(taken.as_mut().poll(cx));
            if let Some((frame, _)) = self.sending.take() {
                if self
                    .peer
                    .fails
                    .is_some_and(|fails| fails + 1 == self.frames)
                {
                    self.failed = true;
                } else {
                    self.log.add(Seen::Sent(frame));
                }
            }
        }
        Poll::Ready(match self.failed {
            true => Err(write_error()),
            false => Ok(()),
        })
    }
}

/// The error of a frame that fails.
pub(super) fn write_error() -> SocketError {
    SocketError("broken pipe".to_owned())
}

/// As the sockets of tokio, it is ready a limited number of times in one poll of a task.
fn poll_budget(cx: &mut Context<'_>) -> Poll<()> {
    if has_budget_remaining() {
        return pin!(consume_budget()).poll(&mut Context::from_waker(Waker::noop()));
    }
    cx.waker().wake_by_ref();
    Poll::Pending
}

impl Stream for Socket {
    type Item = Result<Frame, SocketError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some((at, frame)) = self.peer.sends.get(self.next).cloned() else {
            return Poll::Pending;
        };
        let elapsed = self.log.clock().elapsed();
        if elapsed < at {
            let arrival = self
                .arrival
                .get_or_insert_with(|| Box::pin(sleep(at - elapsed)));
            ready!(arrival.as_mut().poll(cx));
        }
        ready!(poll_budget(cx));
        self.arrival = None;
        self.next += 1;
        self.log.add(Seen::Read);
        Poll::Ready(frame)
    }
}

impl Sink<Frame> for Socket {
    type Error = SocketError;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), SocketError>> {
        ready!(self.poll_sent(cx))?;
        if !self.was_ready {
            if self.waits.is_none() {
                let time = self.room.pop_front().unwrap_or_default();
                self.waits = (!time.is_zero()).then(|| Box::pin(sleep(time)));
            }
            if let Some(waits) = &mut self.waits {
                ready!(waits.as_mut().poll(cx));
                self.waits = None;
            }
        }
        self.was_ready = true;
        Poll::Ready(Ok(()))
    }

    fn start_send(mut self: Pin<&mut Self>, frame: Frame) -> Result<(), SocketError> {
        let was_ready = std::mem::take(&mut self.was_ready);
        check(was_ready, || {
            Failure::new("`start_send` should follow a `poll_ready` that is ready; it did not.")
                .usually("that `start_send` is called by hand. `SinkExt::send` does it in the right order.")
                .read(SESSION)
        });
        let takes = self.started.pop_front().unwrap_or_default();
        self.frames += 1;
        self.log.add(Seen::Started(frame.clone()));
        self.sending = Some((frame, Box::pin(sleep(takes))));
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), SocketError>> {
        self.poll_sent(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), SocketError>> {
        self.log.add(Seen::Closed);
        self.poll_sent(cx)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.log.add(Seen::Dropped);
    }
}

/// A handler that writes down what it is told.
pub(super) struct Recorder {
    pub(super) log: Log<Seen>,
    /// It panics when it is told its text number so many.
    pub(super) panics_at: Option<usize>,
    pub(super) told: usize,
}

impl Recorder {
    pub(super) fn new(log: &Log<Seen>) -> Self {
        Self {
            log: log.clone(),
            panics_at: None,
            told: 0,
        }
    }
}

impl Handler for Recorder {
    fn text(&mut self, text: String) {
        self.log.add(Seen::Told(text));
        self.told += 1;
        if self.panics_at == Some(self.told) {
            // Unlike `panic!`, it prints nothing.
            std::panic::resume_unwind(Box::new("the handler panics"));
        }
    }

    fn left(&mut self, end: &SessionEnd) {
        self.log.add(Seen::Left(end.clone()));
    }
}
