//! `Darkroom`: a scope that jobs can't leave.

use super::*;
use exercises::tasks::Darkroom;

#[test]
fn jobs_begin_without_being_awaited() {
    grade(async || {
        let lab = Lab::default();
        let _room = with_three(&lab, [20, 40, 10]);
        sleep(ms(1)).await;
        check_own_tasks(&lab, 3);
    });
}

#[test]
fn close_waits_for_all() {
    for times in EVERY_ORDER {
        grade(async || {
            let (lab, clock) = (Lab::default(), Clock::start());
            with_three(&lab, times).close().await;
            let ended = lab.ended().len();
            check(ended == 3, || {
                Failure::new(format!(
                    "After `close` all 3 jobs should have come to their end; {ended} did."
                ))
                .usually("that the jobs were stopped, or not waited for. `close` waits; to stop is what a drop does.")
                .read(SCOPE)
            });
            check_overlap(&clock, &times);
        });
    }
}

#[test]
fn close_is_over_at_once_when_nothing_runs() {
    grade(async || {
        let (lab, empty) = (Lab::default(), Darkroom::open());
        let room = with_three(&lab, [20, 40, 10]);
        sleep(ms(50)).await;
        for (room, what) in [
            (empty, "a room without jobs"),
            (room, "a room whose jobs have all ended"),
        ] {
            let clock = Clock::start();
            let closed = tokio::time::timeout(ms(60_000), caught(room.close())).await;
            let closed = closed.is_ok_and(|outcome| outcome.is_ok());
            check(closed && clock.elapsed().is_zero(), || {
                Failure::new(format!("To close {what} should take no time; it did not end, or not at once."))
                    .usually("that `close` waits to be told that a job ends, and none does any more. Look first, then wait.")
                    .read(SCOPE)
            });
        }
    });
}

#[test]
fn a_panic_stops_no_other() {
    grade(async || {
        let lab = Lab::default();
        let mut room = with_three(&lab, [20, 40, 15]);
        room.start(lab.exploding("Dora's", 10));
        let outcome = caught(room.close()).await;
        check(outcome.is_ok(), || {
            Failure::new("A job that panics has ended; its panic came out of `close`.")
                .usually("that a join error was unwrapped, or that `JoinSet::join_all` did it.")
                .read(JOIN_ERROR)
        });
        let ended = lab.ended().iter().filter(|film| *film != "Dora's").count();
        check(ended == 3, || {
            Failure::new(format!(
                "One of 4 jobs panics after 10 ms, and the others should come to their end; {ended} did."
            ))
            .usually("that a loop ends with the first join error, as `while let Some(Ok(_))` does.")
            .read("tasks-exercises.html#check-yourself")
        });
    });
}

#[test]
fn a_job_may_start_after_a_panic() {
    grade(async || {
        let (lab, mut room) = (Lab::default(), Darkroom::open());
        room.start(lab.exploding("Dora's", 10));
        sleep(ms(15)).await;
        let outcome = caught(async {
            room.start(lab.silent("Anna's", 20));
            room.close().await;
        })
        .await;
        let ended = lab.ended();
        check(outcome.is_ok() && ended == ["Dora's", "Anna's"], || {
            Failure::new(format!(
                "A job that panicked has ended. One that is started 5 ms later should come to its end as well; these did: \
                 {ended:?}."
            ))
            .usually("that `start` looks at those that have ended, and unwraps a join error.")
            .read(JOIN_ERROR)
        });
    });
}

#[test]
fn a_dropped_room_stops_its_jobs() {
    grade(async || {
        let (lab, tasks) = (Lab::default(), Tasks::baseline());
        {
            let _room = with_three(&lab, [20, 40, 10]);
            sleep(ms(15)).await;
        }
        check_nothing_runs_on(&lab, tasks, "When the room is dropped").await;
    });
}

#[test]
fn a_dropped_close_stops_its_jobs() {
    drop_at_every_await(
        async || {
            let (lab, tasks) = (Lab::default(), Tasks::baseline());
            let closed = {
                let lab = lab.clone();
                async move { with_three(&lab, [20, 40, 10]).close().await }
            };
            (closed, (lab, tasks))
        },
        async |(lab, tasks)| check_nothing_runs_on(&lab, tasks, "When `close` is dropped").await,
    );
}

fn with_three(lab: &Lab, times: [u64; 3]) -> Darkroom {
    let mut room = Darkroom::open();
    for (film, time) in FILMS.into_iter().zip(times) {
        room.start(lab.silent(film, time));
    }
    room
}
