//! WebSockets: a room that waits for no member, a session that ends once, a heartbeat, and a client that reconnects.
//!
//! Sockets are a `Stream` and a `Sink` here, so your code works over a WebSocket of `axum` or `tokio-tungstenite` as well
//! as in the tests.

use std::collections::VecDeque;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::{Sink, Stream};
use tokio::sync::mpsc;
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

/// Identifies a member. Each call of [`Room::join`] has another one. Two rooms may have equal ids, so a room is asked about its
/// own members only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemberId(u64);

/// A member's end of its queue. The member leaves when it is dropped. There is nothing to do here.
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
    /// When the queue is empty and the member is not in the room any more: why it is not. If it was removed before the room
    /// was dropped, that is [`Reason::TooSlow`]. Each later call returns the same error at once.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no event is lost.
    pub async fn recv(&mut self) -> Result<Event, Reason> {
        let event = self.events.recv().await;
        event.ok_or_else(|| *self.removed.get().unwrap_or(&Reason::RoomClosed))
    }
}

/// A room of a chat. It passes each event on to all members, and never waits for one of them: no method blocks.
///
/// Each member has a queue of `capacity` events, which are those that it has not received yet.
///
/// - An event is put into the queue of every member that is in the room, except for [`Event::Joined`], which the new member
///   itself does not receive.
/// - If the queue of a member is full when an event arrives for it, the member is removed from the room with
///   [`Reason::TooSlow`]: it gets neither this event nor a later one. It still receives what is in its queue.
/// - Each method with `&mut self` begins by removing all members whose [`Member`] was dropped, with [`Reason::Dropped`].
///   Their names are free from then on. Their `Left`s, in the order in which they joined, and those that these cause are passed
///   on before the method does anything else.
/// - For each member that is removed, those that are still in the room receive one [`Event::Left`]. For this event the same
///   rules hold: it may find that another queue is full.
/// - Events are passed on one after the other. While one is passed on, members may be removed: the `Left` of each is added
///   after all events that wait to be passed on, in the order in which these members joined. So what a member receives is
///   the same sequence of events as for any other member, from the instant at which it joins to the one at which it is
///   removed, without gaps.
pub struct Room {
    // Your fields in place of this one.
    _fields: (),
}

impl Room {
    /// Creates an empty room.
    ///
    /// `capacity` is at most [`Semaphore::MAX_PERMITS`](tokio::sync::Semaphore::MAX_PERMITS), which is what a channel of tokio
    /// allows.
    pub fn new(capacity: NonZeroUsize) -> Self {
        todo!()
    }

    /// Passes [`Event::Joined`] on, and adds a member. The new member is in the room once `Joined`, and each `Left` that it
    /// causes, have been passed on: it receives none of these.
    ///
    /// # Errors
    ///
    /// If a member of the room has this name. Then nothing is passed on, except for the `Left` of members that were
    /// dropped.
    pub fn join(&mut self, name: &str) -> Result<Member, NameTaken> {
        todo!()
    }

    /// Passes on what the member `from` has said. The member itself receives this event as well.
    ///
    /// If `from` is not in the room any more, nothing is said, even if another member has its name now. It may be one that the
    /// call itself has removed, because a `Left` found its queue full.
    pub fn say(&mut self, from: MemberId, text: &str) {
        todo!()
    }

    /// Drops `member` first, and then removes it with all others that were dropped, as each method does. So the others are told
    /// at once, if it was still in the room.
    pub fn leave(&mut self, member: Member) {
        todo!()
    }

    /// The names of the members in the order in which they joined, without those whose [`Member`] was dropped.
    pub fn names(&self) -> Vec<String> {
        todo!()
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

/// What a session reports to the rest of the server. Neither method blocks.
pub trait Handler {
    /// The peer has sent this text.
    fn text(&mut self, text: String);

    /// The session has ended.
    fn left(&mut self, end: &SessionEnd);
}

/// Runs the session of a peer, until one of the two sides ends it. Returns how it has ended.
///
/// - It calls `handler.text` for every text that the peer sends, in order. It ignores [`Frame::Ping`] and [`Frame::Pong`],
///   because the libraries answer pings by themselves.
/// - It sends the texts of `outgoing` to the peer, in order, and flushes them before it waits for the next one.
/// - Neither direction waits for the other: it reads while a text is being sent, it sends even if the peer always has one
///   more frame to read, and it reads even if `outgoing` always has one more text. A socket of tokio uses up the budget of a
///   task, as a channel does.
///
/// The session ends at the instant of the first of these. If there are several at the same instant, any of them counts; but
/// if `shutdown` was cancelled before the call, that does.
///
/// - The peer sends a close frame: [`SessionEnd::Closed`]. Frames after it are not read.
/// - The stream of `socket` ends: [`SessionEnd::Disconnected`].
/// - Reading or writing fails: [`SessionEnd::Failed`], with the error.
/// - `limit` has passed since it began to send a text, and the text has not been sent and flushed: [`SessionEnd::TooSlow`].
///   One that is sent exactly then is in time.
/// - `outgoing` is closed, and all its texts have been sent: [`SessionEnd::Removed`].
/// - `shutdown` is cancelled: [`SessionEnd::Shutdown`]. The texts that are left in `outgoing` are not sent.
///
/// At that instant it calls `handler.left`, before anything else is sent. After that it reads no frame and does not call
/// `handler.text`. Then
/// it sends and flushes one close frame in three of these cases: after `Closed` with the same code, after `Removed` with
/// [`POLICY`], and after `Shutdown` with [`GOING_AWAY`]. All of this takes at most `limit`; after that, or if it fails, the
/// session returns without it, and with the same [`SessionEnd`]. In the other cases it returns at once, without a close frame.
/// A text that it has begun to send may still go out before the close frame, once and within the same `limit`. No other text is
/// sent.
///
/// The socket is not used in any other way: it is dropped at the end.
///
/// `handler.left` is called exactly once, however the session ends.
///
/// # Panics
///
/// If `handler.text` panics. `handler.left` is called even so, with [`SessionEnd::Aborted`]. It does not panic itself.
///
/// # Cancel safety
///
/// If the future is dropped, even before its first poll, `handler.left` is called with [`SessionEnd::Aborted`], unless it
/// was called before. No close frame is sent.
#[allow(
    clippy::manual_async_fn,
    reason = "what is made before the `async` block exists before the first poll"
)]
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
    async move { todo!() }
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
/// `received` gets every frame that the peer sends, and `pings` is read by the task that writes to the peer.
///
/// - There is a *tick* one `period` after the first poll, and then every `period`, without drift: tick number n is n times
///   `period` after the first poll, whatever is received.
/// - At each tick, [`Frame::Ping`] is put into `pings`, unless the peer is dead. It does not wait for room in `pings`: if it is
///   full, the ping counts as if it had been sent, because a peer that takes nothing may be dead.
/// - A ping is *missed* if no frame at all is received until the next tick. A frame of any kind shows that the peer is
///   alive.
/// - If `max_missed` pings in a row are missed, the peer is dead. It returns [`HeartbeatEnd::Dead`] at the tick at which
///   the last of them is missed, and sends no ping at that tick. So a peer that never sends a frame gets `max_missed` pings,
///   and is dead one period after the last one.
/// - Every frame that is in `received` when a tick is handled has been received before that tick. Frames do not put a tick
///   off, even if more of them are waiting at each poll than tokio's budget allows.
/// - If the future is polled late, so that several ticks have passed, these are handled as one tick, at that instant. The next
///   one is the first tick that is still to come. This holds for any `period`, and however late the poll is.
/// - When `received` is closed and empty, it returns [`HeartbeatEnd::Closed`] at once. If `pings` is closed, it does so at
///   the next tick at the latest, unless the peer is dead at that tick.
///
/// `period` is a whole number of milliseconds, from 1 ms to one day.
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
    todo!()
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
    /// Takes messages for the server. A message may stay in its buffer until it is flushed. An error means that the
    /// connection is lost.
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

/// Delivers all messages of `outbox`, over as many connections as that takes. Returns at the instant at which `outbox` is
/// empty.
///
/// - The ids in `outbox` ascend from front to back, with gaps.
/// - If an id is acknowledged, the server has this message and all with a lower id. They are removed from `outbox` at that
///   instant, and never sent from then on. An id may be acknowledged on any connection, even if its message was not sent on
///   this one; it may be lower than an earlier one, and between two ids of `outbox`.
/// - Over each connection it sends the messages of `outbox` in order, each at most once, as soon as there is room for it. It
///   does not wait for acknowledgments. When all are sent, it flushes them.
/// - While it sends or flushes, it receives acknowledgments: a server may stop reading until they are read.
/// - When a connection is lost, its two halves are dropped at that instant. It waits, and connects again. The first
///   connection is made at once, if `outbox` is not empty.
/// - A failure is an attempt to connect that fails, or a connection that is lost. After the first failure it waits
///   `backoff.first`, and after each further one in a row twice as long as the time before, but never longer than
///   `backoff.cap`, which limits the first wait, too. The row ends when an acknowledgment removes a message: the loss of this connection is a first failure
///   again. Neither a connection on which nothing is acknowledged nor an acknowledgment that removes nothing ends it.
/// - It never gives up, and connecting, sending and acknowledging may take any time. Both times of `backoff` may be anything.
///
/// # Cancel safety
///
/// If the future is dropped, `outbox` has exactly the messages that have not been acknowledged, and another call goes on
/// with them.
pub async fn deliver_all<C: Connect>(
    server: &mut C,
    outbox: &mut VecDeque<Message>,
    backoff: Backoff,
) {
    todo!()
}
