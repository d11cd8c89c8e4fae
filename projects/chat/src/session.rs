//! One session: a socket on one side, a membership on the other.

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_util::bytes::Bytes;
use tokio_util::sync::CancellationToken;

use crate::limits::Limits;
use crate::protocol::Request;
use crate::rate::RateLimit;
use crate::room::Queue;
use crate::rooms::{Chat, Membership};
use crate::socket::Ended;

type Writer = SplitSink<WebSocket, Message>;
type Reader = SplitStream<WebSocket>;

/// How many events are written before the socket is flushed.
const BATCH: usize = 32;

/// Runs a session until it ends, and returns how it ended. It ends when the peer closes it, is gone, breaks a rule, answers no
/// pings or reads too slowly, or when `stop` is cancelled. The other members are told once, before the peer is.
///
/// # Cancel safety
///
/// If the future is dropped, the connection is closed without a close frame, and the other members are told that it was lost.
pub(crate) async fn run(socket: WebSocket, chat: &Chat, stop: &CancellationToken) -> Ended {
    let limits = chat.limits();
    let (mut writer, mut reader) = socket.split();
    let joined = tokio::select! {
        biased;
        () = stop.cancelled() => Err(Ended::Stopped),
        joined = join(&mut reader, chat) => joined,
    };
    let ended = match joined {
        Ok((membership, queue)) => {
            let ended = talk(&mut writer, &mut reader, &membership, queue, limits, stop).await;
            membership.leave(ended.why());
            ended
        }
        Err(ended) => ended,
    };
    let _ = timeout(limits.close_within, close(writer, reader, &ended)).await;
    ended
}

/// Waits for the first message, which names the room and the member.
async fn join(reader: &mut Reader, chat: &Chat) -> Result<(Membership, Queue), Ended> {
    let limits = chat.limits();
    let first = timeout(limits.join_within, next_request(reader, limits));
    let first = first.await.unwrap_or(Err(Ended::policy("join first")))?;
    let Request::Join { room, name } = first else {
        return Err(Ended::policy("join first"));
    };
    chat.join(&room, &name).map_err(Ended::policy)
}

/// Reads and writes until the first of them ends. What is left of the other one is dropped.
async fn talk(
    writer: &mut Writer,
    reader: &mut Reader,
    membership: &Membership,
    queue: Queue,
    limits: &Limits,
    stop: &CancellationToken,
) -> Ended {
    let removed = queue.removed();
    tokio::select! {
        biased;
        () = stop.cancelled() => Ended::Stopped,
        // Not left to `write`, which may be waiting for a socket that takes no more bytes.
        () = removed.cancelled() => Ended::Slow,
        ended = read(reader, membership, limits) => ended,
        ended = write(writer, queue, limits) => ended,
    }
}

/// Delivers what the peer says.
async fn read(reader: &mut Reader, membership: &Membership, limits: &Limits) -> Ended {
    let mut rate = RateLimit::new(limits.burst, limits.per_second);
    loop {
        let message = match next_frame(reader, limits).await {
            Ok(message) => message,
            Err(ended) => return ended,
        };
        if !rate.take() {
            return Ended::policy("too many messages");
        }
        let Message::Text(json) = message else {
            continue; // a ping, which the socket answers itself, or a pong
        };
        match request(&json, limits) {
            Ok(Request::Say { text }) => membership.say(text),
            Ok(Request::Join { .. }) => return Ended::policy("you have joined"),
            Err(ended) => return ended,
        }
    }
}

/// Writes the events of the member, and pings.
async fn write(writer: &mut Writer, mut queue: Queue, limits: &Limits) -> Ended {
    let mut events = Vec::with_capacity(BATCH);
    let mut pings = interval_at(Instant::now() + limits.ping_every, limits.ping_every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        // Both branches are cancel-safe, and neither writes.
        tokio::select! {
            received = queue.recv_many(&mut events, BATCH) => if received == 0 {
                return Ended::Slow;
            },
            _ = pings.tick() => {
                if writer.send(Message::Ping(Bytes::new())).await.is_err() {
                    return Ended::Lost;
                }
            }
        }
        if write_all(writer, &mut events).await.is_err() {
            return Ended::Lost;
        }
    }
}

/// Writes all events, and flushes once.
async fn write_all(writer: &mut Writer, events: &mut Vec<Utf8Bytes>) -> Result<(), axum::Error> {
    for event in events.drain(..) {
        writer.feed(Message::Text(event)).await?;
    }
    writer.flush().await
}

/// The closing handshake: sends the close frame, and reads until the peer has answered it, so that the connection is not
/// reset before the peer has read everything.
async fn close(mut writer: Writer, mut reader: Reader, ended: &Ended) -> Result<(), axum::Error> {
    if let Some(frame) = ended.close_frame() {
        writer.send(Message::Close(Some(frame))).await?;
    }
    while let Some(Ok(_)) = reader.next().await {}
    Ok(())
}

/// The next text message as a request. Pings and pongs are skipped.
async fn next_request(reader: &mut Reader, limits: &Limits) -> Result<Request, Ended> {
    loop {
        if let Message::Text(json) = next_frame(reader, limits).await? {
            return request(&json, limits);
        }
    }
}

/// The next frame that is a text, a ping or a pong.
async fn next_frame(reader: &mut Reader, limits: &Limits) -> Result<Message, Ended> {
    let Ok(frame) = timeout(limits.silence(), reader.next()).await else {
        return Err(Ended::Silent);
    };
    match frame {
        None => Err(Ended::Lost),
        Some(Err(error)) => Err(Ended::from_error(error)),
        Some(Ok(Message::Close(_))) => Err(Ended::Closed),
        Some(Ok(Message::Binary(_))) => Err(Ended::binary()),
        Some(Ok(message)) => Ok(message),
    }
}

fn request(json: &str, limits: &Limits) -> Result<Request, Ended> {
    if json.len() > limits.message {
        return Err(Ended::too_large());
    }
    serde_json::from_str(json).map_err(|_| Ended::policy("this is not a message of the chat"))
}
