//! `develop_all`: each job on a task, results in input order.

use super::*;
use exercises::tasks::develop_all;
use futures::future::BoxFuture;

#[test]
fn each_job_has_a_task() {
    grade(async || {
        let lab = Lab::default();
        develop_all(three(&lab, [20, 40, 10])).await;
        check_own_tasks(&lab, 3);
    });
}

#[test]
fn jobs_overlap() {
    for times in EVERY_ORDER {
        grade(async || {
            let clock = Clock::start();
            develop_all(three(&Lab::default(), times)).await;
            check_overlap(&clock, &times);
        });
    }
}

#[test]
fn keeps_the_order_of_jobs() {
    for times in EVERY_ORDER {
        grade(async || {
            let results = develop_all(three(&Lab::default(), times)).await;
            check_input_order(&results, &times);
        });
    }
}

#[test]
fn a_panic_goes_on_at_its_instant() {
    grade(async || {
        let (lab, clock) = (Lab::default(), Clock::start());
        let outcome = caught(develop_all(with_an_explosion(&lab))).await;
        let took = clock.elapsed();
        let said = match &outcome {
            Ok(_) => "no panic".to_owned(),
            Err(panic) => format!("{:?}", words(&**panic)),
        };
        let expected = format!("{:?}", lab::exploded("Cleo's"));
        check(said == expected, || {
            Failure::new(format!(
                "A job that panics should make the function panic, with {expected}; there was {said}."
            ))
            .usually(
                "that the join error was unwrapped, which panics with other words, or passed over. \
                 `resume_unwind(error.into_panic())` goes on with the panic itself.",
            )
            .read(JOIN_ERROR)
        });
        check(took == ms(20), || {
            Failure::new(format!(
                "The panic of a job after 20 ms should come out at that instant; it came after {}.",
                in_ms(took)
            ))
            .usually(
                "that the handles are awaited in input order: then a panic waits for all jobs in front of it.",
            )
            .read(SCOPE)
        });
    });
}

#[test]
fn many_jobs_panic_as_fast() {
    grade(async || {
        let (lab, clock) = (Lab::default(), Clock::start());
        let many = (0..99).map(|_| lab.one_of_many(60).map(drop).boxed());
        let jobs: Vec<_> = many.chain([lab.exploding("Cleo's", 20)]).collect();
        let _ = caught(develop_all(jobs)).await;
        let took = clock.elapsed();
        check(took == ms(20), || {
            let miss = Failure::new(format!(
                "The last of 100 jobs panics after 20 ms, and that should come out at that instant; it came after {}.",
                in_ms(took)
            ));
            if took == ms(60) {
                miss.usually(
                    "that `try_join_all` was used: of more than 30 futures it looks at the results in input order. A \
                     `JoinSet` gives each at its instant.",
                )
            } else {
                miss.usually("that only so many run at a time, and the next one when one of them has ended.")
            }
            .read("gather-futures-unordered.html#try_join_all-with-more-than-30-futures")
        });
    });
}

#[test]
fn a_panic_keeps_its_payload() {
    grade(async || {
        let job = async { std::panic::panic_any(7_u32) };
        check_payload(caught(develop_all(vec![job.map(|_: ()| ())])).await);
    });
}

#[test]
fn a_panic_stops_the_others() {
    grade(async || {
        let (lab, tasks) = (Lab::default(), Tasks::baseline());
        let _ = caught(develop_all(with_an_explosion(&lab))).await;
        check_nothing_runs_on(&lab, tasks, "After a panic").await;
    });
}

#[test]
fn a_dropped_answer_stops_all_jobs() {
    drop_at_every_await(
        async || {
            let (lab, tasks) = (Lab::default(), Tasks::baseline());
            (develop_all(three(&lab, [20, 40, 10])), (lab, tasks))
        },
        async |(lab, tasks)| check_nothing_runs_on(&lab, tasks, "Then").await,
    );
}

#[test]
fn no_jobs_give_no_results() {
    grade(async || {
        let none: Vec<std::future::Ready<u32>> = Vec::new();
        let outcome = caught(develop_all(none)).await;
        check(outcome.as_ref().is_ok_and(Vec::is_empty), || {
            Failure::new(
                "Without any jobs there should be an empty list; there was something else.",
            )
            .usually("that the list is expected to have a first element.")
        });
    });
}

fn three(lab: &Lab, times: [u64; 3]) -> Vec<BoxFuture<'static, String>> {
    let films = FILMS.into_iter().zip(times);
    films.map(|(film, time)| lab.job(film, time)).collect()
}

/// Jobs of 60, 40, 20 and 80 ms, of which the third panics.
fn with_an_explosion(lab: &Lab) -> Vec<BoxFuture<'static, ()>> {
    vec![
        lab.silent("Anna's", 60),
        lab.silent("Ben's", 40),
        lab.exploding("Cleo's", 20),
        lab.silent("Dora's", 80),
    ]
}
