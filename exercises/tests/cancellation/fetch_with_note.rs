//! `fetch_with_note`: two that need the same lift, and one who waits for both.

use super::*;
use exercises::cancellation::fetch_with_note;

type Lift = tokio::sync::Mutex<()>;

/// Rides the lift for `time`, when it is its turn.
async fn ride(lift: &Lift, log: &Log, what: &str, time: u64) {
    log.note(format!("{what} begins"));
    let _lift = lift.lock().await;
    sleep(ms(time)).await;
    log.note(format!("{what} ends"));
}

/// Needs no lift.
async fn walk(log: &Log, what: &str, time: u64) {
    log.note(format!("{what} begins"));
    sleep(ms(time)).await;
    log.note(format!("{what} ends"));
}

fn check_log(log: &Log, expected: &[(&str, u64)], usually: &str, page: &str) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(what, at)| ((*what).to_owned(), ms(*at)))
        .collect();
    check(log.all() == expected, || {
        let told = expected
            .iter()
            .map(|(what, at)| format!("{what} at {}", in_ms(*at)));
        Failure::new(format!(
            "This should happen: [{}]; this happened: {}.",
            told.collect::<Vec<_>>().join(", "),
            log.told()
        ))
        .usually(usually)
        .read(page)
    });
}

#[test]
fn a_quick_fetch_needs_no_note() {
    grade(async || {
        let (lift, log) = (Lift::default(), Log::start());
        let fetch = async {
            ride(&lift, &log, "fetch", 8).await;
            "Ulysses"
        };
        let book = fetch_with_note(fetch, ms(10), ride(&lift, &log, "note", 5)).await;
        check(book == "Ulysses", || {
            Failure::new("It should return what `fetch` gives.")
        });
        log.note("returns");
        let expected = [("fetch begins", 0), ("fetch ends", 8), ("returns", 8)];
        check_log(
            &log,
            &expected,
            "that the note is sent in any case, or begins with the fetch.",
            ROUND,
        );
    });
}

#[test]
fn waits_for_both_when_the_fetch_has_the_lift() {
    grade(async || {
        let (lift, log) = (Lift::default(), Log::start());
        let fetch = ride(&lift, &log, "fetch", 40);
        fetch_with_note(fetch, ms(10), ride(&lift, &log, "note", 5)).await;
        log.note("returns");
        let expected = [
            ("fetch begins", 0),
            ("note begins", 10),
            ("fetch ends", 40),
            ("note ends", 45),
            ("returns", 45),
        ];
        let usually = if log.times_of("note ends").is_empty()
            && !log.times_of("fetch ends").is_empty()
        {
            "that the note is dropped when the fetch is ready. It is awaited to its end."
        } else {
            "that the fetch is begun anew, or dropped, when the patience is over. It is polled on."
        };
        check_log(&log, &expected, usually, WAYS_OUT);
    });
}

/// Somebody else has the lift until 30 ms. The fetch is the next in its queue, and is handed the lift while the note waits.
#[test]
fn does_not_hang_when_the_lift_is_handed_on() {
    grade(async || {
        let (lift, log) = (Lift::default(), Log::start());
        let other = async {
            let _lift = lift.lock().await;
            sleep(ms(30)).await;
        };
        let answer = async {
            let fetch = ride(&lift, &log, "fetch", 20);
            let answer = fetch_with_note(fetch, ms(10), ride(&lift, &log, "note", 5));
            let in_time = timeout(ms(1000), answer).await.is_ok();
            check(in_time, || {
                Failure::new(
                    "At 30 ms the lift is handed to `fetch`, which has waited longest, and at 50 ms to `note`; all should be \
                     done at 55 ms. At 1000 ms nothing had happened.",
                )
                .usually(
                    "a futurelock: `note` is awaited alone, and waits for a lift that was handed to `fetch`, which nobody \
                     polls.",
                )
                .read(FUTURELOCK)
            });
            log.note("returns");
        };
        tokio::join!(biased; other, answer);
        let expected = [
            ("fetch begins", 0),
            ("note begins", 10),
            ("fetch ends", 50),
            ("note ends", 55),
            ("returns", 55),
        ];
        check_log(
            &log,
            &expected,
            "that one of the two has lost its place in the queue.",
            WAYS_OUT,
        );
    });
}

#[test]
fn both_go_on_beside_each_other() {
    for (fetch, note, end) in [(100, 20, 100), (20, 50, 60), (30, 20, 30)] {
        grade(async || {
            let log = Log::start();
            let answer =
                fetch_with_note(walk(&log, "fetch", fetch), ms(10), walk(&log, "note", note));
            answer.await;
            check_instant(
                log.clock.elapsed(),
                ms(end),
                &format!(
                    "A fetch of {fetch} ms and a note of {note} ms from 10 ms on should be done"
                ),
                "that one of them waits for the other, or is not waited for.",
                WAYS_OUT,
            );
            let seen = ["fetch begins", "fetch ends", "note begins", "note ends"]
                .map(|what| log.count(what));
            check(seen == [1; 4], || {
                Failure::new(format!(
                    "Each should begin once and end once; this happened: {}.",
                    log.told()
                ))
                .usually("that one was dropped before its end, or called a second time.")
                .read(WAYS_OUT)
            });
        });
    }
}

#[test]
fn drops_both_when_dropped() {
    drop_at_every_await(
        async || {
            let (inside, tasks) = (Gauge::new(), Tasks::baseline());
            let piece = |time| {
                let inside = inside.clone();
                async move {
                    let _inside = inside.enter();
                    sleep(ms(time)).await;
                    sleep(ms(time)).await;
                }
            };
            (
                fetch_with_note(piece(20), ms(10), piece(15)),
                (tasks, inside),
            )
        },
        async |(tasks, inside)| check_nothing_left(tasks, &inside, "When it is dropped").await,
    );
}
