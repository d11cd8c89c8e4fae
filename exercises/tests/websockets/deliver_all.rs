//! `deliver_all`: what is acknowledged is never sent again, and everything else is.

use std::collections::VecDeque;

use super::fake_server::{Link, Seen, Server};
use super::*;
use exercises::websockets::{Backoff, Message, deliver_all};

const BACKOFF: Backoff = Backoff {
    first: ms(100),
    cap: ms(1_000),
};

/// Messages with ascending ids, with gaps or without.
fn drawn_outbox(case: &Case, count: usize) -> VecDeque<Message> {
    let gap = *case.pick("gap between ids", &[1, 3]);
    let first = match *case.pick(
        "first id",
        &["0", "1", "100", "so that the last one is u64::MAX"],
    ) {
        "0" => 0,
        "1" => 1,
        "100" => 100,
        _ => u64::MAX - gap * (count as u64).saturating_sub(1),
    };
    outbox(count, first, gap)
}

fn outbox(count: usize, first: u64, gap: u64) -> VecDeque<Message> {
    let ids = (0..count as u64).map(|n| first + n * gap);
    ids.map(|id| Message {
        id,
        text: format!("message {id}"),
    })
    .collect()
}

fn ids(outbox: &VecDeque<Message>) -> Vec<u64> {
    outbox.iter().map(|message| message.id).collect()
}

/// A connection that is lost in some way.
fn drawn_link(case: &Case) -> Link {
    let mut link = Link {
        connects_after: case.whole_ms("connects after", 20),
        takes: case.whole_ms("the server takes each after", 5),
        buffer: *case.pick("room in the buffer", &[4, 1, 16]),
        acks_after: case.whole_ms("acknowledges after", 20),
        resumes: *case.pick("says what it has", &[false, true]),
        old_acks: *case.pick("repeats itself", &[false, true]),
        ..Link::good()
    };
    match *case.pick(
        "connection",
        &[
            "is refused",
            "is lost at once",
            "is lost after messages",
            "is lost after a time",
        ],
    ) {
        "is refused" => link.is_refused = true,
        "is lost at once" => link.lost_after = Some(Duration::ZERO),
        "is lost after messages" => {
            link.lost_at = Some(case.size("messages", 1..=12));
            link.lost_after = Some(ms(200)); // if there are fewer
            link.acks_after = case.whole_ms("acknowledges after", 3);
            link.acks = drawn_acks(case);
        }
        _ => {
            link.lost_after = Some(case.whole_ms("time", 40));
            link.acks = drawn_acks(case);
        }
    }
    link
}

fn drawn_acks(case: &Case) -> usize {
    match *case.pick("acknowledgments", &["all", "0", "1", "2"]) {
        "0" => 0,
        "1" => 1,
        "2" => 2,
        _ => usize::MAX,
    }
}

fn drawn_links(case: &Case) -> Vec<Link> {
    let count = case.size("connections that are lost", 0..=4);
    (0..count).map(|_| drawn_link(case)).collect()
}

fn word(seen: &Seen) -> String {
    match seen {
        Seen::Connecting => "connect".to_owned(),
        Seen::Connected => "connected".to_owned(),
        Seen::Refused => "refused".to_owned(),
        Seen::Sent(id) => format!("send {id}"),
        Seen::Received(id) => format!("{id} received"),
        Seen::Acknowledged(id) => format!("{id} acknowledged"),
        Seen::Lost => "lost".to_owned(),
        Seen::Dropped => "halves dropped".to_owned(),
    }
}

/// What has happened before `at`, as far as it fits.
fn before(entries: &[(Duration, Seen)], at: usize) -> String {
    shown(&entries[at.saturating_sub(6)..=at], word)
}

/// Over each connection, what is not acknowledged should be sent in order, and nothing else.
fn check_sends(server: &Server, all: &[u64]) {
    let entries = server.log.entries();
    let (mut acknowledged, mut last_sent) = (None, None);
    for (at, (_, seen)) in entries.iter().enumerate() {
        match seen {
            Seen::Connected => last_sent = None,
            Seen::Acknowledged(id) => acknowledged = acknowledged.max(Some(*id)),
            Seen::Sent(id) => {
                let next = all
                    .iter()
                    .copied()
                    .find(|id| Some(*id) > acknowledged && Some(*id) > last_sent);
                check(next == Some(*id), || {
                    let report = Failure::new(format!(
                        "The next message should be {}; {id} was sent: {}.",
                        next.map_or("none".to_owned(), |next| next.to_string()),
                        before(&entries, at)
                    ));
                    let was_named = entries[..at]
                        .iter()
                        .any(|(_, seen)| *seen == Seen::Acknowledged(*id));
                    if Some(*id) <= acknowledged && !was_named {
                        report.usually(
                            "that only the message with exactly the acknowledged id is removed. All with a lower id are acknowledged, \
                             too. It may also be that the messages to send are copied when the connection is made.",
                        )
                    } else if Some(*id) <= acknowledged {
                        report.usually(
                            "that the message was chosen before its acknowledgment came: the messages to send are copied when the connection \
                             is made, or `send` waits for room with a message of its own.",
                        )
                    } else if Some(*id) == last_sent {
                        report.usually(
                            "that the future of `send` is dropped when an acknowledgment arrives. The message is in the buffer of the \
                             sink by then, and sending it again sends it twice. Wait with `poll_ready`, and then call `start_send`.",
                        )
                    } else if Some(*id) < last_sent {
                        report.usually("that messages are sent again over the same connection.")
                    } else if next == Some(0) && !entries[..at].iter().any(|(_, seen)| matches!(seen, Seen::Sent(_))) {
                        report.usually("that the id 0 is taken for none. It is an id like any other: use an `Option`.")
                    } else {
                        report.usually(
                            "that messages are counted by their index, which changes when acknowledged ones are removed in front of \
                             them, or that those which were sent over the lost connection are taken for delivered.",
                        )
                    }
                    .read(RECONNECT)
                });
                last_sent = Some(*id);
            }
            _ => {}
        }
    }
}

/// The call should have returned, with an empty outbox.
fn check_ended(server: &Server, ended: bool, outbox: &VecDeque<Message>, given: &str) {
    let mut entries = server.log.entries();
    entries.pop_if(|(_, seen)| *seen == Seen::Dropped);
    check(ended, || {
        let last = entries.len().saturating_sub(1);
        let count = |pick: fn(&Seen) -> bool| entries.iter().filter(|(_, seen)| pick(seen)).count();
        let sent = count(|seen| matches!(seen, Seen::Sent(_)));
        let received = count(|seen| matches!(seen, Seen::Received(_)));
        Failure::new(format!(
            "{given} all messages should be delivered; the function has not returned, and {} left. At the end: {}.",
            match outbox.len() {
                1 => "1 message is".to_owned(),
                left => format!("{left} messages are"),
            },
            if entries.is_empty() { "nothing".to_owned() } else { before(&entries, last) }
        ))
        .usually_if(if outbox.is_empty() {
            Some("that it waits for something after the last acknowledgment, such as the end of the connection.")
        } else if sent == 0 && outbox.front().is_some_and(|message| message.id == 0) && outbox.len() == 1 {
            Some("that the id 0 is taken for none. It is an id like any other: use an `Option`.")
        } else if sent > received && entries.last().is_some_and(|(_, seen)| matches!(seen, Seen::Sent(_))) {
            Some("that messages are left in the buffer of the sink: `feed` and `start_send` do not flush.")
        } else {
            None
        })
        .read(RECONNECT)
    });
    check(outbox.is_empty(), || {
        Failure::new(format!(
            "{given} the function should return when all messages are acknowledged; it returned, and {:?} are in `outbox`.",
            ids(outbox)
        ))
        .usually(
            "that it returns when all messages are sent, or that those which were acknowledged are not removed. A message that was \
             sent may be lost.",
        )
        .read(RECONNECT)
    });
}

#[test]
fn delivers_over_one_connection() {
    grade_cases(async |case| {
        let count = case.size("messages", 0..=40);
        let mut outbox = drawn_outbox(&case, count);
        let all = ids(&outbox);
        let link = Link {
            takes: case.whole_ms("the server takes each after", 5),
            buffer: *case.pick("room in the buffer", &[4, 1, 100]),
            acks_after: case.whole_ms("acknowledges after", 50),
            old_acks: *case.pick("repeats itself", &[false, true]),
            ..Link::good()
        };
        let mut server = Server::new(vec![link]);
        let ended = timeout(LONG, deliver_all(&mut server, &mut outbox, BACKOFF))
            .await
            .is_ok();
        let at = server.log.clock().elapsed();
        check_sends(&server, &all);
        check_ended(&server, ended, &outbox, "Over a good connection,");
        check(server.received() == all, || {
            Failure::new(format!(
                "The server should receive {all:?}; it received {:?}.",
                server.received()
            ))
            .read(RECONNECT)
        });
        let expected = match count {
            0 => Duration::ZERO,
            count => link.connects_after + link.takes * count as u32 + link.acks_after,
        };
        check(at == expected, || {
            Failure::new(format!(
                "{} should take {}: 5 ms to connect, {} for each, and {} until the last one is acknowledged. It took {}.",
                plural(count, "message"),
                in_ms(expected),
                in_ms(link.takes),
                in_ms(link.acks_after),
                in_ms(at)
            ))
            .usually(match count {
                0 => "that it connects although there is nothing to send.",
                _ => "that it waits for the acknowledgment of a message before it sends the next one.",
            })
            .read(RECONNECT)
        });
    });
}

/// The server stops reading while acknowledgments are unread.
#[test]
fn receives_acknowledgments_while_it_sends() {
    grade_cases(async |case| {
        let count = case.size("messages", 1..=20);
        let mut outbox = drawn_outbox(&case, count);
        let link = Link {
            unread_acks: case.size("unread acknowledgments that stop the server", 1..=3),
            acks_after: Duration::ZERO,
            buffer: *case.pick("room in the buffer", &[1, 4, 100]),
            ..Link::good()
        };
        let mut server = Server::new(vec![link]);
        let ended = timeout(LONG, deliver_all(&mut server, &mut outbox, BACKOFF))
            .await
            .is_ok();
        let left = outbox.len();
        check(ended, || {
            Failure::new(format!(
                "The server stops reading when {} unread. All messages should be delivered; the function has not returned, and {} \
                 left.",
                match link.unread_acks {
                    1 => "1 acknowledgment is".to_owned(),
                    unread => format!("{unread} acknowledgments are"),
                },
                match left {
                    1 => "1 message is".to_owned(),
                    left => format!("{left} messages are"),
                }
            ))
            .usually(
                "that acknowledgments are read only when all messages are sent, or not while it flushes: client and server wait for \
                 each other.",
            )
            .read(RECONNECT)
        });
    });
}

#[test]
fn sends_again_what_is_not_acknowledged() {
    grade_cases(async |case| {
        let count = case.size("messages", 1..=20);
        let mut outbox = drawn_outbox(&case, count);
        let all = ids(&outbox);
        let mut server = Server::new(drawn_links(&case));
        let ended = timeout(LONG, deliver_all(&mut server, &mut outbox, BACKOFF))
            .await
            .is_ok();
        check_sends(&server, &all);
        check_ended(&server, ended, &outbox, "After connections were lost,");
        let mut received = server.received();
        received.sort_unstable();
        received.dedup();
        check(received == all, || {
            Failure::new(format!(
                "The server should have {all:?}; it has {received:?}."
            ))
            .read(RECONNECT)
        });
    });
}

/// The waits before each attempt but the first.
fn waits(entries: &[(Duration, Seen)]) -> Vec<Duration> {
    let mut failed_at = None;
    let mut waits = Vec::new();
    for (at, seen) in entries {
        match seen {
            Seen::Refused | Seen::Lost => failed_at = failed_at.or(Some(*at)),
            Seen::Connecting => waits.extend(failed_at.take().map(|failed_at| *at - failed_at)),
            _ => {}
        }
    }
    waits
}

/// A failure, and what the wait after it should be.
struct Lost {
    wait: Duration,
    /// Whether an acknowledgment on this connection has removed a message.
    removed: bool,
    /// Whether there was an acknowledgment.
    acknowledged: bool,
    /// Whether there was a connection.
    connected: bool,
}

/// The failures.
fn failures(entries: &[(Duration, Seen)], all: &[u64], backoff: Backoff) -> Vec<Lost> {
    let (mut in_a_row, mut highest, mut failures) = (0_u32, None, Vec::new());
    let (mut removed, mut acknowledged, mut connected) = (false, false, false);
    let mut is_over = true;
    for (_, seen) in entries {
        match seen {
            Seen::Connecting => {
                (removed, acknowledged, connected) = (false, false, false);
                is_over = false;
            }
            Seen::Connected => connected = true,
            Seen::Acknowledged(id) => {
                acknowledged = true;
                if all
                    .iter()
                    .any(|other| other <= id && Some(*other) > highest)
                {
                    removed = true;
                    in_a_row = 0;
                }
                highest = highest.max(Some(*id));
            }
            Seen::Refused | Seen::Lost if !is_over => {
                is_over = true;
                let mut wait = backoff.first.min(backoff.cap);
                for _ in 0..in_a_row {
                    wait = wait.saturating_mul(2).min(backoff.cap);
                }
                failures.push(Lost {
                    wait,
                    removed,
                    acknowledged,
                    connected,
                });
                in_a_row += 1;
            }
            _ => {}
        }
    }
    failures
}

fn named(time: Duration) -> String {
    match time {
        Duration::MAX => "`Duration::MAX`".to_owned(),
        time => in_ms(time),
    }
}

fn check_waits(server: &Server, all: &[u64], backoff: Backoff) {
    let entries = server.log.entries();
    let (seen, failures) = (waits(&entries), failures(&entries, all, backoff));
    let expected: Vec<_> = failures.iter().map(|lost| lost.wait).collect();
    let expected = &expected[..seen.len().min(expected.len())];
    let differs = seen
        .iter()
        .zip(&failures)
        .find(|(seen, lost)| **seen != lost.wait);
    let shortest = backoff.first.min(backoff.cap);
    check(seen == expected, || {
        Failure::new(format!(
            "With a first wait of {} and a cap of {}, the waits before the next attempt should be {}; they were {}.",
            named(backoff.first),
            named(backoff.cap),
            instants(expected),
            instants(&seen)
        ))
        .usually_if(match differs {
            Some((seen, _)) if *seen > backoff.cap => Some("that the cap is not applied to each wait, the first one included."),
            Some((seen, lost)) if *seen == shortest && lost.acknowledged && !lost.removed => Some(
                "that any acknowledgment ends the row of failures, or that a connection does. Only one that removes a message does: \
                 an old one says nothing new.",
            ),
            Some((seen, lost)) if *seen == shortest && lost.connected && !lost.removed => Some(
                "that a connection ends the row of failures. A server that accepts connections and closes them at once is then \
                 asked again and again; only an acknowledgment that removes a message ends the row.",
            ),
            Some((seen, lost)) if *seen > lost.wait && lost.removed => Some(
                "that an acknowledgment does not end the row of failures, or only one of several messages: the waits go on where they \
                 were. One that removes one message is enough.",
            ),
            Some(_) => Some("that the wait is not doubled from one failure to the next, or that the first one is another."),
            None => None,
        })
        .read(RECONNECT)
    });
}

#[test]
fn waits_longer_after_each_failure() {
    grade_cases(async |case| {
        let first = match *case.pick("first", &["drawn", "Duration::MAX"]) {
            "drawn" => case.whole_ms("it is", 300),
            _ => Duration::MAX,
        };
        let cap = *case.pick(
            "cap",
            &[ms(1_000), ms(0), ms(50), ms(1), ms(777), Duration::MAX],
        );
        let count = case.size(
            "attempts that fail",
            1..=if cap == Duration::MAX { 12 } else { 40 },
        );
        let refused = Link {
            is_refused: true,
            connects_after: case.whole_ms("an attempt takes", 20),
            ..Link::good()
        };
        let backoff = Backoff {
            first,
            // Nothing waits for that long.
            cap: if first == Duration::MAX {
                cap.min(ms(1_000))
            } else {
                cap
            },
        };
        let mut outbox = outbox(2, 0, 1);
        let all = ids(&outbox);
        let mut server = Server::new(vec![refused; count]);
        let ended = timeout(LONG, deliver_all(&mut server, &mut outbox, backoff))
            .await
            .is_ok();
        let entries = server.log.entries();
        let waits = !ended && matches!(entries.last(), Some((_, Seen::Refused)));
        check(!waits, || {
            Failure::new(format!(
                "With a first wait of {} and a cap of {}, another attempt should follow each one that fails; there was none after \
                 attempt {}.",
                named(backoff.first),
                named(backoff.cap),
                entries.iter().filter(|(_, seen)| *seen == Seen::Refused).count()
            ))
            .usually_if((backoff.first > backoff.cap).then_some(
                "that the cap is not applied to each wait, the first one included.",
            ))
            .read(RECONNECT)
        });
        check_waits(&server, &all, backoff);
        check_ended(
            &server,
            ended,
            &outbox,
            &format!("After {},", plural(count, "attempt")),
        );
    });
}

#[test]
fn an_acknowledgment_ends_the_row_of_failures() {
    grade_cases(async |case| {
        let count = case.size("messages", 1..=15);
        let mut outbox = drawn_outbox(&case, count);
        let all = ids(&outbox);
        let mut server = Server::new(drawn_links(&case));
        let ended = timeout(LONG, deliver_all(&mut server, &mut outbox, BACKOFF))
            .await
            .is_ok();
        check_waits(&server, &all, BACKOFF);
        check_ended(&server, ended, &outbox, "After connections were lost,");
    });
}

/// The server says what it has, which the client knows, and the connection is lost.
#[test]
fn an_old_acknowledgment_does_not_end_the_row() {
    grade_cases(async |case| {
        let received = case.size("messages that the server has", 1..=4);
        let mut outbox = drawn_outbox(&case, received + 5);
        let all = ids(&outbox);
        // One message each 10 ms is received and acknowledged.
        let first = Link {
            takes: ms(10),
            acks_after: ms(1),
            lost_after: Some(ms(10 * received as u64 + 5)),
            ..Link::good()
        };
        let later = Link {
            takes: ms(1_000),
            acks_after: ms(1),
            resumes: true,
            lost_after: Some(ms(20)),
            ..Link::good()
        };
        let mut links = vec![first];
        links.extend(vec![later; case.size("connections that are lost", 1..=5)]);
        let mut server = Server::new(links);
        let ended = timeout(LONG, deliver_all(&mut server, &mut outbox, BACKOFF))
            .await
            .is_ok();
        check_waits(&server, &all, BACKOFF);
        check_ended(&server, ended, &outbox, "After connections were lost,");
    });
}

#[test]
fn drops_a_lost_connection_at_once() {
    grade_cases(async |case| {
        let mut outbox = outbox(case.size("messages", 1..=20), 0, 1);
        let mut server = Server::new(drawn_links(&case));
        let _ = timeout(LONG, deliver_all(&mut server, &mut outbox, BACKOFF)).await;
        let entries = server.log.entries();
        let mut lost_at = None;
        for (at, (now, seen)) in entries.iter().enumerate() {
            match seen {
                Seen::Lost => lost_at = Some(*now),
                Seen::Dropped | Seen::Connecting => {
                    let is_late = lost_at
                        .take()
                        .is_some_and(|lost_at| *seen == Seen::Connecting || lost_at != *now);
                    check(!is_late, || {
                        Failure::new(format!(
                            "The halves of a connection should be dropped at the instant at which it is lost; they were not: {}.",
                            before(&entries, at)
                        ))
                        .usually("that the connection is kept in a variable until the next one replaces it, or while it waits.")
                        .read(RECONNECT)
                    });
                }
                _ => {}
            }
        }
    });
}

#[test]
fn is_patient() {
    grade_cases(async |case| {
        let mut outbox = outbox(1, 0, 1);
        let link = Link {
            connects_after: ms(1) + case.long_time("connecting takes"),
            takes: ms(1) + case.long_time("receiving takes"),
            acks_after: ms(1) + case.long_time("acknowledging takes"),
            ..Link::good()
        };
        let mut server = Server::new(vec![link]);
        deliver_all(&mut server, &mut outbox, BACKOFF).await;
        let attempts = server
            .log
            .only(|seen| (*seen == Seen::Connecting).then_some(()))
            .len();
        check(attempts == 1 && outbox.is_empty(), || {
            Failure::new(format!(
                "A slow connection is not a lost one: there should be 1 attempt to connect, and no message left; there {}, and {} \
                 left.",
                match attempts {
                    1 => "was 1 attempt".to_owned(),
                    attempts => format!("were {attempts} attempts"),
                },
                match outbox.len() {
                    1 => "1 message is".to_owned(),
                    left => format!("{left} messages are"),
                }
            ))
            .usually("that there is a limit for connecting, sending or the acknowledgment. The contract has none.")
            .read(RECONNECT)
        });
    });
}

/// Puts the outbox aside when it is dropped.
struct Outbox {
    messages: VecDeque<Message>,
    left: Arc<Mutex<Option<VecDeque<Message>>>>,
}

impl Drop for Outbox {
    fn drop(&mut self) {
        *lock(&self.left) = Some(std::mem::take(&mut self.messages));
    }
}

#[test]
fn keeps_what_is_not_acknowledged_when_dropped() {
    drop_at_every_await(
        async || {
            let lost = Link {
                lost_at: Some(4),
                acks_after: ms(2),
                ..Link::good()
            };
            let refused = Link {
                is_refused: true,
                ..Link::good()
            };
            let resumes = Link {
                resumes: true,
                acks_after: ms(2),
                ..Link::good()
            };
            let server = Server::new(vec![lost, refused, resumes]);
            let left = Arc::default();
            let mut outbox = Outbox {
                messages: outbox(8, 0, 2),
                left: Arc::clone(&left),
            };
            let mut for_answer = server.clone();
            let answer =
                async move { deliver_all(&mut for_answer, &mut outbox.messages, BACKOFF).await };
            (answer, (server, left))
        },
        async |(mut server, left)| {
            let all = ids(&outbox(8, 0, 2));
            let acknowledged = server.log.only(|seen| match seen {
                Seen::Acknowledged(id) => Some(*id),
                _ => None,
            });
            let acknowledged = acknowledged.into_iter().map(|(_, id)| id).max();
            let expected: Vec<_> = all
                .iter()
                .copied()
                .filter(|id| Some(*id) > acknowledged)
                .collect();
            let mut outbox = lock(&left).take().unwrap_or_default();
            let seen = ids(&outbox);
            check(seen == expected, || {
                Failure::new(format!(
                    "When the future is dropped, the messages that are not acknowledged should be in `outbox`: {expected:?}; there \
                     are {seen:?}."
                ))
                .usually(if seen.len() > expected.len() {
                    "that acknowledged messages are removed from `outbox` some time after their acknowledgment."
                } else {
                    "that messages are taken out of `outbox` when they are sent."
                })
                .read(RECONNECT)
            });
            let ended = timeout(LONG, deliver_all(&mut server, &mut outbox, BACKOFF))
                .await
                .is_ok();
            check_ended(&server, ended, &outbox, "When another call goes on,");
            check_sends(&server, &all);
        },
    );
}
