//! `Background`: jobs that nobody waits for, and a callback that hears of each.

use std::sync::{Arc, Mutex};

use super::*;
use exercises::tasks::{Background, Spoiled};
use tokio::time::timeout;

#[test]
fn jobs_begin_without_being_awaited() {
    grade(async || {
        let lab = Lab::default();
        let (background, _told) = listening();
        for film in FILMS {
            background.start(film, lab.silent(film, 30));
        }
        sleep(ms(1)).await;
        check_own_tasks(&lab, 3);
    });
}

#[test]
fn tells_of_each_job_once_at_its_end() {
    for times in EVERY_ORDER {
        grade(async || {
            let lab = Lab::default();
            let (background, told) = listening();
            for (film, time) in FILMS.into_iter().zip(times) {
                background.start(film, lab.silent(film, time));
            }
            sleep(ms(100)).await;
            let mut expected: Vec<_> = FILMS.into_iter().zip(times).collect();
            expected.sort_by_key(|(_, time)| *time);
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(film, time)| (film.to_owned(), Ok(()), ms(time)))
                .collect();
            check_told(&told, &expected);
        });
    }
}

#[test]
fn a_job_begins_while_others_run() {
    grade(async || {
        let lab = Lab::default();
        let (background, told) = listening();
        background.start("Anna's", lab.silent("Anna's", 40));
        sleep(ms(10)).await;
        background.start("Ben's", lab.silent("Ben's", 20));
        sleep(ms(50)).await;
        background.start("Cleo's", lab.silent("Cleo's", 20));
        sleep(ms(100)).await;
        let expected = [("Ben's", 30), ("Anna's", 40), ("Cleo's", 80)];
        let expected = expected.map(|(name, at)| (name.to_owned(), Ok(()), ms(at)));
        check_told(&told, &expected);
    });
}

#[test]
fn tells_of_a_panic() {
    grade(async || {
        let lab = Lab::default();
        let (background, told) = listening();
        background.start("Anna's", lab.silent("Anna's", 30));
        background.start("Ben's", lab.exploding("Ben's", 20));
        sleep(ms(100)).await;
        let spoiled = Spoiled {
            message: lab::exploded("Ben's"),
        };
        let expected = [
            ("Ben's".to_owned(), Err(spoiled), ms(20)),
            ("Anna's".to_owned(), Ok(()), ms(30)),
        ];
        check_told(&told, &expected);
    });
}

#[test]
fn counts_what_is_running() {
    grade(async || {
        let lab = Lab::default();
        let (background, _told) = listening();
        let mut counts = vec![background.running()];
        background.start("Anna's", lab.silent("Anna's", 20));
        background.start("Ben's", lab.exploding("Ben's", 40));
        counts.push(background.running());
        for _ in 0..3 {
            sleep(ms(15)).await;
            counts.push(background.running());
        }
        check(counts == [0, 2, 2, 1, 0], || {
            Failure::new(format!(
                "Two jobs of 20 and 40 ms are started. There should be [0, 2, 2, 1, 0] running: before that, at once, and \
                 after 15, 30 and 45 ms; there were {counts:?}."
            ))
            .usually(if counts == [0, 4, 4, 2, 0] {
                "that two tasks are counted for each job: its own, and the one that waits for it. Track one of them."
            } else {
                "that a job is counted only when it begins, that one which panicked is counted for ever, or that the \
                 results of those that have ended are kept."
            })
            .read("tasks-come-and-go.html#tasks-that-come-and-go")
        });
    });
}

#[test]
fn finish_waits_for_all_and_for_the_telling() {
    grade(async || {
        let (lab, clock) = (Lab::default(), Clock::start());
        let (background, told) = listening();
        background.start("Anna's", lab.silent("Anna's", 20));
        background.start("Ben's", lab.exploding("Ben's", 10));
        // More than tokio polls in one go: whoever waits for the jobs and not for the telling is back before all are told of.
        for _ in 0..150 {
            background.start("another", lab.one_of_many(40).map(drop));
        }
        let finished = timeout(ms(60_000), caught(background.finish())).await;
        check(finished.is_ok(), || {
            Failure::new("`finish` should be over when the last job is, after 40 ms; after a minute it still waits.")
                .usually("that it waits for a tracker that nobody has closed.")
                .read("tasks-pitfalls.html#a-tracker-that-stays-open")
        });
        check(finished.is_ok_and(|outcome| outcome.is_ok()), || {
            Failure::new("A job that panics has ended; its panic came out of `finish`.")
                .usually("that a join error was unwrapped.")
                .read(JOIN_ERROR)
        });
        check_overlap(&clock, &[20, 10, 40]);
        let told = told.lock().unwrap().len();
        check(told == 152, || {
            Failure::new(format!(
                "When `finish` is over all 152 jobs should have been told of; {told} were."
            ))
            .usually(
                "that it waits for the jobs, and not for the tasks that call `on_end` after them.",
            )
            .read("tasks-come-and-go.html#tasks-that-come-and-go")
        });
    });
}

#[test]
fn dropping_it_stops_nothing() {
    grade(async || {
        let lab = Lab::default();
        let told = {
            let (background, told) = listening();
            background.start("Anna's", lab.silent("Anna's", 20));
            sleep(ms(10)).await;
            told
        };
        sleep(ms(100)).await;
        check_goes_on(&lab, &told, "its `Background`");
    });
}

#[test]
fn finish_is_over_at_once_when_nothing_runs() {
    grade(async || {
        let lab = Lab::default();
        let (empty, _told) = listening();
        let (ended, _told) = listening();
        ended.start("Anna's", lab.silent("Anna's", 20));
        sleep(ms(50)).await;
        for (background, what) in [
            (empty, "no job was started"),
            (ended, "all jobs have been told of"),
        ] {
            let clock = Clock::start();
            let finished = timeout(ms(60_000), background.finish()).await;
            check(finished.is_ok() && clock.elapsed().is_zero(), || {
                Failure::new(format!("`finish` should be over at once when {what}; it was not."))
                    .usually("that it waits to hear that a job ends, and none does any more. Look first, then wait.")
                    .read("tasks-come-and-go.html#tasks-that-come-and-go")
            });
        }
    });
}

#[test]
fn two_jobs_of_one_name_are_two() {
    grade(async || {
        let lab = Lab::default();
        let (background, _told) = listening();
        background.start("Anna's", lab.silent("Anna's", 20));
        background.start("Anna's", lab.silent("Anna's", 40));
        let mut counts = vec![background.running()];
        for _ in 0..2 {
            sleep(ms(30)).await;
            counts.push(background.running());
        }
        check(counts == [2, 1, 0], || {
            Failure::new(format!(
                "Two jobs of 20 and 40 ms are started under one name. There should be [2, 1, 0] running: at once, and \
                 after 30 and 60 ms; there were {counts:?}."
            ))
            .usually("that the jobs are kept by name, which has room for one of each.")
            .read("tasks-come-and-go.html#tasks-that-come-and-go")
        });
    });
}

#[test]
fn a_message_that_was_not_formatted_is_told_as_well() {
    grade(async || {
        let (background, told) = listening();
        background.start("Ben's", async { panic!("too hot") });
        background.start("Cleo's", async { std::panic::panic_any(7) });
        sleep(ms(1)).await;
        let spoiled = |message: &str| {
            Err(Spoiled {
                message: message.to_owned(),
            })
        };
        let expected = [("Ben's", "too hot"), ("Cleo's", "?")];
        let expected = expected.map(|(name, message)| (name.to_owned(), spoiled(message), ms(0)));
        check_told(&told, &expected);
    });
}

#[test]
fn dropping_finish_stops_nothing() {
    grade(async || {
        let lab = Lab::default();
        let (background, told) = listening();
        background.start("Anna's", lab.silent("Anna's", 20));
        let _ = timeout(ms(10), background.finish()).await;
        sleep(ms(100)).await;
        check_goes_on(&lab, &told, "the future of `finish`");
    });
}

type Told = Arc<Mutex<Vec<(String, Result<(), Spoiled>, Duration)>>>;

/// The one job came to its end and was told of once, although `what` was dropped meanwhile.
fn check_goes_on(lab: &Lab, told: &Told, what: &str) {
    let (ended, told) = (lab.ended().len(), told.lock().unwrap().len());
    check((ended, told) == (1, 1), || {
        let usually = match (ended, told) {
            (0, _) => {
                "that the job is in a `JoinSet`, which aborts what is in it when it is dropped."
            }
            (_, 0) => {
                "that whoever tells of the job is in a `JoinSet`, which aborts what is in it when it is dropped."
            }
            _ => "that it is told of twice.",
        };
        Failure::new(format!(
            "A job should come to its end, and be told of once, after {what} was dropped; {ended} ended, {told} told of."
        ))
        .usually(usually)
        .read(SCOPE)
    });
}

/// A `Background` whose callback notes the name, how it went, and the time.
fn listening() -> (Background, Told) {
    let (told, clock) = (Told::default(), Clock::start());
    let notes = Arc::clone(&told);
    let background = Background::new(move |name, outcome| {
        let note = (name.to_owned(), outcome, clock.elapsed());
        notes.lock().unwrap().push(note);
    });
    (background, told)
}

#[track_caller]
fn check_told(told: &Told, expected: &[(String, Result<(), Spoiled>, Duration)]) {
    let seen = told.lock().unwrap().clone();
    check(seen == expected, || {
        let spelled = |notes: &[(String, Result<(), Spoiled>, Duration)]| {
            let notes = notes.iter().map(|(name, outcome, at)| match outcome {
                Ok(()) => format!("{name} at {}", in_ms(*at)),
                Err(Spoiled { message }) => format!("{name} at {} with {message:?}", in_ms(*at)),
            });
            format!("[{}]", notes.collect::<Vec<_>>().join(", "))
        };
        let miss = Failure::new(format!(
            "`on_end` should be told {}; it was told {}.",
            spelled(expected),
            spelled(&seen)
        ));
        if seen.len() < expected.len() {
            miss.usually("that a task ends without calling it: one that panicked, or one that nobody awaits.")
        } else if seen.len() > expected.len() {
            miss.usually("that it is called twice for one job.")
        } else if !seen.iter().zip(expected).all(|(a, b)| (&a.0, a.2) == (&b.0, b.2)) {
            miss.usually(
                "that it is called for one job after the other, or when somebody asks, and not at the instant each ends.",
            )
        } else if seen.iter().zip(expected).any(|(a, b)| a.1.is_ok() != b.1.is_ok()) {
            miss.usually("that the outcome of the job's handle is not looked at: a job that panicked gives a join error.")
        } else if seen.iter().any(|(_, outcome, _)| matches!(outcome, Err(Spoiled { message }) if message == "?")) {
            miss.usually(
                "that one kind of payload was forgotten. It is a `String` if the message was formatted, and a `&str` if it \
                 was not.",
            )
        } else {
            miss.usually(
                "that the join error was printed. Its words are about the task; the panic is in `into_panic()`.",
            )
        }
        .read("tasks-come-and-go.html#tasks-that-come-and-go")
    });
}
