//! `heartbeat`: pings at exact instants, and an end after so many that were missed.

use super::*;
use std::num::NonZeroU32;

use exercises::websockets::{Frame, HeartbeatEnd, heartbeat};

/// What happens in a heartbeat.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Ping,
    Ended(HeartbeatEnd),
}

fn word(seen: &Seen) -> String {
    match seen {
        Seen::Ping => "ping".to_owned(),
        Seen::Ended(end) => format!("{end:?}"),
    }
}

/// The frames of a peer, and when the future of the heartbeat is not polled.
#[derive(Debug, Clone)]
struct Plan {
    period: Duration,
    max_missed: u32,
    frames: Vec<(Duration, Frame)>,
    /// From the one instant to the other, the future is not polled.
    stalls: Option<(Duration, Duration)>,
    closes_at: Option<Duration>,
}

impl Plan {
    fn new(period: Duration, max_missed: u32) -> Self {
        Self {
            period,
            max_missed,
            frames: Vec::new(),
            stalls: None,
            closes_at: None,
        }
    }

    fn not_zero(&self) -> NonZeroU32 {
        NonZeroU32::new(self.max_missed).unwrap_or(NonZeroU32::MIN)
    }

    /// The first tick after `now`, which may be days after the first poll.
    fn tick_after(&self, now: Duration) -> Duration {
        let period = self.period.as_nanos();
        let nanos = (now.as_nanos() / period + 1) * period;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// What should happen.
    fn expected(&self) -> Vec<(Duration, Seen)> {
        let mut expected = Vec::new();
        let (mut last_ping, mut missed, mut tick) = (None, 0, self.period);
        loop {
            let handled_at = match self.stalls {
                Some((from, to)) if tick > from && tick < to => to,
                _ => tick,
            };
            if let Some(at) = self.closes_at.filter(|at| *at < handled_at) {
                expected.push((at, Seen::Ended(HeartbeatEnd::Closed)));
                return expected;
            }
            if let Some(since) = last_ping {
                let is_alive = self
                    .frames
                    .iter()
                    .any(|(at, _)| *at >= since && *at < handled_at);
                missed = if is_alive { 0 } else { missed + 1 };
            }
            if missed == self.max_missed {
                expected.push((handled_at, Seen::Ended(HeartbeatEnd::Dead)));
                return expected;
            }
            expected.push((handled_at, Seen::Ping));
            last_ping = Some(handled_at);
            tick = self.tick_after(handled_at);
        }
    }

    /// What happens.
    async fn run(&self) -> Vec<(Duration, Seen)> {
        let log = Log::start();
        let (frames_tx, frames_rx) = mpsc::channel(1_000);
        let (pings_tx, mut pings_rx) = mpsc::channel(1_000);
        let pings_log = log.clone();
        grading::spawn(async move {
            while let Some(frame) = pings_rx.recv().await {
                check(frame == Frame::Ping, || {
                    Failure::new(format!(
                        "Only `Frame::Ping` should be put into `pings`; {frame:?} was."
                    ))
                });
                pings_log.add(Seen::Ping);
            }
        });
        let (frames, closes_at, clock) = (self.frames.clone(), self.closes_at, log.clock());
        grading::spawn(async move {
            for (at, frame) in frames {
                sleep(at.saturating_sub(clock.elapsed())).await;
                let _ = frames_tx.try_send(frame);
            }
            match closes_at {
                Some(at) => sleep(at.saturating_sub(clock.elapsed())).await,
                None => std::future::pending().await,
            }
        });
        let answer = heartbeat(frames_rx, pings_tx, self.period, self.not_zero());
        let mut answer = std::pin::pin!(answer);
        let mut ended = None;
        if let Some((from, to)) = self.stalls {
            ended = timeout(from, &mut answer).await.ok();
            if ended.is_none() {
                sleep(to.saturating_sub(log.clock().elapsed())).await;
            }
        }
        let last = self.expected().last().map_or(LONG, |(at, _)| *at);
        if ended.is_none() {
            ended = timeout(last + self.period * 3, answer).await.ok();
        }
        if let Some(end) = ended {
            // The task that takes the pings has its turn before this.
            let at = log.clock().elapsed();
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            let mut seen = log.entries();
            seen.push((at, Seen::Ended(end)));
            return seen;
        }
        log.entries()
    }
}

fn pings(seen: &[(Duration, Seen)]) -> Vec<Duration> {
    seen.iter()
        .filter(|(_, seen)| *seen == Seen::Ping)
        .map(|(at, _)| *at)
        .collect()
}

fn end(seen: &[(Duration, Seen)]) -> Option<(Duration, HeartbeatEnd)> {
    seen.iter().find_map(|(at, seen)| match seen {
        Seen::Ended(end) => Some((*at, *end)),
        Seen::Ping => None,
    })
}

/// Compares what happened with what should have happened. The first difference is shown with what is around it.
fn check_seen(
    plan: &Plan,
    seen: &[(Duration, Seen)],
    given: &str,
    meaning: Option<&str>,
    page: &str,
) {
    let expected = plan.expected();
    let same = seen
        .iter()
        .zip(&expected)
        .take_while(|(seen, expected)| seen == expected)
        .count();
    let from = same.saturating_sub(2);
    check(seen == expected, || {
        let part = |all: &[(Duration, Seen)]| {
            let from = from.min(all.len());
            shown(&all[from..all.len().min(from + 6)], word)
        };
        Failure::new(format!(
            "With a period of {}, up to {} missed, {given} there should be {}{}; there was {}.",
            in_ms(plan.period),
            plural(plan.max_missed as usize, "ping"),
            if from > 0 {
                format!("({} before) ", plural(from, "event"))
            } else {
                String::new()
            },
            part(&expected),
            part(seen)
        ))
        .usually_if(meaning)
        .read(page)
    });
}

fn drawn_period(case: &Case) -> Duration {
    ms(10 + 10 * case.number("period of 10 ms + 10 times", 500))
}

#[test]
fn a_silent_peer_is_dead() {
    grade_cases(async |case| {
        let plan = Plan::new(drawn_period(&case), case.size("max_missed", 1..=100) as u32);
        let seen = plan.run().await;
        let (expected, pings_seen) = (pings(&plan.expected()), pings(&seen));
        let at = end(&seen).map(|(at, _)| at);
        let dead_at = plan.period * (plan.max_missed + 1);
        let meaning = if pings_seen.first() == Some(&Duration::ZERO) {
            Some("that the first tick of an `interval` is at once. `interval_at` begins later.")
        } else if pings_seen.len() > expected.len() && at == Some(dead_at) {
            Some("that a ping is sent to a peer that is dead.")
        } else if pings_seen.len() > expected.len() || at > Some(dead_at) {
            Some("that it waits for one ping more, or for something else than the tick.")
        } else if at < Some(dead_at) {
            Some("that a ping counts as missed when it is sent. It has one period to be answered.")
        } else {
            Some("that the ticks drift, or that the number of pings is another one.")
        };
        check_seen(
            &plan,
            &seen,
            "and a peer that sends nothing,",
            meaning,
            PINGS,
        );
    });
}

/// Frames at any time but a tick, of any kind.
fn draw_frames(case: &Case, plan: &mut Plan, kinds: &[&str], most_pause: u64) {
    let count = case.size("frames", 0..=20);
    let mut at = ms(5);
    for _ in 0..count {
        at += case.whole_ms("pause", most_pause) * 10;
        let frame = match *case.pick("frame", kinds) {
            "pong" => Frame::Pong,
            "ping" => Frame::Ping,
            "text" => Frame::Text("hello".to_owned()),
            _ => Frame::Close(1000),
        };
        plan.frames.push((at, frame));
    }
}

#[test]
fn a_frame_resets_the_count() {
    grade_cases(async |case| {
        let mut plan = Plan::new(
            ms(10 + 10 * case.number("period of 10 ms + 10 times", 30)),
            case.size("max_missed", 1..=4) as u32,
        );
        draw_frames(&case, &mut plan, &["pong"], 100);
        let seen = plan.run().await;
        let expected = plan.expected();
        let meaning = match (end(&seen), end(&expected)) {
            _ if pings(&seen)
                .iter()
                .any(|at| !(at.as_nanos()).is_multiple_of(plan.period.as_nanos())) =>
            {
                "that a frame starts the period again. A tick does not depend on what is received."
            }
            (Some((at, HeartbeatEnd::Dead)), Some((expected, _))) if at < expected => {
                "that missed pings are counted from the beginning, or that a frame takes only one of them back. Only pings that are \
                 missed in a row count."
            }
            (None, _) | (Some(_), Some(_)) => {
                "that an old frame shows that the peer is alive: one that came before the ping answers nothing."
            }
            _ => "that the count is another one.",
        };
        check_seen(&plan, &seen, &frames_of(&plan), Some(meaning), PINGS);
    });
}

fn frames_of(plan: &Plan) -> String {
    let frames: Vec<_> = plan.frames.iter().map(|(at, _)| *at).collect();
    format!("and frames at {},", instants(&frames))
}

/// The kinds of frames that the answer takes for silence.
async fn ignored_frames() -> Vec<&'static str> {
    let kinds = [
        ("pong", Frame::Pong),
        ("text", Frame::Text("hello".to_owned())),
        ("ping", Frame::Ping),
        ("close", Frame::Close(1000)),
    ];
    let mut ignored = Vec::new();
    for (name, frame) in kinds {
        let mut plan = Plan::new(ms(100), 1);
        plan.frames.push((ms(150), frame));
        if plan.run().await != plan.expected() {
            ignored.push(name);
        }
    }
    ignored
}

#[test]
fn any_frame_shows_life() {
    grade_cases(async |case| {
        let mut plan = Plan::new(ms(100), case.size("max_missed", 1..=3) as u32);
        draw_frames(&case, &mut plan, &["pong", "text", "ping", "close"], 30);
        let seen = plan.run().await;
        let ignored = if seen == plan.expected() {
            Vec::new()
        } else {
            ignored_frames().await
        };
        let meaning = match &*ignored {
            ["text", "ping", "close"] => Some(
                "that only a `Pong` counts. A peer that sends texts is alive, too, and its pong may be behind them.",
            ),
            ["close"] => Some(
                "that a close frame does not count. It has been received, too: the peer is alive.",
            ),
            ["text"] => Some(
                "that a text does not count. A peer that sends texts is alive, and its pong may be behind them.",
            ),
            [] => None,
            _ => Some(
                "that frames of some kinds do not count. A frame of any kind shows that the peer is alive.",
            ),
        };
        check_seen(&plan, &seen, &frames_of(&plan), meaning, PINGS);
    });
}

#[test]
fn a_full_queue_does_not_hold_it_up() {
    grade_cases(async |case| {
        let plan = Plan::new(drawn_period(&case), case.size("max_missed", 1..=5) as u32);
        let capacity = case.size("room in `pings`", 1..=3);
        let (_frames, frames_rx) = mpsc::channel(1);
        let (pings_tx, mut pings_rx) = mpsc::channel(capacity);
        let clock = Clock::start();
        let answer = heartbeat(frames_rx, pings_tx, plan.period, plan.not_zero());
        let mut answer = std::pin::pin!(answer);
        let expected = plan.period * (plan.max_missed + 1);
        let end = timeout(expected + plan.period * 3 + ms(5), &mut answer)
            .await
            .ok();
        let at = clock.elapsed();
        let mut sent = 0;
        while pings_rx.try_recv().is_ok() {
            sent += 1;
        }
        // With room again, and before the next tick.
        let waits_for_room = end.is_none() && {
            let _ = timeout(ms(1), &mut answer).await;
            pings_rx.try_recv().is_ok()
        };
        check(end == Some(HeartbeatEnd::Dead) && at == expected, || {
            Failure::new(format!(
                "`pings` has room for {} and is not read, and up to {} may be missed. The result should be Dead at {}; {}.",
                plural(capacity, "ping"),
                plural(plan.max_missed as usize, "ping"),
                in_ms(expected),
                match end {
                    Some(end) => format!("it was {end:?} at {}", in_ms(at)),
                    None => "there was none".to_owned(),
                }
            ))
            .usually(match end {
                None if waits_for_room => {
                    "that it waits for room in `pings`. The peer takes nothing because it is dead: nothing will make room."
                }
                None => "that a ping for which there is no room does not count. It counts as if it had been sent.",
                Some(HeartbeatEnd::Closed) => "that a queue that is full is taken for one that is closed.",
                Some(HeartbeatEnd::Dead) if at > expected => "that a ping for which there is no room does not count.",
                Some(HeartbeatEnd::Dead) => "that a ping for which there is no room counts twice, or as missed at once.",
            })
            .read(QUEUES)
        });
        let expected = capacity.min(plan.max_missed as usize);
        check(sent == expected, || {
            Failure::new(format!(
                "{} should be in `pings`; {sent} were.",
                plural(expected, "ping")
            ))
            .read(QUEUES)
        });
    });
}

/// The future is not polled for a while, as in a task that is busy.
#[test]
fn a_late_poll_is_one_tick() {
    grade_cases(async |case| {
        let mut plan = Plan::new(ms(100), case.size("max_missed", 1..=4) as u32);
        let from = ms(25) + case.whole_ms("not polled from 25 ms +", 60) * 10;
        let to = from + ms(10) + case.whole_ms("for 10 ms +", 100) * 10;
        plan.stalls = Some((from, to));
        draw_frames(&case, &mut plan, &["pong"], 30);
        // Not at the instants at which the polls end and begin.
        for (at, _) in &mut plan.frames {
            *at += ms(2);
        }
        let seen = plan.run().await;
        let (expected, grid) = (plan.expected(), plan.period.as_nanos());
        let burst = pings(&seen).iter().filter(|at| **at == to).count();
        let at_once = |all: &[(Duration, Seen)]| all.iter().any(|(at, _)| *at == to);
        let meaning = if burst > 1 {
            "that all ticks which have passed are handled one after the other: the peer had no time to answer. That is `Burst`, what \
             an `interval` does by itself."
        } else if pings(&seen)
            .iter()
            .any(|at| *at > to && !at.as_nanos().is_multiple_of(grid))
        {
            "that the ticks after a late one are counted from it, as with `Delay`, `sleep` and `reset`."
        } else if at_once(&seen) == at_once(&expected) {
            "that not all frames that are there are received before a tick is handled: the tick is looked at before the frames, or \
             one frame is read and the rest count for the next period. It may also be that all ticks which have passed count as \
             missed."
        } else {
            "that a late tick is left out, or handled at another time."
        };
        let given = format!(
            "{} not polled from {} to {},",
            frames_of(&plan),
            in_ms(from),
            in_ms(to)
        );
        check_seen(&plan, &seen, &given, Some(meaning), DRIFT);
    });
}

/// An `interval` takes a tick that is up to 5 ms late for one in time, and catches up.
#[test]
fn a_short_period_is_a_grid_too() {
    grade_cases(async |case| {
        let period = ms(case.size("period in ms", 1..=5) as u64);
        let mut plan = Plan::new(period, case.size("max_missed", 2..=20) as u32);
        let from = period * *case.pick("not polled from the tick", &[0, 1]);
        let short = from + ms(case.size("for so many ms", 1..=8) as u64);
        let to = short + case.long_time("and longer by");
        plan.stalls = Some((from, to));
        let seen = plan.run().await;
        let burst = seen.iter().filter(|(at, _)| *at == to).count();
        let mut other = plan.clone();
        other.stalls = Some((from, short));
        // Then it is wrong only about the long time.
        let is_long =
            to > short && seen != plan.expected() && other.run().await == other.expected();
        let meaning = if is_long {
            Some(
                "that the number of ticks which have passed does not fit into its type. 50 days have more milliseconds than a `u32` can count.",
            )
        } else {
            (burst > 1).then_some(
            "that ticks which have passed are handled one after the other. `MissedTickBehavior::Skip` does that, too, while the \
             tick is at most 5 ms late. Look at the clock, and go on with the first tick that is still to come.",
            )
        };
        let given = format!("and not polled from {} to {},", in_ms(from), in_ms(to));
        check_seen(&plan, &seen, &given, meaning, DRIFT);
    });
}

/// Before each poll, the peer has sent more than the budget of a task allows to receive.
#[test]
fn many_frames_do_not_put_a_tick_off() {
    grade_cases(async |case| {
        let period = 10 * case.size("period of 10 ms times", 1..=2);
        let ticks = case.size("ticks", 2..=5);
        let (frames, frames_rx) = mpsc::channel(150);
        let (pings_tx, mut pings_rx) = mpsc::channel(100);
        let answer = heartbeat(frames_rx, pings_tx, ms(period as u64), NonZeroU32::MIN);
        let mut answer = Box::pin(answer);
        let mut sent = 0;
        for _ in 0..=period * ticks / 5 {
            while frames.try_send(Frame::Pong).is_ok() {}
            if futures::poll!(&mut answer).is_ready() {
                break;
            }
            while pings_rx.try_recv().is_ok() {
                sent += 1;
            }
            tokio::time::advance(ms(5)).await;
        }
        // The last one may need one more poll.
        check(sent + 1 >= ticks, || {
            Failure::new(format!(
                "At each poll, 150 frames are waiting. {period} ms is a period, and in {} there should be {}; there {}.",
                in_ms(ms((period * ticks) as u64)),
                plural(ticks, "ping"),
                match sent {
                    1 => "was 1".to_owned(),
                    sent => format!("were {sent}"),
                }
            ))
            .usually(
                "that the frames are received first: in one poll of a task, channels and timers of tokio are ready 128 times, and \
                 the frames use that up each time. Look at the clock first, and take the frames with `try_recv` at a tick.",
            )
            .read(BUDGET)
        });
    });
}

#[test]
fn a_dead_peer_is_dead_even_if_pings_is_closed() {
    grade_cases(async |case| {
        let plan = Plan::new(ms(100), case.size("max_missed", 1..=5) as u32);
        let dead_at = plan.period * (plan.max_missed + 1);
        let closes_at = dead_at - *case.pick("closed before the tick", &[ms(10), ms(0), ms(90)]);
        let (_frames, frames_rx) = mpsc::channel(1);
        let (pings_tx, pings_rx) = mpsc::channel(10);
        let clock = Clock::start();
        grading::spawn(async move {
            sleep(closes_at).await;
            drop(pings_rx);
        });
        let answer = heartbeat(frames_rx, pings_tx, plan.period, plan.not_zero());
        let end = timeout(dead_at + plan.period * 3, answer).await.ok();
        let at = clock.elapsed();
        let is_early = end == Some(HeartbeatEnd::Closed) && at == closes_at && at < dead_at;
        let is_dead = end == Some(HeartbeatEnd::Dead) && at == dead_at;
        check(is_early || is_dead, || {
            Failure::new(format!(
                "The peer sends nothing and is dead at {}, and `pings` is closed at {}. If the result is not Closed before that \
                 tick, it should be Dead at it; {}.",
                in_ms(dead_at),
                in_ms(closes_at),
                match end {
                    Some(end) => format!("it was {end:?} at {}", in_ms(at)),
                    None => "there was none".to_owned(),
                }
            ))
            .usually_if((end == Some(HeartbeatEnd::Closed)).then_some(
                "that `pings` is looked at before the missed pings are counted: a peer that is dead at this tick is dead.",
            ))
            .read(PINGS)
        });
    });
}

#[test]
fn a_closed_channel_ends_it() {
    grade_cases(async |case| {
        let mut plan = Plan::new(ms(100), 3);
        let closes_at = ms(5) + case.whole_ms("closed at 5 ms +", 38) * 10;
        let mut at = ms(50);
        while at < closes_at {
            plan.frames.push((at, Frame::Pong));
            at += ms(100);
        }
        if *case.pick("closed", &["received", "pings"]) == "received" {
            plan.closes_at = Some(closes_at);
            let left = case.size("frames that are left in it", 0..=3);
            plan.frames.extend(vec![(closes_at, Frame::Pong); left]);
            let seen = plan.run().await;
            let given = format!(
                "and `received` closed at {} with {} in it,",
                in_ms(closes_at),
                plural(left, "frame")
            );
            let meaning = "that `None` of `recv` is ignored, or is noticed at the next tick only.";
            check_seen(&plan, &seen, &given, Some(meaning), SESSION);
            return;
        }
        let (frames, frames_rx) = mpsc::channel(10);
        let (pings_tx, pings_rx) = mpsc::channel(10);
        let clock = Clock::start();
        grading::spawn(async move {
            sleep(closes_at).await;
            drop(pings_rx);
            sleep(LONG).await;
            drop(frames);
        });
        let answer = heartbeat(frames_rx, pings_tx, plan.period, NonZeroU32::MAX);
        let end = timeout(closes_at + ms(1_000), answer).await.ok();
        let at = clock.elapsed();
        let latest = ms(100 * (closes_at.as_millis() as u64).div_ceil(100));
        let is_right = end == Some(HeartbeatEnd::Closed) && (at == closes_at || at == latest);
        check(is_right, || {
            Failure::new(format!(
                "`pings` is closed at {}, and the next tick is at {}. The result should be Closed then at the latest; {}.",
                in_ms(closes_at),
                in_ms(latest),
                match end {
                    Some(end) => format!("it was {end:?} at {}", in_ms(at)),
                    None => "there was none".to_owned(),
                }
            ))
            .usually("that the error of a ping that cannot be sent is ignored, or that it is not told from a full queue.")
            .read(SESSION)
        });
    });
}

#[test]
fn a_dropped_heartbeat_sends_no_more() {
    drop_at_every_await(
        async || {
            let tasks = Tasks::baseline();
            let (frames, frames_rx) = mpsc::channel(1);
            let (pings_tx, pings_rx) = mpsc::channel(100);
            let answer = async move {
                let _ = heartbeat(
                    frames_rx,
                    pings_tx,
                    ms(10),
                    NonZeroU32::MIN.saturating_add(2),
                )
                .await;
            };
            (answer, (frames, pings_rx, tasks))
        },
        async |(_frames, mut pings_rx, tasks)| {
            while pings_rx.try_recv().is_ok() {}
            sleep(ms(200)).await;
            let is_silent = pings_rx.try_recv().is_err();
            check(is_silent, || {
                Failure::new(
                    "When the future is dropped, no more pings should be sent; there was one.",
                )
                .usually("that a task of its own sends the pings, and goes on.")
                .read("gather-pitfalls.html#spawned-tasks-run-on")
            });
            tasks.check_none_left_behind().await;
        },
    );
}
