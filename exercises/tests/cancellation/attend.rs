//! `attend`: one piece of work, one deadline, and a bell.

use super::*;
use exercises::cancellation::attend;
use grading::Counted;

/// Work of `time`, in two halves; it notes how it begins and ends.
async fn work(log: Log, time: u64) -> &'static str {
    log.note("begins");
    sleep(ms(time) / 2).await;
    sleep(ms(time) / 2).await;
    log.note("ends");
    "Moby-Dick"
}

/// Rings every 5 ms, six times.
fn ringing() -> mpsc::Receiver<u32> {
    let (ring, bell) = mpsc::channel(100);
    tokio::spawn(async move {
        for reader in 1..=6 {
            sleep(ms(5)).await;
            let _ = ring.send(reader).await;
        }
        sleep(ms(1000)).await;
    });
    bell
}

#[test]
fn gives_what_the_work_gives() {
    grade(async || {
        let (log, mut bell) = (Log::start(), ringing());
        let clock = Clock::start();
        let seen = attend(work(log, 24), &mut bell, |_| {}, ms(100)).await;
        check(
            seen == Some("Moby-Dick") && clock.elapsed() == ms(24),
            || {
                Failure::new(format!(
                "The work takes 24 ms, and the bell rings every 5 ms: it should give Some(\"Moby-Dick\") at 24 ms; it gave \
                 {seen:?} at {}.",
                in_ms(clock.elapsed())
            ))
            .usually("that each ring begins the work anew. Make it before the loop, pin it, and lend it to each round.")
            .read(ANEW)
            },
        );
    });
}

#[test]
fn answers_each_ring_at_its_instant() {
    grade(async || {
        let (log, mut bell) = (Log::start(), ringing());
        let noted = log.clone();
        attend(
            std::future::pending::<()>(),
            &mut bell,
            |n| noted.note(format!("ring {n}")),
            ms(22),
        )
        .await;
        let expected: Vec<_> = (1..=4).map(|n| (format!("ring {n}"), ms(5 * n))).collect();
        check(log.all() == expected, || {
            Failure::new(format!(
                "The bell rings at 5, 10, 15 and 20 ms, and each ring should be answered then; the answers were {}.",
                log.told()
            ))
            .usually("that nobody polls the bell while the work is waited for, or that the loop ends after one ring.")
            .read(ROUND)
        });
    });
}

#[test]
fn a_ring_does_not_move_the_deadline() {
    grade(async || {
        let mut bell = ringing();
        let clock = Clock::start();
        let seen = attend(std::future::pending::<()>(), &mut bell, |_| {}, ms(22)).await;
        check(seen.is_none(), || {
            Failure::new("Work that is never ready should give None at the deadline.")
                .read(DEADLINE)
        });
        check_instant(
            clock.elapsed(),
            ms(22),
            "The deadline, 22 ms after the first poll, should end it",
            "that each round makes a new `sleep`, so that each ring begins the patience anew.",
            PATIENCE,
        );
    });
}

#[test]
fn work_that_is_ready_at_the_deadline_counts() {
    // Often enough that an answer which leaves it to chance is found out.
    for time in [20; 20] {
        grade(async || {
            let (log, mut bell) = (Log::start(), ringing());
            let seen = attend(work(log, time), &mut bell, |_| {}, ms(time)).await;
            check(seen.is_some(), || {
                Failure::new(format!(
                    "The work is ready at {time} ms, which is the deadline: that counts; it gave {seen:?}."
                ))
                .usually("that the deadline is looked at first, or that it is left to chance. The order of the branches counts if you say `biased`.")
                .read("cancellation-select.html#who-is-asked-first")
            });
        });
    }
}

#[test]
fn goes_on_when_nobody_can_ring() {
    grade(async || {
        let log = Log::start();
        let (ring, mut bell) = mpsc::channel(1);
        drop(ring);
        let clock = Clock::start();
        let answer = Counted::new(attend(work(log, 24), &mut bell, |_| {}, ms(100)));
        let counts = answer.counts();
        let seen = answer.await;
        check(
            seen.is_some() && clock.elapsed() == ms(24) && counts.polls() < 10,
            || {
                Failure::new(format!(
                "Nobody can ring any more; the work should still be done, at 24 ms and within a few polls; it gave {seen:?} at {} \
                 after {} polls.",
                in_ms(clock.elapsed()),
                counts.polls()
            ))
            .usually("that `None` from the bell ends the answer. A pattern `Some(..)` that does not fit takes the branch out of the round.")
            .read(ROUND)
            },
        );
    });
}

#[test]
fn the_work_is_dropped_at_the_deadline() {
    grade(async || {
        let (tasks, inside) = (Tasks::baseline(), Gauge::new());
        let (_ring, mut bell) = mpsc::channel(1);
        let guard = inside.enter();
        let work = async move {
            let _inside = guard;
            sleep(ms(50)).await;
        };
        attend(work, &mut bell, |_| {}, ms(22)).await;
        check_nothing_left(tasks, &inside, "At the deadline").await;
    });
}

#[test]
fn loses_no_ring_when_dropped() {
    drop_at_every_await(
        async || {
            let (log, inside) = (Log::start(), Gauge::new());
            let bell = Arc::new(tokio::sync::Mutex::new(ringing()));
            let tasks = Tasks::baseline();
            let (answer, noted, guard) = (Arc::clone(&bell), log.clone(), inside.enter());
            let answer = async move {
                let work = async move {
                    let _inside = guard;
                    sleep(ms(23)).await;
                };
                let mut bell = answer.lock().await;
                attend(work, &mut bell, |n| noted.note(n.to_string()), ms(100)).await;
            };
            (answer, (bell, log, tasks, inside))
        },
        async |(bell, log, tasks, inside)| {
            check_nothing_left(tasks, &inside, "When it is dropped").await;
            sleep(ms(100)).await;
            let mut rings: Vec<_> = log.all().into_iter().map(|(ring, _)| ring).collect();
            let mut bell = bell.lock().await;
            rings.extend(std::iter::from_fn(|| bell.try_recv().ok()).map(|n| n.to_string()));
            check(rings == ["1", "2", "3", "4", "5", "6"], || {
                Failure::new(format!(
                    "Each of six rings should be answered, or still be in the channel, in its order; these are: {rings:?}."
                ))
                .usually("that a ring is taken out of the channel before it can be answered, and dropped with the answer.")
                .read(NOT_SENT)
            });
        },
    );
}

#[test]
fn keeps_the_deadline_when_nobody_can_ring() {
    grade(async || {
        let (ring, mut bell) = mpsc::channel::<u32>(1);
        tokio::spawn(async move {
            sleep(ms(10)).await;
            drop(ring);
        });
        let clock = Clock::start();
        let attended = attend(std::future::pending::<()>(), &mut bell, |_| {}, ms(22));
        let seen = timeout(ms(1000), attended).await;
        let at = clock.elapsed();
        check(seen == Ok(None) && at == ms(22), || {
            let seen = if seen.is_ok() {
                "it did so"
            } else {
                "it still waits"
            };
            Failure::new(format!(
                "From 10 ms on nobody can ring, and the work is never ready. It should give None at its deadline, 22 ms; {seen} \
                 at {}.",
                in_ms(at)
            ))
            .usually("that the work is awaited alone when the bell is finished, without the deadline or with a new one.")
            .read(DEADLINE)
        });
    });
}

#[test]
fn a_bell_that_is_never_silent_keeps_nobody() {
    grade(async || {
        let (ring, mut bell) = mpsc::channel(1);
        let _ = ring.try_send(1);
        let mut answered = 0;
        let rings_again = |reader| {
            answered = reader;
            if answered < 1000 {
                let _ = ring.try_send(reader + 1);
            }
        };
        attend(std::future::pending::<()>(), &mut bell, rings_again, ms(0)).await;
        check(answered < 1000, || {
            Failure::new(
                "Each answer makes the bell ring again, and the time is over at once: it should give None; it answered 1000 \
                 rings before.",
            )
            .usually("that the bell is looked at first. Under `biased;` it starves all that stands below.")
            .read(STARVES)
        });
    });
}

#[test]
fn the_time_is_counted_from_the_first_poll() {
    grade(async || {
        let (_ring, mut bell) = mpsc::channel(1);
        let attended = attend(std::future::pending::<()>(), &mut bell, |_| {}, ms(22));
        sleep(ms(10)).await;
        let clock = Clock::start();
        attended.await;
        check_instant(
            clock.elapsed(),
            ms(22),
            "Its future is made, and 10 ms later polled for the first time. From then on it should take",
            "that the deadline is made when the function is called, and not in its future.",
            DEADLINE,
        );
    });
}
