//! `run_session`: both directions at the same time, and one end.

use std::panic::AssertUnwindSafe;

use super::fake_socket::{Peer, Recorder, Seen, Socket, write_error};
use super::*;
use exercises::websockets::{Frame, GOING_AWAY, POLICY, SessionEnd, SocketError, run_session};
use futures::FutureExt;

/// How a session is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    CloseFrame,
    Disconnect,
    ReadError,
    Shutdown,
    Removal,
}

use Ending::*;

const ENDINGS: [Ending; 5] = [CloseFrame, Disconnect, ReadError, Shutdown, Removal];

/// The code of the close frame that the peer sends.
const BY_PEER: u16 = 4007;

impl Ending {
    fn end(self) -> SessionEnd {
        match self {
            CloseFrame => SessionEnd::Closed(BY_PEER),
            Disconnect => SessionEnd::Disconnected,
            ReadError => SessionEnd::Failed(read_error()),
            Shutdown => SessionEnd::Shutdown,
            Removal => SessionEnd::Removed,
        }
    }

    fn code(self) -> Option<u16> {
        match self {
            CloseFrame => Some(BY_PEER),
            Shutdown => Some(GOING_AWAY),
            Removal => Some(POLICY),
            Disconnect | ReadError => None,
        }
    }

    /// What the peer does for it.
    fn frame(self) -> Option<Option<Result<Frame, SocketError>>> {
        match self {
            CloseFrame => Some(Some(Ok(Frame::Close(BY_PEER)))),
            Disconnect => Some(None),
            ReadError => Some(Some(Err(read_error()))),
            Shutdown | Removal => None,
        }
    }
}

fn read_error() -> SocketError {
    SocketError("connection reset by peer".to_owned())
}

/// The session of a test: what the peer, the room and the server do.
struct Session {
    log: Log<Seen>,
    peer: Peer,
    /// When the room has texts for the peer, in whole milliseconds.
    texts: Vec<Duration>,
    ending: Ending,
    /// Of the close frame of the peer.
    code: u16,
    ends_at: Duration,
    limit: Duration,
}

impl Session {
    fn new(ending: Ending, ends_at: Duration) -> Self {
        Self {
            log: Log::start(),
            peer: Peer::default(),
            texts: Vec::new(),
            ending,
            code: BY_PEER,
            ends_at,
            limit: ms(5_000),
        }
    }

    /// Runs it, and returns how it has ended, and when. `None` if it has not.
    async fn run(&self) -> Option<(Duration, SessionEnd)> {
        let mut peer = self.peer.clone();
        let mut after = self.ends_at;
        match self.ending.frame() {
            Some(Some(Ok(Frame::Close(_)))) => {
                peer.sends.push((after, Some(Ok(Frame::Close(self.code)))));
            }
            Some(frame) => peer.sends.push((after, frame)),
            // A frame at the same instant may still be read.
            None => after += ms(1),
        }
        peer.sends
            .push((after, Some(Ok(Frame::Text("after the end".to_owned())))));
        let (tx, rx) = mpsc::channel(10_000);
        let shutdown = CancellationToken::new();
        let (texts, ending, ends_at) = (self.texts.clone(), self.ending, self.ends_at);
        let (token, clock) = (shutdown.clone(), self.log.clock());
        grading::spawn(async move {
            for (n, at) in texts.into_iter().enumerate() {
                sleep(at.saturating_sub(clock.elapsed())).await;
                let _ = tx.try_send(format!("outgoing {n}"));
            }
            sleep(ends_at.saturating_sub(clock.elapsed())).await;
            match ending {
                Shutdown => token.cancel(),
                Removal => return,
                CloseFrame | Disconnect | ReadError => {}
            }
            // Keeps the sender.
            sleep(2 * LONG).await;
            drop(tx);
        });
        let session = run_session(
            Socket::new(peer, &self.log),
            rx,
            Recorder::new(&self.log),
            shutdown,
            self.limit,
        );
        let end = timeout(LONG, session).await.ok()?;
        Some((self.log.clock().elapsed(), end))
    }

    /// `at` and the frame that is sent at that time.
    fn peer_sends(&mut self, at: Duration, frame: Frame) {
        self.peer.sends.push((at, Some(Ok(frame))));
    }
}

fn told(log: &Log<Seen>) -> Vec<(Duration, String)> {
    log.only(|seen| match seen {
        Seen::Told(text) => Some(text.clone()),
        _ => None,
    })
}

fn started(log: &Log<Seen>) -> Vec<(Duration, Frame)> {
    log.only(|seen| match seen {
        Seen::Started(frame) => Some(frame.clone()),
        _ => None,
    })
}

fn sent(log: &Log<Seen>) -> Vec<(Duration, Frame)> {
    log.only(|seen| match seen {
        Seen::Sent(frame) => Some(frame.clone()),
        _ => None,
    })
}

fn left(log: &Log<Seen>) -> Vec<(Duration, SessionEnd)> {
    log.only(|seen| match seen {
        Seen::Left(end) => Some(end.clone()),
        _ => None,
    })
}

fn text(frame: &Frame) -> String {
    format!("{frame:?}")
}

fn outgoing(n: usize) -> Frame {
    Frame::Text(format!("outgoing {n}"))
}

/// Increasing instants, each a multiple of 10 ms.
fn drawn_instants(case: &Case, name: &str, count: usize) -> Vec<Duration> {
    let mut now = ms(10);
    let pauses = case.whole_ms_each(name, count, 20);
    let instants = pauses.iter().map(|pause| {
        now += *pause * 10;
        now
    });
    instants.collect()
}

#[test]
fn passes_the_texts_of_the_peer_on() {
    grade_cases(async |case| {
        let mut session = Session::new(*case.pick("ending", &ENDINGS), ms(10_005));
        let count = case.size("frames", 0..=20);
        let mut expected = Vec::new();
        for (n, at) in drawn_instants(&case, "pauses", count)
            .into_iter()
            .enumerate()
        {
            match *case.pick("frame", &["text", "text", "ping", "pong", "empty text"]) {
                "empty text" => {
                    session.peer_sends(at, Frame::Text(String::new()));
                    expected.push((at, String::new()));
                }
                "ping" => session.peer_sends(at, Frame::Ping),
                "pong" => session.peer_sends(at, Frame::Pong),
                _ => {
                    session.peer_sends(at, Frame::Text(format!("incoming {n}")));
                    expected.push((at, format!("incoming {n}")));
                }
            }
        }
        let end = session.run().await;
        let seen = told(&session.log);
        check(seen == expected, || {
            Failure::new(format!(
                "The handler should be told {}; it was told {}.",
                shown(&expected, |text| format!("{text:?}")),
                shown(&seen, |text| format!("{text:?}"))
            ))
            .usually(if expected.iter().filter(|(_, text)| !text.is_empty()).eq(&seen) {
                "that a text without characters is left out. It is a text like any other."
            } else if seen.last().is_some_and(|(_, text)| text == "after the end") {
                "that frames are read after the close frame, the error or the end of the stream."
            } else if end.is_some_and(|(at, _)| at < session.ends_at) {
                "that a `Ping` or a `Pong` ends the session. They are ignored here."
            } else {
                "that texts wait for something else than the frame."
            })
            .read(SESSION)
        });
        let reads = session
            .log
            .only(|seen| (*seen == Seen::Read).then_some(()))
            .len();
        check(session.ending != CloseFrame || reads == count + 1, || {
            Failure::new(format!(
                "After the close frame no frame should be read: {}, one of them the close frame; {reads} were.",
                plural(count + 1, "frame")
            ))
            .usually("that the loop goes on after the close frame, until the stream ends.")
            .read(SESSION)
        });
        check_frames(&session.log, &[]);
    });
}

/// Nothing but these texts and a close frame should have been sent.
fn check_frames(log: &Log<Seen>, texts: &[Frame]) {
    let frames = started(log);
    let surplus = frames
        .iter()
        .find(|(_, frame)| !matches!(frame, Frame::Close(_)) && !texts.contains(frame));
    check(surplus.is_none(), || {
        Failure::new(format!(
            "The peer should receive the texts of `outgoing` and perhaps a close frame; it received {}.",
            shown(&frames, text)
        ))
        .usually("that a ping is answered. The libraries do that by themselves.")
        .read(SESSION)
    });
    let closed = log.only(|seen| matches!(seen, Seen::Closed).then_some(()));
    check(closed.is_empty(), || {
        Failure::new("`Sink::poll_close` should not be called; it was.")
            .usually("that `SinkExt::close` is awaited. The close frame is a frame like any other, and the socket is dropped.")
            .read(SESSION)
    });
}

#[test]
fn sends_the_texts_of_the_room() {
    grade_cases(async |case| {
        let mut session = Session::new(Shutdown, ms(100_005));
        let count = case.size("texts", 0..=20);
        session.texts = drawn_instants(&case, "pauses", count);
        let takes = case.whole_ms_each("the peer takes each after", count, 40);
        session.peer.takes = takes.iter().map(|time| *time * 10).collect();
        let mut now = Duration::ZERO;
        let mut expected = Vec::new();
        for (n, (at, takes)) in session.texts.iter().zip(&session.peer.takes).enumerate() {
            now = now.max(*at) + *takes;
            expected.push((now, outgoing(n)));
        }
        session.run().await;
        let mut seen = sent(&session.log);
        seen.retain(|(_, frame)| matches!(frame, Frame::Text(_)));
        check(seen == expected, || {
            Failure::new(format!(
                "The texts of the room should be sent and flushed in order: {}; what was flushed is {}.",
                shown(&expected, text),
                shown(&seen, text)
            ))
            .usually(if seen.iter().zip(&expected).all(|((_, seen), (_, expected))| seen == expected) {
                "that a text is left in the buffer of the sink until something else is sent: `feed` does not flush, `send` does."
            } else {
                "that the texts are sent in another order, or more than once."
            })
            .read(FLUSH)
        });
    });
}

#[test]
fn reads_while_a_text_is_sent() {
    grade_cases(async |case| {
        let mut session = Session::new(*case.pick("ending", &[CloseFrame, Shutdown]), ms(4_005));
        // The peer takes the first text after the end.
        session.texts = vec![ms(0)];
        session.peer.takes = vec![ms(4_900)];
        let count = case.size("frames", 1..=20);
        let mut expected = Vec::new();
        for (n, at) in drawn_instants(&case, "pauses", count)
            .into_iter()
            .enumerate()
        {
            session.peer_sends(at, Frame::Text(format!("incoming {n}")));
            expected.push((at, format!("incoming {n}")));
        }
        session.run().await;
        let seen = told(&session.log);
        check(seen == expected, || {
            Failure::new(format!(
                "The peer takes no frame until 4900 ms, but it sends some. The handler should be told {}; it was told {}.",
                shown(&expected, String::clone),
                shown(&seen, String::clone)
            ))
            .usually(
                "that one loop reads and sends: `select!` chooses a branch, and while the body of that branch awaits `send`, the \
                 other branches are not polled. Give each direction a loop of its own.",
            )
            .read(SESSION)
        });
    });
}

/// The peer always has one more frame: it never leaves the reader pending.
#[test]
fn sends_although_the_peer_has_more_frames() {
    grade(async || {
        const FRAMES: usize = 5_000;
        let mut session = Session::new(Shutdown, ms(1_005));
        session.texts = vec![ms(10)];
        for n in 0..FRAMES {
            session.peer_sends(ms(10), Frame::Text(format!("incoming {n}")));
        }
        session.run().await;
        let log = session.log.entries();
        let sent = log
            .iter()
            .position(|(_, seen)| *seen == Seen::Sent(outgoing(0)));
        let told = sent.map(|at| {
            log[..at]
                .iter()
                .filter(|(_, seen)| matches!(seen, Seen::Told(_)))
                .count()
        });
        check(told.is_some_and(|told| told < FRAMES), || {
            Failure::new(format!(
                "The peer has {FRAMES} frames to read. A text for it should be sent before all of them are read; {}.",
                match told {
                    Some(_) => "it was sent after that",
                    None => "it was not sent",
                }
            ))
            .usually(
                "that the reader is polled first each time. In one poll of a task, the sockets and channels of tokio are ready 128 \
                 times, and the first branch of a `biased` `select!` can use that up.",
            )
            .read(BUDGET)
        });
    });
}

/// The room always has one more text: it never leaves the writer pending.
#[test]
fn reads_although_the_room_has_more_texts() {
    grade(async || {
        const TEXTS: usize = 5_000;
        let mut session = Session::new(Shutdown, ms(1_005));
        // All of them are there when the peer has taken the first one.
        session.texts = vec![ms(0); TEXTS];
        session.peer.takes = vec![ms(10)];
        session.peer_sends(ms(10), Frame::Text("incoming".to_owned()));
        session.run().await;
        let log = session.log.entries();
        let told = log
            .iter()
            .position(|(_, seen)| matches!(seen, Seen::Told(_)));
        let sent = told.map(|at| {
            log[..at]
                .iter()
                .filter(|(_, seen)| matches!(seen, Seen::Sent(_)))
                .count()
        });
        check(sent.is_some_and(|sent| sent < TEXTS), || {
            Failure::new(format!(
                "`outgoing` has {TEXTS} texts. A text of the peer should be read before all of them are sent; {}.",
                match sent {
                    Some(_) => "it was read after that",
                    None => "it was not read",
                }
            ))
            .usually(
                "that the writer is polled first each time. In one poll of a task, the sockets and channels of tokio are ready 128 \
                 times, and the first branch of a `biased` `select!` can use that up.",
            )
            .read(BUDGET)
        });
    });
}

#[test]
fn ends_at_the_first_cause() {
    grade_cases(async |case| {
        let ending = *case.pick("ending", &ENDINGS);
        let mut session = Session::new(ending, case.whole_ms("ends at", 200) * 10 + ms(5));
        let is_sending = *case.pick("a text is on its way", &[false, true]) && ending != Removal;
        if is_sending {
            // The first one is taken at the end, if at all.
            session.texts = vec![ms(0); 3];
            session.peer.takes = vec![session.ends_at + ms(300)];
        }
        let end = session.run().await;
        let (seen_left, expected) = (left(&session.log), vec![(session.ends_at, ending.end())]);
        let in_which = match is_sending {
            true => "While a text is being sent, the session ends with",
            false => "The session ends with",
        };
        check(seen_left == expected, || {
            Failure::new(format!(
                "{in_which} {ending:?} at {}, so `left` should be called with {:?} at that instant; the calls were {}.",
                in_ms(session.ends_at),
                ending.end(),
                shown(&seen_left, |end| format!("{end:?}"))
            ))
            .usually_if(match &*seen_left {
                [] if end.is_none() => Some("that the session does not notice this end, or waits for a peer that takes nothing."),
                [] => Some("that there is a path on which the function returns without calling `left`."),
                [_, _, ..] => Some("that `left` is called by the loop and again at the end or by a destructor."),
                [(at, seen)] if *seen == ending.end() && *at > session.ends_at && !is_sending => {
                    Some("that the close frame is sent before `left` is called: the others wait for a peer that may take nothing.")
                }
                [(at, _)] if *at > session.ends_at => Some(
                    "that the end is not noticed while a text is being sent, or that the close frame is sent before `left` is \
                     called.",
                ),
                [_] => Some("that the ends are told apart in another way than the contract says."),
            })
            .read(SESSION)
        });
        let returned = end.as_ref().map(|(_, end)| end.clone());
        check(returned == Some(ending.end()), || {
            Failure::new(format!(
                "The session should return {:?}; it returned {returned:?}.",
                ending.end()
            ))
            .read(SESSION)
        });
    });
}

#[test]
fn sends_a_close_frame() {
    grade_cases(async |case| {
        let ending = *case.pick("ending", &ENDINGS);
        let mut session = Session::new(ending, ms(1_005));
        session.limit = ms(100 + 10 * case.size("limit of 100 ms +", 0..=20) as u64);
        // Some of these codes have no meaning, or are not to be sent: the same code all the same.
        session.code = *case.pick(
            "code of the peer",
            &[BY_PEER, 1000, 1005, 3000, 0, u16::MAX],
        );
        let takes = case.whole_ms("the peer takes it after", 500);
        let room = *case.pick("of that time, there is no room for it for", &[0, 1, 2]);
        let room = match room {
            0 => Duration::ZERO,
            1 => ms(takes.as_millis() as u64 / 2),
            _ => takes,
        };
        session.peer.room = vec![room];
        session.peer.takes = vec![takes - room];
        let end = session.run().await;
        let code = match ending {
            CloseFrame => Some(session.code),
            _ => ending.code(),
        };
        // Without room in time, it does not begin.
        let code = code.filter(|_| room < session.limit);
        if room == session.limit {
            return; // either
        }
        let expected: Vec<_> = code
            .map(|code| (session.ends_at + room, Frame::Close(code)))
            .into_iter()
            .collect();
        let frames = started(&session.log);
        check(frames == expected, || {
            Failure::new(format!(
                "After {ending:?} at {}, the peer should be sent {}; it was sent {}.",
                in_ms(session.ends_at),
                shown(&expected, text),
                shown(&frames, text)
            ))
            .usually(match (&*frames, code) {
                ([], Some(_)) => "that the socket is dropped without a close frame: the peer cannot tell this from a lost connection.",
                ([(at, Frame::Close(seen))], Some(code)) if expected[0].0 == *at && *seen != code => {
                    "that the code is another one: after a close frame of the peer it is the same code, whatever that is."
                }
                (_, None) => "that a close frame is sent over a connection that is lost.",
                ([(_, Frame::Close(_))], _) => "that the code is another one, or that the frame is sent later.",
                _ => "that more than one frame is sent after the end.",
            })
            .read(SHUTDOWN)
        });
        let expected = session.ends_at
            + ending
                .code()
                .map_or(Duration::ZERO, |_| takes.min(session.limit));
        let returned = end.as_ref().map(|(at, _)| *at);
        check(returned == Some(expected), || {
            Failure::new(format!(
                "The session ends at {}, the peer takes the close frame {} later, and the limit is {}, so the session should return \
                 at {}; it {}.",
                in_ms(session.ends_at),
                in_ms(takes),
                in_ms(session.limit),
                in_ms(expected),
                returned.map_or("did not return".to_owned(), |at| format!("returned at {}", in_ms(at)))
            ))
            .usually(match returned {
                Some(at) if at < expected => "that the close frame is not flushed: it is left in a buffer.",
                _ => "that there is no limit for the close frame. A peer that takes nothing keeps the session.",
            })
            .read(SHUTDOWN)
        });
        check_frames(&session.log, &[]);
        let reads = session.log.only(|seen| (*seen == Seen::Read).then_some(()));
        let late = reads.iter().find(|(at, ())| *at > session.ends_at);
        check(late.is_none(), || {
            Failure::new(format!(
                "The session ends with {ending:?} at {}. After that no frame should be read; one was, at {}.",
                in_ms(session.ends_at),
                late.map_or(String::new(), |(at, ())| in_ms(*at))
            ))
            .usually("that the session reads on while the close frame waits. The limit is for a peer that does not take it.")
            .read(SESSION)
        });
    });
}

/// When the session ends, a text is on its way, which the close frame waits for.
#[test]
fn one_limit_for_all_of_the_end() {
    grade_cases(async |case| {
        let ending = *case.pick("ending", &[Shutdown, CloseFrame]);
        let mut session = Session::new(ending, ms(15));
        session.limit = ms(100 * case.size("limit of 100 ms times", 1..=5) as u64);
        session.texts = vec![ms(10)];
        // Each is shorter than the limit.
        let tenths = |name| *case.pick(name, &[7, 1, 5, 9]);
        let text_takes = session.limit * tenths("tenths of the limit until the text is taken") / 10;
        let close_takes = session.limit * tenths("tenths of the limit for the close frame") / 10;
        session.peer.takes = vec![ms(5) + text_takes, close_takes];
        let end = session.run().await;
        let expected = session.ends_at + (text_takes + close_takes).min(session.limit);
        let returned = end.as_ref().map(|(at, _)| *at);
        check(returned == Some(expected), || {
            Failure::new(format!(
                "The session ends at {}. The peer takes a text that is on its way {} later, and the close frame after {} more. The \
                 limit for all of that is {}, so the session should return at {}; it {}.",
                in_ms(session.ends_at),
                in_ms(text_takes),
                in_ms(close_takes),
                in_ms(session.limit),
                in_ms(expected),
                returned.map_or("did not return".to_owned(), |at| format!("returned at {}", in_ms(at)))
            ))
            .usually_if(match returned {
                Some(at) if at > expected => Some(
                    "that waiting for room and flushing have a limit each. The close frame has one `limit` for both.",
                ),
                _ => None,
            })
            .read(SHUTDOWN)
        });
    });
}

/// When the session ends, one text is on its way and others wait. The connection may break after the end.
#[test]
fn a_text_on_its_way_is_sent_once() {
    grade_cases(async |case| {
        let ending = *case.pick("ending", &[Shutdown, CloseFrame]);
        let mut session = Session::new(ending, ms(15));
        // Never equal to what the text takes, which is even.
        session.limit = ms(101);
        let count = case.size("texts", 1..=5);
        session.texts = vec![ms(10); count];
        let takes = ms(2) + 2 * case.whole_ms("half of the time until the text is taken", 100);
        session.peer.takes = vec![ms(5) + takes];
        let fails = *case.pick(
            "what fails",
            &["nothing", "the close frame", "the text on its way"],
        );
        session.peer.fails = match fails {
            "the close frame" => Some(1),
            "the text on its way" => Some(0),
            _ => None,
        };
        let end = session.run().await;
        let mut expected = vec![outgoing(0)];
        if takes < session.limit && session.peer.fails != Some(0) {
            expected.extend(ending.code().map(Frame::Close));
        }
        let frames: Vec<_> = started(&session.log)
            .into_iter()
            .map(|(_, frame)| frame)
            .collect();
        let situation = format!(
            "The session ends with {ending:?} at {} and a limit of {}. A text is on its way, which the peer takes {} later, and {} \
             in `outgoing`; what fails is {fails}.",
            in_ms(session.ends_at),
            in_ms(session.limit),
            in_ms(takes),
            match count - 1 {
                0 => "none is left".to_owned(),
                1 => "1 more is".to_owned(),
                more => format!("{more} more are"),
            },
        );
        check(frames == expected, || {
            Failure::new(format!(
                "{situation} It should have sent {}; it has sent {}.",
                list(expected.iter().map(text)),
                list(frames.iter().map(text))
            ))
            .usually(if frames.get(1) == Some(&outgoing(0)) {
                "that the text is sent again. When the future of `send` was dropped, the socket had the text already."
            } else if frames.contains(&outgoing(1)) {
                "that the texts which are left in `outgoing` are sent after the end."
            } else {
                "that the close frame is not sent when a text is on its way, or does not wait for it."
            })
            .read(SENT_TWICE)
        });
        let expected = (session.ends_at + takes.min(session.limit), ending.end());
        check(end.as_ref() == Some(&expected), || {
            Failure::new(format!(
                "{situation} It should return {:?} at {}; it {}.",
                expected.1,
                in_ms(expected.0),
                match &end {
                    Some((at, end)) => format!("returned {end:?} at {}", in_ms(*at)),
                    None => "did not return".to_owned(),
                }
            ))
            .usually_if(match &end {
                Some((_, SessionEnd::Failed(_))) => {
                    Some("that an error of the close frame replaces the end that was told to the handler.")
                }
                _ => None,
            })
            .read(SESSION)
        });
        check_left_once(&session.log, "After an end while a text is on its way");
    });
}

/// The peer takes each text after another time, the last one perhaps too late.
#[test]
fn a_slow_peer_has_a_limit() {
    grade_cases(async |case| {
        let ends_at = ms(100_005);
        let mut session = Session::new(Shutdown, ends_at);
        session.limit = ms(10 * case.size("limit of 10 ms times", 1..=40) as u64);
        let count = case.size("texts in time", 0..=10);
        let in_time = (0..count).map(|_| {
            *case.pick(
                "of the limit, a text in time takes",
                &[Duration::ZERO, session.limit / 2, session.limit],
            )
        });
        session.peer.takes = in_time.collect();
        let begins: Duration = session.peer.takes.iter().sum();
        session
            .peer
            .takes
            .push(*case.pick("and the last one", &[session.limit + ms(1), 2 * LONG]));
        // Waiting for room is a part of sending.
        for takes in &mut session.peer.takes {
            let room = match *case.pick(
                "of that time, there is no room",
                &["never", "half", "always"],
            ) {
                "never" => Duration::ZERO,
                // Of the limit, so that flushing alone takes less than that.
                "half" => (session.limit / 2).min(*takes),
                _ => *takes,
            };
            session.peer.room.push(room);
            *takes -= room;
        }
        let last_room = session.peer.room[count];
        session.texts = vec![Duration::ZERO; count + 3];
        let end = session.run().await;
        let expected = Some((begins + session.limit, SessionEnd::TooSlow));
        check(end == expected, || {
            Failure::new(format!(
                "The limit is {}. {} sent in time, and the next one, from {} on, is not. The session should return `TooSlow` at {}; \
                 it {}.",
                in_ms(session.limit),
                match count {
                    1 => "1 text is".to_owned(),
                    count => format!("{count} texts are"),
                },
                in_ms(begins),
                in_ms(begins + session.limit),
                match &end {
                    Some((at, end)) => format!("returned {end:?} at {}", in_ms(*at)),
                    None => "did not return".to_owned(),
                }
            ))
            .usually(match &end {
                Some((at, SessionEnd::TooSlow)) if *at < begins + session.limit => {
                    "that the limit is not for each text by itself, or that a text that is sent exactly at the limit is not in time."
                }
                Some((_, SessionEnd::TooSlow)) => {
                    "that waiting for room and flushing have a limit each. It may also be that the session waits for something else when the limit is up, such as a close frame for a peer that takes \
                     nothing, or that the limit covers less than sending and flushing."
                }
                _ => "that there is no limit for a text, or that it covers less than sending and flushing. A peer that takes nothing fills the queue, and keeps the session.",
            })
            .read(EXACTLY)
        });
        let frames = started(&session.log);
        let expected = count + usize::from(last_room <= session.limit);
        check(frames.len() == expected, || {
            Failure::new(format!(
                "After `TooSlow`, nothing more should be sent. Sending of {} should have begun; it was {}.",
                plural(expected, "frame"),
                shown(&frames, text)
            ))
            .read(SESSION)
        });
        check_left_once(&session.log, "After `TooSlow`");
    });
}

fn check_left_once(log: &Log<Seen>, when: &str) {
    let calls = left(log);
    check(calls.len() == 1, || {
        Failure::new(format!(
            "{when}, `left` should have been called once; it {}: {}.",
            counted("called", calls.len()),
            shown(&calls, |end| format!("{end:?}"))
        ))
        .usually(match calls.len() {
            0 => "that `left` is called only on some of the paths out of the function.",
            _ => "that `left` is called by the function and again by a destructor, which does not know about the first call.",
        })
        .read(SESSION)
    });
}

#[test]
fn a_write_error_ends_the_session() {
    grade_cases(async |case| {
        let mut session = Session::new(Shutdown, ms(100_005));
        let count = case.size("texts before", 0..=10);
        let takes = case.whole_ms("each takes", 50);
        session.texts = vec![Duration::ZERO; count + 3];
        session.peer.takes = vec![takes; count + 1];
        session.peer.fails = Some(count);
        let end = session.run().await;
        let at = takes * (count as u32 + 1);
        let expected = Some((at, SessionEnd::Failed(write_error())));
        check(end == expected, || {
            Failure::new(format!(
                "When sending fails at {}, the session should return Failed with the error at that instant; it returned {end:?}.",
                in_ms(at)
            ))
            .usually("that an error of `send` is ignored, or taken for another end.")
            .read(SESSION)
        });
        check_left_once(&session.log, "After a write error");
    });
}

#[test]
fn a_removal_sends_what_is_left() {
    grade_cases(async |case| {
        let mut session = Session::new(Removal, ms(5));
        let count = case.size("texts", 0..=20);
        session.texts = vec![Duration::ZERO; count];
        let takes = case.whole_ms("each takes", 50);
        let room = case.whole_ms("for each, there is no room for", 20);
        session.peer.room = vec![room; count];
        session.peer.takes = vec![takes; count];
        let end = session.run().await;
        // The text that is being sent at 5 ms, if it has not been sent at that instant.
        let each = room + takes;
        let on_its_way = (0..count as u32).find(|n| each * *n <= ms(5) && each * (*n + 1) > ms(5));
        let mut expected: Vec<_> = (0..count).map(outgoing).collect();
        expected.push(Frame::Close(POLICY));
        let seen: Vec<_> = sent(&session.log)
            .into_iter()
            .map(|(_, frame)| frame)
            .collect();
        check(seen == expected, || {
            Failure::new(format!(
                "`outgoing` is closed at 5 ms, with {} in it. They should be sent, and then a close frame; what was sent is {}.",
                plural(count, "text"),
                list(seen.iter().map(text))
            ))
            .usually(match on_its_way {
                Some(n) if !seen.contains(&outgoing(n as usize)) => {
                    "that the text which is being sent is given up when the channel is closed. It is not in the channel any more, and \
                     has not been sent yet."
                }
                _ if expected.iter().filter(|frame| !seen.contains(frame)).eq([&outgoing(count.saturating_sub(1))]) => {
                    "that the texts which are left in a closed channel are not sent, or that the last one is given up while it is being \
                     sent."
                }
                _ => "that the texts which are left in a closed channel are not sent.",
            })
            .read(SESSION)
        });
        let end = end.map(|(_, end)| end);
        check(end == Some(SessionEnd::Removed), || {
            Failure::new(format!(
                "The session should return Removed; it returned {end:?}."
            ))
            .read(SESSION)
        });
    });
}

#[test]
fn a_shutdown_before_the_call_comes_first() {
    grade(async || {
        for (frames, texts) in (0..6).flat_map(|frames| (0..6).map(move |texts| (frames, texts))) {
            let log = Log::start();
            let peer = Peer {
                sends: vec![(Duration::ZERO, Some(Ok(Frame::Text("hello".to_owned())))); frames],
                ..Peer::default()
            };
            let (tx, rx) = mpsc::channel(10);
            (0..texts).for_each(|n| drop(tx.try_send(format!("outgoing {n}"))));
            let shutdown = CancellationToken::new();
            shutdown.cancel();
            let session = run_session(
                Socket::new(peer, &log),
                rx,
                Recorder::new(&log),
                shutdown,
                ms(100),
            );
            let end = timeout(LONG, session).await.ok();
            let frames: Vec<_> = started(&log).into_iter().map(|(_, frame)| frame).collect();
            let is_right = end == Some(SessionEnd::Shutdown)
                && frames == [Frame::Close(GOING_AWAY)]
                && told(&log).is_empty();
            check(is_right, || {
                Failure::new(format!(
                "`shutdown` was cancelled before the call, so the session should tell the handler no text, send a close frame only, \
                 and return Shutdown; it told {}, sent {} and returned {end:?}.",
                plural(told(&log).len(), "text"),
                list(frames.iter().map(text))
            ))
            .usually("that `select!` chooses at random among the branches that are ready. With `biased` it takes the first one.")
            .read(SHUTDOWN)
            });
            check_left_once(&log, "After a shutdown before the call");
        }
    });
}

/// A session that a close frame ends, and whose peer takes its time.
fn session_to_drop() -> (
    impl Future<Output = SessionEnd>,
    Log<Seen>,
    mpsc::Sender<String>,
) {
    let log = Log::start();
    let text = |n: usize| Some(Ok(Frame::Text(format!("incoming {n}"))));
    let peer = Peer {
        sends: vec![
            (ms(10), text(0)),
            (ms(30), text(1)),
            (ms(60), Some(Ok(Frame::Close(BY_PEER)))),
        ],
        room: Vec::new(),
        takes: vec![ms(15); 9],
        fails: None,
    };
    let (tx, rx) = mpsc::channel(10);
    (0..2).for_each(|n| drop(tx.try_send(format!("outgoing {n}"))));
    let session = run_session(
        Socket::new(peer, &log),
        rx,
        Recorder::new(&log),
        CancellationToken::new(),
        ms(100),
    );
    (session, log, tx)
}

#[test]
fn left_is_called_once_when_dropped() {
    drop_at_every_await(
        async || {
            let tasks = Tasks::baseline();
            let (session, log, tx) = session_to_drop();
            (session, (log, tx, tasks))
        },
        async |(log, tx, tasks)| {
            let was_polled = log
                .entries()
                .iter()
                .any(|(_, seen)| !matches!(seen, Seen::Dropped | Seen::Left(_)));
            let calls = left(&log);
            check(calls.len() == 1, || {
                Failure::new(format!(
                    "When the future is dropped, `left` should have been called once; it {}.",
                    counted("called", calls.len())
                ))
                .usually(match (calls.len(), was_polled) {
                    (0, false) => {
                        "that no destructor calls `left`, or that the value with this destructor is made when the future is first polled. A future \
                         that is dropped before that has run no code: make the value before the `async` block."
                    }
                    (0, true) => "that no destructor calls `left`: code after an `.await` is not reached.",
                    _ => "that `left` is called by the function and again by a destructor, which does not know about the first call.",
                })
                .read(SESSION)
            });
            let ended = told(&log).len() == 2 && log.clock().elapsed() >= ms(60);
            let expected = if calls[0].0 < ms(60) {
                SessionEnd::Aborted
            } else {
                SessionEnd::Closed(BY_PEER)
            };
            let seen = calls[0].1.clone();
            check(
                seen == expected || (ended && seen == SessionEnd::Aborted),
                || {
                    Failure::new(format!(
                        "`left` should be called with {expected:?}; it was called with {seen:?}."
                    ))
                    .read(SESSION)
                },
            );
            let dropped_at = log.only(|seen| matches!(seen, Seen::Dropped).then_some(()));
            let before = started(&log).len();
            sleep(ms(500)).await;
            check(
                !dropped_at.is_empty() && started(&log).len() == before,
                || {
                    Failure::new("When the future is dropped, nothing more should be sent and the socket dropped; it is not.")
                    .usually("that a task goes on with the socket.")
                    .read("gather-pitfalls.html#spawned-tasks-run-on")
                },
            );
            drop(tx);
            tasks.check_none_left_behind().await;
        },
    );
}

#[test]
fn a_panic_of_the_handler_is_an_end() {
    grade(async || {
        for frames in 1..=10 {
            let log = Log::start();
            let peer = Peer {
                sends: vec![(Duration::ZERO, Some(Ok(Frame::Text("hello".to_owned())))); frames],
                ..Peer::default()
            };
            let (_tx, rx) = mpsc::channel(1);
            let mut handler = Recorder::new(&log);
            handler.panics_at = Some(frames);
            let session = run_session(
                Socket::new(peer, &log),
                rx,
                handler,
                CancellationToken::new(),
                ms(100),
            );
            let result = AssertUnwindSafe(timeout(LONG, session))
                .catch_unwind()
                .await;
            check(result.is_err(), || {
                Failure::new(format!(
                    "When `text` panics, the panic should continue; the session returned {:?}.",
                    result.ok()
                ))
                .usually("that the panic is caught.")
                .read(SESSION)
            });
            check_left_once(&log, "After a panic of `text`");
            let calls = left(&log);
            check(calls[0].1 == SessionEnd::Aborted, || {
                Failure::new(format!(
                    "After a panic, `left` should be called with Aborted; it was called with {:?}.",
                    calls[0].1
                ))
                .read(SESSION)
            });
        }
    });
}
