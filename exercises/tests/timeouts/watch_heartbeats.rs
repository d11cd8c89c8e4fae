//! `watch_heartbeats`: silent peers are reported exactly at their limit, once, and again when they are back.

use super::*;
use exercises::timeouts::{Change, PeerId, watch_heartbeats};

/// What an answer has reported, and when it returned.
struct Seen {
    reports: Vec<(Duration, Change)>,
    returned: Option<Duration>,
}

/// Heartbeats with the time between each of them and the one before, and the time until the channel is closed.
async fn run(beats: &[(Duration, PeerId)], open_for: Duration, limit: Duration) -> Seen {
    let log = Log::start();
    let until = beats.iter().map(|(gap, _)| *gap).sum::<Duration>() + open_for;
    let (tx, rx) = mpsc::channel(beats.len().max(1));
    let sending = async {
        let open = tx.clone();
        send_all(beats.to_vec(), tx).await;
        sleep(open_for).await;
        drop(open);
    };
    let answer = async {
        let answer = watch_heartbeats(rx, limit, |change| log.add(change));
        let returned = timeout(until + LONG, answer).await.is_ok();
        returned.then(|| log.clock().elapsed())
    };
    let (returned, ()) = tokio::join!(biased; answer, sending);
    let mut reports = log.take();
    // Those of the same instant are in any order.
    reports.sort_unstable();
    Seen { reports, returned }
}

/// What should be reported, if no heartbeat arrives at the instant at which the limit of its peer is up.
fn expected(
    beats: &[(Duration, PeerId)],
    open_for: Duration,
    limit: Duration,
) -> Vec<(Duration, Change)> {
    let mut now = Duration::ZERO;
    let mut arrivals = Vec::new();
    for &(gap, peer) in beats {
        now += gap;
        arrivals.push((now, peer));
    }
    let closed = now + open_for;
    let mut reports = Vec::new();
    for (index, &(at, peer)) in arrivals.iter().enumerate() {
        let mut later = arrivals[index + 1..].iter();
        let next = later.find(|(_, other)| *other == peer).map(|(at, _)| *at);
        if at + limit < next.unwrap_or(closed) {
            reports.push((at + limit, Change::Silent(peer)));
            reports.extend(next.map(|next| (next, Change::Back(peer))));
        }
    }
    reports.sort_unstable();
    reports
}

fn list_of(reports: &[(Duration, Change)]) -> String {
    shown(reports, |change| format!("{change:?}"))
}

/// Compares what was reported.
fn check_reports(
    seen: &Seen,
    expected: &[(Duration, Change)],
    given: &str,
    usually: impl Into<Option<&'static str>>,
    read: &str,
) {
    check(seen.reports == expected, || {
        Failure::new(format!(
            "{given} this should be reported: {}; it was {}.",
            list_of(expected),
            list_of(&seen.reports)
        ))
        .usually_if(usually.into())
        .read(read)
    });
}

/// From 2 to 101 ms.
fn limit(case: &Case) -> Duration {
    ms(2) + case.whole_ms("limit beyond 2 ms", 99)
}

/// `count` heartbeats of one peer, each `gap` after the one before.
fn every(gap: Duration, count: usize, peer: PeerId) -> Vec<(Duration, PeerId)> {
    vec![(gap, peer); count]
}

#[test]
fn reports_a_silent_peer_at_its_limit() {
    grade_cases(async |case| {
        let (limit, count) = (limit(&case), case.size("heartbeats", 1..=12));
        let peer = case.number("peer", u64::from(u32::MAX)) as PeerId;
        let gap = limit - ms(1);
        let (beats, open_for) = (every(gap, count, peer), 3 * limit + ms(50));
        let seen = run(&beats, open_for, limit).await;
        let expected = expected(&beats, open_for, limit);
        let given = format!(
            "After {} of peer {peer}, {} apart, with a limit of {},",
            plural(count, "heartbeat"),
            in_ms(gap),
            in_ms(limit)
        );
        let due = expected[0].0;
        let usually = match &*seen.reports {
            _ if seen.reports == expected => None,
            [] => looks_when_a_heartbeat_arrives().await,
            [(_, Change::Back(_)), ..] => Some(
                "that a peer whose first heartbeat arrives is reported as back. It was not silent.",
            ),
            [(at, Change::Silent(_)), ..] if *at < due => Some(
                "that the limit of an earlier heartbeat still counts. Each heartbeat of a peer moves the limit of that peer.",
            ),
            [(at, _), _, ..] if *at == due => Some(
                "that a peer is reported again and again. It is reported once, until its next heartbeat.",
            ),
            _ => late_by_how_much().await,
        };
        check_reports(&seen, &expected, &given, usually, DEADLINE);
    });
}

/// Why nothing is reported: whether the heartbeat of another peer brings the report.
async fn looks_when_a_heartbeat_arrives() -> Option<&'static str> {
    let seen = run(&[(ms(1), 1), (ms(70), 2)], ms(5), ms(50)).await;
    let brings = seen.reports == [(ms(71), Change::Silent(1))];
    brings.then_some("that a peer is looked at only when a heartbeat arrives, and none does.")
}

/// Why a peer is reported late.
async fn late_by_how_much() -> Option<&'static str> {
    let mut late = Vec::new();
    for arrives in [1, 4, 6, 13] {
        let seen = run(&[(ms(arrives), 1)], ms(500), ms(70)).await;
        let at = seen.reports.first().map(|(at, _)| *at)?;
        late.push(at.checked_sub(ms(arrives + 70))?);
    }
    if late == [ms(1); 4] {
        Some(
            "that a peer is silent only when more than the limit has passed: `<` where `<=` is right.",
        )
    } else {
        late.iter().any(|time| *time != late[0]).then_some(
            "that the peers are looked at every now and then. The next deadline is known, so the function can sleep until \
             then.",
        )
    }
}

#[test]
fn reports_a_peer_that_is_back() {
    grade_cases(async |case| {
        let (limit, times) = (limit(&case), case.size("times silent", 1..=5));
        let pause = limit + ms(1) + case.whole_ms("back later than 1 ms", 200);
        let beats = every(pause, times + 1, 7);
        let open_for = limit + ms(50);
        let seen = run(&beats, open_for, limit).await;
        let twice = run(&every(pause, 3, 7), open_for, limit).await;
        let count = |change| {
            twice
                .reports
                .iter()
                .filter(|(_, other)| *other == change)
                .count()
        };
        let usually = match (count(Change::Silent(7)), count(Change::Back(7))) {
            (_, 0) => Some("that nothing is reported when a silent peer is back."),
            (1, 1) => Some("that a peer that is back is not watched again."),
            (1, 2) => Some(
                "that the silence of a peer is reported only the first time, and not after it was back.",
            ),
            _ => None,
        };
        check_reports(
            &seen,
            &expected(&beats, open_for, limit),
            &format!(
                "After {} heartbeats of peer 7, {} apart, with a limit of {},",
                times + 1,
                in_ms(pause),
                in_ms(limit)
            ),
            usually,
            DEADLINE,
        );
    });
}

#[test]
fn a_limit_and_a_silence_may_take_days() {
    grade_cases(async |case| {
        let mut limit = limit(&case);
        let mut silence = ms(1) + case.whole_ms("silence beyond 1 ms", 200);
        let is_limit = *case.pick("the limit is long", &[false, true]);
        let long = if is_limit { &mut limit } else { &mut silence };
        *long += case.long_time("by");
        // The second silence is a short one.
        let beats = [
            (Duration::ZERO, 7),
            (limit + silence, 7),
            (limit + ms(1), 7),
        ];
        let open_for = limit + ms(50);
        let seen = run(&beats, open_for, limit).await;
        let back = (limit + silence, Change::Back(7));
        // A case is as small as it can be, so a shorter time is right.
        let is_long = limit + silence > Duration::from_secs(60);
        let usually = if !is_limit && is_long && !seen.reports.contains(&back) {
            Some(
                "that a peer which has been silent for a long time is forgotten. Its next heartbeat is not its first.",
            )
        } else if is_limit && is_long && seen.reports.first().is_some_and(|(at, _)| *at < limit) {
            Some("that the limit is kept in a type which is too small for it, or made shorter.")
        } else {
            None
        };
        check_reports(
            &seen,
            &expected(&beats, open_for, limit),
            &format!(
                "With a limit of {}, and three heartbeats of peer 7, the second of them {} after the first and the third {} after \
                 that,",
                in_ms(limit),
                in_ms(beats[1].0),
                in_ms(beats[2].0)
            ),
            usually,
            DEADLINE,
        );
    });
}

#[test]
fn returns_when_the_channel_is_closed() {
    grade_cases(async |case| {
        let limit = limit(&case);
        let count = case.size("heartbeats", 0..=5);
        let open_for = case.whole_ms("closed after", limit.as_millis() as u64 - 1);
        let beats = every(ms(1), count, 5);
        let seen = run(&beats, open_for, limit).await;
        let closed = ms(count as u64) + open_for;
        check(seen.reports.is_empty(), || {
            Failure::new(format!(
                "The channel is closed at {}, before the limit of {} is up, so nothing should be reported; it was {}.",
                in_ms(closed),
                in_ms(limit),
                list_of(&seen.reports)
            ))
            .usually_if(if seen.reports.iter().all(|(at, _)| *at == closed) {
                Some("that all peers are reported when the channel is closed.")
            } else if seen.reports.iter().all(|(at, _)| *at > closed) {
                Some("that the answer waits for the limits that are left when the channel is closed.")
            } else {
                None
            })
            .read(DEBOUNCE)
        });
        check(seen.returned == Some(closed), || {
            Failure::new(format!(
                "The channel is closed and empty at {}, and the function should return then; it {}.",
                in_ms(closed),
                match seen.returned {
                    Some(at) => format!("returned at {}", in_ms(at)),
                    None => "did not return within a minute".to_owned(),
                }
            ))
            .usually_if(match seen.returned {
                Some(at) if at > closed => {
                    Some("that something else is awaited after `recv` has returned `None`.")
                }
                Some(_) => None,
                None => Some(
                    "that `None` from `recv`, which means that the channel is closed and empty, does not end the loop.",
                ),
            })
            .read(DEBOUNCE)
        });
    });
}

#[test]
fn other_peers_do_not_hide_a_silent_one() {
    grade_cases(async |case| {
        let limit = ms(40) + case.whole_ms("limit beyond 40 ms", 60);
        let others = case.size("other peers", 1..=12) as PeerId;
        let mut beats = vec![(Duration::ZERO, 0)];
        // The others send a heartbeat every 13 ms, in turn or each of them.
        for _ in 0..30 {
            let together = (1..=others).map(|peer| (ms(if peer == 1 { 13 } else { 0 }), peer));
            beats.extend(together);
        }
        let seen = run(&beats, ms(5), limit).await;
        let expected = expected(&beats, ms(5), limit);
        let is_hidden =
            seen.reports.len() < expected.len() || seen.reports.iter().any(|(at, _)| *at > limit);
        let never_silent = |change: &Change| matches!(change, Change::Back(peer) if *peer > 0);
        let usually = if is_hidden {
            Some(
                "that each heartbeat starts the timer again, whichever peer has sent it. A timeout around `recv` limits the \
                 time without any heartbeat; each peer needs a deadline of its own.",
            )
        } else if seen
            .reports
            .iter()
            .all(|(_, change)| never_silent(change) || expected[0].1 == *change)
        {
            Some("that a peer is reported as back at its first heartbeat. It was not silent.")
        } else {
            None
        };
        check_reports(
            &seen,
            &expected,
            &format!(
                "After one heartbeat of peer 0, and 30 of each of {}, 13 ms apart, with a limit of {},",
                plural(others as usize, "other peer"),
                in_ms(limit)
            ),
            usually,
            ONE_ITERATION,
        );
    });
}

#[test]
fn reports_all_that_go_silent_at_the_same_instant() {
    grade_cases(async |case| {
        let (limit, count) = (limit(&case), case.size("peers", 2..=40) as PeerId);
        let beats: Vec<_> = (0..count).map(|peer| (Duration::ZERO, peer)).collect();
        let seen = run(&beats, 2 * limit, limit).await;
        check_reports(
            &seen,
            &expected(&beats, 2 * limit, limit),
            &format!(
                "After one heartbeat of {count} peers, with a limit of {},",
                in_ms(limit)
            ),
            (seen.reports.len() == 1).then_some(
                "that only one peer is looked at when the timer expires, or that a map from deadlines to peers keeps one peer \
                 for each of them.",
            ),
            DEADLINE,
        );
    });
}

/// Peers 3 and 4 send a heartbeat. When their limit is up, heartbeats of `more` other peers and of peer 3 are in the
/// channel, in this order. What is reported at that instant.
async fn reports_at_the_limit(
    limit: Duration,
    more: PeerId,
    with_4: bool,
) -> Vec<(Duration, Change)> {
    let log = Log::start();
    let (tx, beats) = mpsc::channel(400);
    let mut answer = pin!(watch_heartbeats(beats, limit, |change| log.add(change)));
    let _ = tx.try_send(3);
    if with_4 {
        let _ = tx.try_send(4);
    }
    let _ = timeout(Duration::ZERO, &mut answer).await;
    // It is not polled before the other heartbeats are in the channel.
    advance(limit).await;
    for other in 0..more {
        let _ = tx.try_send(100 + other);
    }
    let _ = tx.try_send(3);
    let _ = timeout(ms(1), &mut answer).await;
    let mut reports = log.take();
    reports.sort_unstable();
    reports
}

#[test]
fn a_heartbeat_that_is_already_there_is_in_time() {
    grade_cases(async |case| {
        let limit = limit(&case);
        // A task may receive about 128 messages in one poll.
        let more = case.size_near("heartbeats of other peers before it", 128, 0..=300) as PeerId;
        let with_4 = *case.pick("another peer is silent", &[false, true]);
        let reports = reports_at_the_limit(limit, more, with_4).await;
        let due = (limit, Change::Silent(4));
        let expected = if with_4 { vec![due] } else { Vec::new() };
        let usually = match reports.iter().any(|report| *report != due) {
            true => why_it_is_late(limit).await,
            false => (reports != expected).then_some(
                "that the deadline is not computed again from all peers after a heartbeat: one that arrives when the limit of \
                 another peer is up hides that.",
            ),
        };
        check(reports == expected, || {
            Failure::new(format!(
                "A heartbeat of peer 3 is in the channel at the end of the limit of {}{}, so {} should be reported; it was {}.",
                in_ms(limit),
                if with_4 { ", and none of peer 4" } else { "" },
                list_of(&expected),
                list_of(&reports)
            ))
            .usually_if(usually)
            .read(EXACTLY)
        });
    });
}

/// Why a heartbeat in the channel is not in time: how many others may be before it.
async fn why_it_is_late(limit: Duration) -> Option<&'static str> {
    // Some answers choose at random what they look at first.
    let mut alone_is_late = false;
    for _ in 0..16 {
        alone_is_late |= !reports_at_the_limit(limit, 0, false).await.is_empty();
    }
    if alone_is_late {
        return Some(
            "that the timer is looked at before the channel, or that both are tried in a random order.",
        );
    }
    if !reports_at_the_limit(limit, 50, false).await.is_empty() {
        return Some(
            "that the peers are looked at after the first heartbeat. All heartbeats that have arrived count.",
        );
    }
    let late_after_many = !reports_at_the_limit(limit, 300, false).await.is_empty();
    late_after_many.then_some(
        "that the channel is taken to be empty when `recv` is pending. tokio lets a task receive about 128 messages in one \
         poll; then `recv` is pending, and so is `now_or_never`, until the task has yielded. `try_recv` has no such limit.",
    )
}

#[test]
fn any_heartbeats() {
    grade_cases(async |case| {
        let (limit, count) = (limit(&case), case.size("heartbeats", 0..=40));
        let gaps = case.whole_ms_each("between them", count, 60);
        let peers = case.numbers("peers", count, 3);
        let ids: [PeerId; 4] = *case.pick("their ids", &IDS);
        let mut beats: Vec<(Duration, PeerId)> = Vec::new();
        for (&gap, &peer) in gaps.iter().zip(&peers) {
            beats.push((without_tie(&beats, gap, limit), ids[peer as usize]));
        }
        let open_for = case.whole_ms("closed after", 200);
        let open_for = without_tie(&beats, open_for, limit);
        let seen = run(&beats, open_for, limit).await;
        let expected = expected(&beats, open_for, limit);
        let is_missed = |report: &&(Duration, Change)| !seen.reports.contains(report);
        let missed: Vec<_> = expected.iter().filter(is_missed).collect();
        let closed = beats.iter().map(|(gap, _)| *gap).sum::<Duration>() + open_for;
        let only_missed = !missed.is_empty() && seen.reports.len() + missed.len() == expected.len();
        let usually = if only_missed
            && missed
                .iter()
                .all(|(at, change)| *at == closed && matches!(change, Change::Back(_)))
        {
            Some(
                "that the function ends when the senders are gone, although heartbeats are left in the channel. It is closed \
                 then, and not yet empty.",
            )
        } else if seen.reports != expected && ids != IDS[0] {
            let small = |id: &PeerId| {
                ids.iter().position(|other| other == id).unwrap_or_default() as PeerId
            };
            let beats: Vec<_> = beats.iter().map(|(gap, id)| (*gap, small(id))).collect();
            let seen = run(&beats, open_for, limit).await;
            (seen.reports == super::watch_heartbeats::expected(&beats, open_for, limit)).then_some(
                "that two peers are taken for one, because they are kept by a part of their ids: with the ids 0 to 3 the \
                 same heartbeats are reported as they should be.",
            )
        } else {
            None
        };
        check_reports(
            &seen,
            &expected,
            &format!("With a limit of {},", in_ms(limit)),
            usually,
            DEADLINE,
        );
    });
}

/// Ids whose last bits, or remainders, are the same.
const IDS: [[PeerId; 4]; 4] = [
    [0, 1, 2, 3],
    [5, 5 + (1 << 8), 5 + (1 << 16), 5 + (1 << 31)],
    [24, 1_024, 2_024, 1_000_024],
    [7, 7 + (1 << 10), PeerId::MAX - 1, PeerId::MAX],
];

/// The time `gap` after the last heartbeat, or a little more, so that no limit is up at that instant.
fn without_tie(beats: &[(Duration, PeerId)], mut gap: Duration, limit: Duration) -> Duration {
    loop {
        let mut since = gap;
        let is_tie = beats.iter().rev().any(|(before, _)| {
            let is_up = since == limit;
            since += *before;
            is_up
        });
        if !is_tie {
            return gap;
        }
        gap += ms(1);
    }
}

#[test]
fn reports_nothing_when_dropped() {
    drop_at_every_await(
        async || {
            let log = Log::start();
            let (tx, beats) = mpsc::channel(8);
            let reported = log.clone();
            let answer = async move {
                let sending = async {
                    let open = tx.clone();
                    send_all(vec![(ms(20), 1), (ms(20), 2), (ms(90), 1)], tx).await;
                    sleep(ms(200)).await;
                    drop(open);
                };
                let report = |change| reported.add(change);
                tokio::join!(watch_heartbeats(beats, ms(50), report), sending);
            };
            (answer, log)
        },
        async |log| {
            let due = [
                (ms(70), Change::Silent(1)),
                (ms(90), Change::Silent(2)),
                (ms(130), Change::Back(1)),
                (ms(180), Change::Silent(1)),
            ];
            let (mut before, dropped) = (log.take(), log.clock().elapsed());
            sleep(ms(500)).await;
            let mut after = log.take();
            // Changes at the same instant are reported in any order.
            before.sort_unstable();
            after.sort_unstable();
            check(due.starts_with(&before) && after.is_empty(), || {
                Failure::new(format!(
                    "The future was dropped at {}. Nothing should be reported by that or after it; at that instant and before \
                     {} was reported, and later {}.",
                    in_ms(dropped),
                    list_of(&before),
                    list_of(&after)
                ))
                .usually_if(
                    (after.is_empty() && !due.starts_with(&before))
                        .then_some("that a destructor reports the peers that are watched."),
                )
                .read("gather-racing.html#the-losing-future-is-dropped")
            });
        },
    );
}
