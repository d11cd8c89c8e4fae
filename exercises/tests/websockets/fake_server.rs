//! A server that receives messages and acknowledges them, over connections that may be lost.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use exercises::websockets::{Connect, Disconnected, Message};
use futures::{Sink, Stream};
use grading::{Failure, check, ms};
use tokio::time::{Sleep, sleep};

use super::{FLUSH, Log, lock};

/// What the client does, and what it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// `connect` was called.
    Connecting,
    /// There is a connection.
    Connected,
    /// There is none.
    Refused,
    /// The client has put this message into its buffer.
    Sent(u64),
    /// The server has received this message.
    Received(u64),
    /// The client has read this acknowledgment.
    Acknowledged(u64),
    /// The client has seen that the connection is lost.
    Lost,
    /// Both halves of the connection are dropped.
    Dropped,
}

/// What one connection does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// How long it takes to connect.
    pub(super) connects_after: Duration,
    /// Whether connecting fails.
    pub(super) is_refused: bool,
    /// How long the server takes to receive each message.
    pub(super) takes: Duration,
    /// How many messages there are in the client's buffer before one of them has to be received.
    pub(super) buffer: usize,
    /// The time between a message and its acknowledgment.
    pub(super) acks_after: Duration,
    /// How many messages are acknowledged; later ones are received only.
    pub(super) acks: usize,
    /// How many acknowledgments may be unread before the server stops reading.
    pub(super) unread_acks: usize,
    /// An acknowledgment that the server begins with: how many messages it has, if there are any.
    pub(super) resumes: bool,
    /// Acknowledges an id before each of the others that says nothing new.
    pub(super) old_acks: bool,
    /// The connection is lost so long after the connect.
    pub(super) lost_after: Option<Duration>,
    /// The connection is lost when so many messages have been received.
    pub(super) lost_at: Option<usize>,
}

impl Link {
    /// Loses nothing.
    pub(super) fn good() -> Self {
        Self {
            connects_after: ms(5),
            is_refused: false,
            takes: ms(1),
            buffer: 4,
            acks_after: ms(7),
            acks: usize::MAX,
            unread_acks: usize::MAX,
            resumes: false,
            old_acks: false,
            lost_after: None,
            lost_at: None,
        }
    }
}

struct State {
    /// What the server has received, over all connections.
    received: Vec<u64>,
    /// The highest id that was received.
    highest: Option<u64>,
    links: VecDeque<Link>,
    halves: usize,
}

/// A server, as a client reaches it. Clones are the same server.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) log: Log<Seen>,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// The connections to it are `links`, and then good ones.
    pub(super) fn new(links: Vec<Link>) -> Self {
        Self {
            log: Log::start(),
            state: Arc::new(Mutex::new(State {
                received: Vec::new(),
                highest: None,
                links: links.into(),
                halves: 0,
            })),
        }
    }

    pub(super) fn received(&self) -> Vec<u64> {
        lock(&self.state).received.clone()
    }
}

impl Connect for Server {
    type Outgoing = Outgoing;
    type Acks = Acks;

    async fn connect(&mut self) -> Result<(Outgoing, Acks), Disconnected> {
        self.log.add(Seen::Connecting);
        let link = lock(&self.state)
            .links
            .pop_front()
            .unwrap_or_else(Link::good);
        if link.connects_after.is_zero() {
            tokio::task::yield_now().await;
        } else {
            sleep(link.connects_after).await;
        }
        if link.is_refused {
            self.log.add(Seen::Refused);
            return Err(Disconnected);
        }
        self.log.add(Seen::Connected);
        let now = self.log.clock().elapsed();
        let mut acks = VecDeque::new();
        if let Some(highest) = lock(&self.state).highest.filter(|_| link.resumes) {
            acks.push_back((now + link.acks_after, highest));
        }
        lock(&self.state).halves += 2;
        let connection = Arc::new(Mutex::new(Connection {
            lost_at: link.lost_after.map(|after| now + after),
            link,
            received: 0,
            acked: 0,
            acks,
            wakes: Vec::new(),
            told_lost: false,
        }));
        let outgoing = Outgoing {
            half: self.half(&connection),
            buffer: VecDeque::new(),
            receiving: None,
            was_ready: false,
        };
        let acks = Acks {
            half: self.half(&connection),
            waits: None,
            has_ended: false,
        };
        Ok((outgoing, acks))
    }
}

impl Server {
    fn half(&self, connection: &Arc<Mutex<Connection>>) -> Half {
        Half {
            server: self.clone(),
            connection: Arc::clone(connection),
            loss: None,
        }
    }
}

/// What both halves of a connection share.
struct Connection {
    link: Link,
    /// The instant at which it is lost.
    lost_at: Option<Duration>,
    received: usize,
    acked: usize,
    /// The acknowledgments that the client has not read, and from when on it can.
    acks: VecDeque<(Duration, u64)>,
    /// The task that waits for a half.
    wakes: Vec<Waker>,
    told_lost: bool,
}

impl Connection {
    fn wake(&mut self) {
        self.wakes.drain(..).for_each(Waker::wake);
    }

    fn unread(&self, now: Duration) -> usize {
        self.acks.iter().filter(|(at, _)| *at <= now).count()
    }
}

/// One half of a connection.
struct Half {
    server: Server,
    connection: Arc<Mutex<Connection>>,
    /// The timer of the loss.
    loss: Option<Pin<Box<Sleep>>>,
}

impl Half {
    fn connection(&self) -> MutexGuard<'_, Connection> {
        lock(&self.connection)
    }

    fn now(&self) -> Duration {
        self.server.log.clock().elapsed()
    }

    /// Whether the connection is lost. If it is not, the task is woken when it is.
    fn is_lost(&mut self, cx: &mut Context<'_>) -> bool {
        let now = self.now();
        let lost_at = self.connection().lost_at;
        if lost_at.is_some_and(|at| at <= now) {
            self.loss = None;
            let was_told = std::mem::replace(&mut self.connection().told_lost, true);
            if !was_told {
                self.server.log.add(Seen::Lost);
            }
            return true;
        }
        if let Some(at) = lost_at {
            let loss = self.loss.get_or_insert_with(|| Box::pin(sleep(at - now)));
            let _ = loss.as_mut().poll(cx);
        }
        let mut connection = self.connection();
        connection
            .wakes
            .retain(|waker| !waker.will_wake(cx.waker()));
        connection.wakes.push(cx.waker().clone());
        false
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        let halves = {
            let mut state = lock(&self.server.state);
            state.halves -= 1;
            state.halves
        };
        if halves == 0 {
            self.server.log.add(Seen::Dropped);
        }
    }
}

/// The half that takes messages.
pub(super) struct Outgoing {
    half: Half,
    buffer: VecDeque<Message>,
    receiving: Option<Pin<Box<Sleep>>>,
    was_ready: bool,
}

impl Outgoing {
    /// Hands messages over to the server, until so many are left in the buffer.
    fn poll_down_to(
        &mut self,
        left: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Disconnected>> {
        if self.half.is_lost(cx) {
            return Poll::Ready(Err(Disconnected));
        }
        while self.buffer.len() > left {
            let now = self.half.now();
            let link = self.half.connection().link;
            if self.half.connection().unread(now) >= link.unread_acks {
                return Poll::Pending; // reading an acknowledgment wakes this task
            }
            let receiving = self
                .receiving
                .get_or_insert_with(|| Box::pin(sleep(link.takes)));
            ready!(receiving.as_mut().poll(cx));
            self.receiving = None;
            let Some(message) = self.buffer.pop_front() else {
                break;
            };
            self.receive(message.id);
            if self.half.is_lost(cx) {
                return Poll::Ready(Err(Disconnected));
            }
        }
        Poll::Ready(Ok(()))
    }

    fn receive(&mut self, id: u64) {
        let now = self.half.now();
        self.half.server.log.add(Seen::Received(id));
        {
            let mut state = lock(&self.half.server.state);
            state.received.push(id);
            state.highest = state.highest.max(Some(id));
        }
        let mut connection = self.half.connection();
        connection.received += 1;
        let link = connection.link;
        if connection.acked < link.acks {
            connection.acked += 1;
            if link.old_acks {
                let old = id.saturating_sub(1);
                // Between this message and the one before it, or that one again.
                connection
                    .acks
                    .push_back((now + link.acks_after, old.max(id / 2)));
            }
            connection.acks.push_back((now + link.acks_after, id));
        }
        if link.lost_at.is_some_and(|at| connection.received >= at) {
            connection.lost_at = Some(now);
        }
        connection.wake();
    }
}

impl Sink<Message> for Outgoing {
    type Error = Disconnected;

    fn poll_ready(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Disconnected>> {
        let room = self.half.connection().link.buffer - 1;
        ready!(self.poll_down_to(room, cx))?;
        self.was_ready = true;
        Poll::Ready(Ok(()))
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Disconnected> {
        let was_ready = std::mem::take(&mut self.was_ready);
        check(was_ready, || {
            Failure::new("`start_send` should follow a `poll_ready` that is ready; it did not.")
                .read(FLUSH)
        });
        self.half.server.log.add(Seen::Sent(message.id));
        self.buffer.push_back(message);
        Ok(())
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Disconnected>> {
        self.poll_down_to(0, cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Disconnected>> {
        self.poll_flush(cx)
    }
}

/// The half with the acknowledgments.
pub(super) struct Acks {
    half: Half,
    waits: Option<Pin<Box<Sleep>>>,
    has_ended: bool,
}

impl Stream for Acks {
    type Item = u64;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u64>> {
        if self.has_ended {
            return Poll::Pending;
        }
        if self.half.is_lost(cx) {
            self.has_ended = true;
            return Poll::Ready(None);
        }
        let now = self.half.now();
        let Some((at, id)) = self.half.connection().acks.front().copied() else {
            self.waits = None;
            return Poll::Pending;
        };
        if at > now {
            let waits = self.waits.insert(Box::pin(sleep(at - now)));
            ready!(waits.as_mut().poll(cx));
        }
        self.waits = None;
        {
            let mut connection = self.half.connection();
            connection.acks.pop_front();
            connection.wake();
        }
        self.half.server.log.add(Seen::Acknowledged(id));
        Poll::Ready(Some(id))
    }
}
