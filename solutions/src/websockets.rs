//! WebSockets: a room that waits for no member, a session that ends once, a heartbeat, and a client that reconnects.
//!
//! A peer may be slow, silent or gone at any time, so nothing here waits for one without a limit, or while it holds up
//! others.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::num::{NonZeroU32, NonZeroUsize};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::Duration;

use futures::{Sink, SinkExt, Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// What the members of a [`Room`] receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A member has joined.
    Joined(String),
    /// A member has said something: its name, and the text.
    Said(String, String),
    /// A member is not in the room any more: its name, and why.
    Left(String, Reason),
}

/// Why a member is not in the room any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Its [`Member`] was dropped.
    Dropped,
    /// Its queue was full when an event arrived.
    TooSlow,
    /// The room was dropped.
    RoomClosed,
}

/// The name belongs to a member of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameTaken;

/// Identifies a member. Each call of [`Room::join`] has another one. Two rooms may have equal ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemberId(u64);

/// A member's end of its queue. The member leaves when it is dropped.
#[derive(Debug)]
pub struct Member {
    id: MemberId,
    events: mpsc::Receiver<Event>,
    /// Set before the sender of `events` is dropped.
    removed: Arc<OnceLock<Reason>>,
}

impl Member {
    /// Returns the member's id.
    pub fn id(&self) -> MemberId {
        self.id
    }

    /// Waits for the next event.
    ///
    /// # Errors
    ///
    /// Why there are no more events, when the queue is empty and the member is not in the room.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no event is lost.
    pub async fn recv(&mut self) -> Result<Event, Reason> {
        let event = self.events.recv().await;
        event.ok_or_else(|| *self.removed.get().unwrap_or(&Reason::RoomClosed))
    }
}

/// The room's end of the queue of a member.
struct Entry {
    id: MemberId,
    name: String,
    events: mpsc::Sender<Event>,
    removed: Arc<OnceLock<Reason>>,
}

impl Entry {
    /// Puts `event` into the queue, without waiting. The error is the event that tells the others.
    fn offer(&self, event: &Event) -> Result<(), Event> {
        let reason = match self.events.try_send(event.clone()) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Full(_)) => Reason::TooSlow,
            Err(mpsc::error::TrySendError::Closed(_)) => Reason::Dropped,
        };
        let _ = self.removed.set(reason); // an entry that was refused is removed
        Err(self.left(reason))
    }

    fn left(&self, reason: Reason) -> Event {
        Event::Left(self.name.clone(), reason)
    }
}

/// A room of a chat. It passes each event on to all members, and never waits for one of them.
pub struct Room {
    capacity: usize,
    /// In the order of joining.
    members: Vec<Entry>,
    joined: u64,
}

impl Room {
    /// Creates an empty room. Each member gets a queue with a capacity of `capacity` events.
    ///
    /// `capacity` is at most [`Semaphore::MAX_PERMITS`](tokio::sync::Semaphore::MAX_PERMITS).
    pub fn new(capacity: NonZeroUsize) -> Self {
        Self {
            capacity: capacity.get(),
            members: Vec::new(),
            joined: 0,
        }
    }

    /// Tells the members that there is a new one, and adds it.
    ///
    /// # Errors
    ///
    /// If a member of the room has this name.
    pub fn join(&mut self, name: &str) -> Result<Member, NameTaken> {
        self.remove_dropped();
        if self.members.iter().any(|member| member.name == name) {
            return Err(NameTaken);
        }
        self.publish([Event::Joined(name.to_owned())]);

        let id = MemberId(self.joined);
        self.joined += 1;
        let (tx, rx) = mpsc::channel(self.capacity);
        let removed = Arc::new(OnceLock::new());
        self.members.push(Entry {
            id,
            name: name.to_owned(),
            events: tx,
            removed: Arc::clone(&removed),
        });
        Ok(Member {
            id,
            events: rx,
            removed,
        })
    }

    /// Tells all members, with the member itself, what it has said.
    pub fn say(&mut self, from: MemberId, text: &str) {
        self.remove_dropped();
        if let Some(member) = self.members.iter().find(|member| member.id == from) {
            let said = Event::Said(member.name.clone(), text.to_owned());
            self.publish([said]);
        }
    }

    /// Drops `member`, and tells the others at once.
    pub fn leave(&mut self, member: Member) {
        drop(member);
        self.remove_dropped();
    }

    /// The names of the members in the order in which they joined.
    pub fn names(&self) -> Vec<String> {
        let present = self
            .members
            .iter()
            .filter(|member| !member.events.is_closed());
        present.map(|member| member.name.clone()).collect()
    }

    /// Removes the members that were dropped, and tells the others.
    fn remove_dropped(&mut self) {
        let gone = self
            .members
            .extract_if(.., |member| member.events.is_closed());
        let left: Vec<_> = gone.map(|member| member.left(Reason::Dropped)).collect();
        self.publish(left);
    }

    /// Passes `events` on. Members that do not take one are removed, which is an event for the others: it comes after
    /// those that are there already, so that all members have the same order.
    fn publish(&mut self, events: impl Into<VecDeque<Event>>) {
        let mut events = events.into();
        while let Some(event) = events.pop_front() {
            self.members.retain(|member| {
                let refused = member.offer(&event).err();
                let stays = refused.is_none();
                events.extend(refused);
                stays
            });
        }
    }
}

/// A message of a WebSocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text.
    Text(String),
    /// Asks the peer for a `Pong`.
    Ping,
    /// The answer to a `Ping`.
    Pong,
    /// Closes the connection, with a code that says why.
    Close(u16),
}

/// The code of a close frame: the server stops.
pub const GOING_AWAY: u16 = 1001;

/// The code of a close frame: the peer has broken a rule of the server.
pub const POLICY: u16 = 1008;

/// An error of a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketError(pub String);

/// How a session has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEnd {
    /// The peer has sent a close frame with this code.
    Closed(u16),
    /// The stream of frames has ended without a close frame.
    Disconnected,
    /// Reading or writing has failed.
    Failed(SocketError),
    /// The peer has not taken a frame in time.
    TooSlow,
    /// The room has removed the peer.
    Removed,
    /// The server stops.
    Shutdown,
    /// The future was dropped, or the handler has panicked.
    Aborted,
}

/// What a session reports to the rest of the server.
pub trait Handler {
    /// The peer has sent this text.
    fn text(&mut self, text: String);

    /// The session has ended.
    fn left(&mut self, end: &SessionEnd);
}

/// Calls `left` once: with the end that it is told, or when it is dropped.
struct Attendance<H: Handler> {
    handler: H,
    has_left: bool,
}

impl<H: Handler> Attendance<H> {
    fn leave(&mut self, end: &SessionEnd) {
        if !self.has_left {
            self.has_left = true;
            self.handler.left(end);
        }
    }
}

impl<H: Handler> Drop for Attendance<H> {
    fn drop(&mut self) {
        self.leave(&SessionEnd::Aborted);
    }
}

/// Runs the session of a peer, until one of the two sides ends it. Returns how it has ended.
///
/// # Cancel safety
///
/// If the future is dropped, polled or not, `left` is called with [`SessionEnd::Aborted`], unless it was called before.
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
            let _ = timeout(limit, sink.send(Frame::Close(code))).await; // the session has ended anyway
        }
        end
    }
}

/// Passes the texts of the peer on, until there are no more frames.
async fn read_frames<S>(frames: &mut S, handler: &mut impl Handler) -> SessionEnd
where
    S: Stream<Item = Result<Frame, SocketError>> + Unpin,
{
    while let Some(frame) = frames.next().await {
        match frame {
            Ok(Frame::Text(text)) => handler.text(text),
            Ok(Frame::Ping | Frame::Pong) => {}
            Ok(Frame::Close(code)) => return SessionEnd::Closed(code),
            Err(error) => return SessionEnd::Failed(error),
        }
    }
    SessionEnd::Disconnected
}

/// Sends texts to the peer, until there are no more texts.
async fn write_texts<S>(
    sink: &mut S,
    mut outgoing: mpsc::Receiver<String>,
    limit: Duration,
) -> SessionEnd
where
    S: Sink<Frame, Error = SocketError> + Unpin,
{
    while let Some(text) = outgoing.recv().await {
        match timeout(limit, sink.send(Frame::Text(text))).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return SessionEnd::Failed(error),
            Err(_elapsed) => return SessionEnd::TooSlow,
        }
    }
    SessionEnd::Removed
}

/// The code of the close frame that the peer is sent.
fn close_code(end: &SessionEnd) -> Option<u16> {
    match end {
        SessionEnd::Closed(code) => Some(*code),
        SessionEnd::Removed => Some(POLICY),
        SessionEnd::Shutdown => Some(GOING_AWAY),
        _ => None,
    }
}

/// How a heartbeat has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeartbeatEnd {
    /// The peer has missed too many pings in a row.
    Dead,
    /// The session has ended: one of the channels is closed.
    Closed,
}

/// Sends pings, and returns when the peer is dead or the session has ended.
///
/// # Cancel safety
///
/// If the future is dropped, no more pings are sent.
pub async fn heartbeat(
    mut received: mpsc::Receiver<Frame>,
    pings: mpsc::Sender<Frame>,
    period: Duration,
    max_missed: NonZeroU32,
) -> HeartbeatEnd {
    // An `interval` with `Skip` would do for periods above 5 ms: up to that, it takes a late tick for one in time.
    let mut tick = Instant::now() + period;
    let mut until_tick = pin!(sleep_until(tick));
    // How many pings have been sent since the last frame.
    let mut unanswered = 0;
    loop {
        tokio::select! {
            biased; // the clock first: frames could use up the budget of the task in each poll
            () = &mut until_tick => {}
            frame = received.recv() => match frame {
                Some(_any) => {
                    unanswered = 0;
                    continue;
                }
                None => return HeartbeatEnd::Closed,
            },
        }
        // A frame that is there is in time. `try_recv` needs no budget.
        loop {
            match received.try_recv() {
                Ok(_any) => unanswered = 0,
                Err(mpsc::error::TryRecvError::Empty) => break,
                Err(mpsc::error::TryRecvError::Disconnected) => return HeartbeatEnd::Closed,
            }
        }
        if unanswered == max_missed.get() {
            return HeartbeatEnd::Dead;
        }
        // A queue that is full belongs to a peer that takes nothing: this ping will be missed.
        if let Err(mpsc::error::TrySendError::Closed(_)) = pings.try_send(Frame::Ping) {
            return HeartbeatEnd::Closed;
        }
        unanswered += 1;
        tick = tick_after(Instant::now(), tick, period);
        until_tick.as_mut().reset(tick);
    }
}

/// The first tick after `now`, with ticks every `period` and one of them at `tick`, which has passed.
fn tick_after(now: Instant, tick: Instant, period: Duration) -> Instant {
    let late = now.duration_since(tick).as_nanos() % period.as_nanos();
    let late = u64::try_from(late).expect("it is less than a period, which is at most a day");
    now + period - Duration::from_nanos(late)
}

/// A message that the server has to receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Identifies the message. Later messages have higher ids.
    pub id: u64,
    /// What the message says.
    pub text: String,
}

/// There is no connection, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disconnected;

/// Connects to a server.
pub trait Connect {
    /// Takes messages for the server.
    type Outgoing: Sink<Message, Error = Disconnected> + Unpin;
    /// The ids that the server acknowledges. It ends when the connection is lost.
    type Acks: Stream<Item = u64> + Unpin;

    /// Connects to the server.
    fn connect(
        &mut self,
    ) -> impl Future<Output = Result<(Self::Outgoing, Self::Acks), Disconnected>>;
}

/// How long to wait before the next attempt to connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The wait after the first failure.
    pub first: Duration,
    /// The longest wait.
    pub cap: Duration,
}

/// Delivers all messages of `outbox`, over as many connections as that takes.
///
/// # Cancel safety
///
/// If the future is dropped, `outbox` has the messages that have not been acknowledged, and another call goes on with
/// them.
pub async fn deliver_all<C: Connect>(
    server: &mut C,
    outbox: &mut VecDeque<Message>,
    backoff: Backoff,
) {
    let shortest = backoff.first.min(backoff.cap);
    let mut wait = shortest;
    while !outbox.is_empty() {
        let unacknowledged = outbox.len();
        if let Ok((outgoing, acks)) = server.connect().await {
            deliver_over(outgoing, acks, outbox).await;
        }
        if outbox.is_empty() {
            return;
        }
        if outbox.len() < unacknowledged {
            wait = shortest;
        }
        sleep(wait).await;
        wait = wait.saturating_mul(2).min(backoff.cap);
    }
}

/// What an open connection does next.
enum Step {
    Acknowledged(u64),
    HasRoom,
    Flushed,
    Lost,
}

/// Delivers over one connection, until `outbox` is empty or the connection is lost.
async fn deliver_over(
    mut outgoing: impl Sink<Message, Error = Disconnected> + Unpin,
    mut acks: impl Stream<Item = u64> + Unpin,
    outbox: &mut VecDeque<Message>,
) {
    // An id and not an index: acknowledged messages are removed in front of it.
    let mut last_sent = None;
    let mut is_flushed = true;
    while !outbox.is_empty() {
        let next = outbox.partition_point(|message| Some(message.id) <= last_sent);
        let next = outbox.get(next);
        // Polled here and not with `send`: if that were dropped for an acknowledgment, its message might be sent or not.
        let step = poll_fn(|cx| {
            if let Poll::Ready(ack) = acks.poll_next_unpin(cx) {
                return Poll::Ready(ack.map_or(Step::Lost, Step::Acknowledged));
            }
            let (polled, step) = match next {
                Some(_) => (outgoing.poll_ready_unpin(cx), Step::HasRoom),
                None if !is_flushed => (outgoing.poll_flush_unpin(cx), Step::Flushed),
                None => return Poll::Pending,
            };
            polled.map(|done| done.map_or(Step::Lost, |()| step))
        });
        match step.await {
            Step::Acknowledged(id) => {
                let acknowledged = outbox.partition_point(|message| message.id <= id);
                outbox.drain(..acknowledged);
            }
            Step::HasRoom => {
                let message = next
                    .cloned()
                    .expect("there is room for a message that exists");
                last_sent = Some(message.id);
                is_flushed = false;
                if outgoing.start_send_unpin(message).is_err() {
                    return;
                }
            }
            Step::Flushed => is_flushed = true,
            Step::Lost => return,
        }
    }
}
