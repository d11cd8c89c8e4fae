//! `all_or_none`: the first error stops the others, and waits until they are gone.

use super::*;
use exercises::tasks::all_or_none;
use futures::future::BoxFuture;

type Job = BoxFuture<'static, Result<String, String>>;

#[test]
fn each_job_has_a_task() {
    grade(async || {
        let lab = Lab::default();
        let _ = all_or_none(three(&lab, [20, 40, 10])).await;
        check_own_tasks(&lab, 3);
    });
}

#[test]
fn keeps_the_order_of_jobs() {
    for times in EVERY_ORDER {
        grade(async || {
            let clock = Clock::start();
            let results = all_or_none(three(&Lab::default(), times)).await;
            check_input_order(&results.unwrap_or_default(), &times);
            check_overlap(&clock, &times);
        });
    }
}

#[test]
fn the_first_error_in_time_is_the_result() {
    grade(async || {
        let (lab, clock) = (Lab::default(), Clock::start());
        let outcome = all_or_none(failing(&lab, Ending::Spoiled)).await;
        let took = clock.elapsed();
        let expected = Err(lab::spoiled("Ben's"));
        check((&outcome, took) == (&expected, ms(20)), || {
            let miss = Failure::new(format!(
                "The first error in time should be the result, {expected:?} after 20 ms; it was {outcome:?} after {}.",
                in_ms(took)
            ));
            if took > ms(20) && took < ms(40) {
                miss.usually("that it waits for something else when the error is there already.")
            } else if took > ms(20) {
                miss.usually(
                    "that the results are looked at in input order, or after all have come. A `JoinSet` gives each at its \
                     instant.",
                )
            } else {
                miss.usually("that an error was passed over.")
            }
            .read(GROUP)
        });
    });
}

#[test]
fn after_an_error_the_others_are_gone() {
    grade(async || {
        let (lab, tasks) = (Lab::default(), Tasks::baseline());
        let _ = all_or_none(failing(&lab, Ending::Spoiled)).await;
        let at_once = lab.at_work();
        check_all_begun(&lab, 1003);
        check_gone(&lab, tasks, at_once, "When it returns an error").await;
        let ended = lab.ended();
        check(ended == ["Ben's"], || {
            Failure::new(format!(
                "An error after 20 ms should stop the other jobs; these came to their end: {ended:?}."
            ))
            .usually("that the others are waited for, and not aborted.")
            .read(GROUP)
        });
    });
}

#[test]
fn after_a_panic_the_others_are_gone() {
    grade(async || {
        let (lab, tasks) = (Lab::default(), Tasks::baseline());
        let outcome = caught(all_or_none(failing(&lab, Ending::Exploded))).await;
        let at_once = lab.at_work();
        let said = match &outcome {
            Ok(_) => "no panic".to_owned(),
            Err(panic) => format!("{:?}", words(&**panic)),
        };
        let expected = format!("{:?}", lab::exploded("Ben's"));
        check(said == expected, || {
            Failure::new(format!(
                "A job that panics should make the function panic, with {expected}; there was {said}."
            ))
            .usually("that the join error was passed over, or unwrapped, which panics with other words.")
            .read(JOIN_ERROR)
        });
        check_gone(&lab, tasks, at_once, "When it panics").await;
        let ended = lab.ended();
        check(ended == ["Ben's"], || {
            Failure::new(format!(
                "A panic after 20 ms should stop the other jobs; {} came to their end.",
                jobs(ended.len().saturating_sub(1))
            ))
            .usually("that the others are waited for, and not aborted.")
            .read(GROUP)
        });
    });
}

#[test]
fn a_panic_keeps_its_payload() {
    grade(async || {
        let job: Job = async { std::panic::panic_any(7_u32) }.boxed();
        check_payload(caught(all_or_none(vec![job])).await);
    });
}

#[test]
fn a_dropped_answer_stops_all_jobs() {
    drop_at_every_await(
        async || {
            let (lab, tasks) = (Lab::default(), Tasks::baseline());
            (all_or_none(three(&lab, [20, 40, 10])), (lab, tasks))
        },
        async |(lab, tasks)| check_nothing_runs_on(&lab, tasks, "Then").await,
    );
}

#[test]
fn no_jobs_are_all_done() {
    grade(async || {
        let outcome = caught(all_or_none(Vec::<Job>::new())).await;
        let empty = matches!(&outcome, Ok(Ok(results)) if results.is_empty());
        check(empty, || {
            Failure::new(
                "Without any jobs there should be Ok of an empty list; there was something else.",
            )
        });
    });
}

fn three(lab: &Lab, times: [u64; 3]) -> Vec<Job> {
    let films = FILMS.into_iter().zip(times);
    films
        .map(|(film, time)| lab.ending(film, time, Ending::Developed))
        .collect()
}

/// Jobs of 60, 20 and 40 ms, of which the second ends like this and the third is spoiled. And more of 60 ms than
/// tokio polls in one go, so that another turn is not enough for all of them.
fn failing(lab: &Lab, ending: Ending) -> Vec<Job> {
    let mut jobs = vec![
        lab.ending("Anna's", 60, Ending::Developed),
        lab.ending("Ben's", 20, ending),
        lab.ending("Cleo's", 40, Ending::Spoiled),
    ];
    jobs.extend((0..1000).map(|_| lab.one_of_many(60)));
    jobs
}
