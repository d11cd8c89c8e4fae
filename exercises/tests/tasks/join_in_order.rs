//! `join_in_order`: each job on a task, the outputs in input order.

use super::*;
use exercises::tasks::join_in_order;

#[test]
fn each_job_runs_on_its_own_task() {
    // An answer may treat a single job in another way.
    for count in [3, 1, 2] {
        grade(async || {
            let jobs = Jobs::default();
            let few = three(&jobs, [20, 40, 10]).into_iter().take(count).collect();
            join_in_order(few).await;
            check_own_tasks(&jobs, count);
        });
    }
}

#[test]
fn jobs_overlap() {
    for times in EVERY_ORDER {
        grade(async || {
            let clock = Clock::start();
            let answer = Counted::new(join_in_order(three(&Jobs::default(), times)));
            let counts = answer.counts();
            answer.await;
            counts.check_polls(15, JOIN_SET);
            check_overlap(&clock, &times);
        });
    }
}

#[test]
fn keeps_the_input_order() {
    for times in EVERY_ORDER {
        grade(async || {
            let outputs = join_in_order(three(&Jobs::default(), times)).await;
            check_input_order(&outputs, &times);
        });
    }
    grade(async || {
        let jobs = (0..300).map(|job| async move {
            sleep(ms(300 - job)).await;
            job
        });
        let outputs = join_in_order(jobs.collect()).await;
        check(outputs.iter().copied().eq(0..300), || {
            Failure::new("300 jobs end in reverse order, and should return their outputs in input order; they did not.")
                .read(COMPLETION_ORDER)
        });
    });
}

#[test]
fn panics_at_the_instant_of_the_job() {
    grade(async || {
        let (jobs, clock) = (Jobs::default(), Clock::start());
        let outcome = caught(join_in_order(the_third_panics(&jobs))).await;
        let took = clock.elapsed();
        check_panic(&outcome, &jobs::panic_message("report"));
        check(took == ms(20), || {
            Failure::new(format!(
                "Jobs of 60, 40, 20 and 80 ms: the third panics, and the function should panic at that instant, after \
                 20 ms; it panicked after {}.",
                in_ms(took)
            ))
            .usually(if took == ms(60) {
                "that the handles are awaited in input order: then a panic is seen only after all the jobs before it."
            } else {
                "that the answer has the panic and waits for something else before it continues it."
            })
            .read(COMPLETION_ORDER)
        });
    });
}

#[test]
fn one_of_many_jobs_panics() {
    grade(async || {
        let (jobs, clock) = (Jobs::default(), Clock::start());
        let many = (0..99).map(|_| jobs.unnamed(60).map(drop).boxed());
        let many: Vec<_> = many.chain([jobs.panicking("report", 20)]).collect();
        let _ = caught(join_in_order(many)).await;
        let took = clock.elapsed();
        check(took == ms(20), || {
            let failure = Failure::new(format!(
                "The last of 100 jobs panics after 20 ms, and so should the function; it panicked after {}.",
                in_ms(took)
            ));
            if took == ms(60) {
                failure
                    .usually(
                        "that `try_join_all` was used: with more than 30 futures it looks at the results in input \
                         order. A `JoinSet` returns each one when it is there.",
                    )
                    .read("gather-futures-unordered.html#try_join_all-with-more-than-30-futures")
            } else {
                failure
                    .usually(
                        "that the answer limits how many jobs run at a time, and spawns the next one when one has \
                         ended.",
                    )
                    .read(JOIN_SET)
            }
        });
    });
}

#[test]
fn a_panic_keeps_its_payload() {
    grade_cases(async |case| {
        let (payload, _) = drawn_payload(&case);
        let expected = described(&*payload);
        let job = async { std::panic::resume_unwind(payload) };
        check_payload(
            caught(join_in_order(vec![job.map(|_: ()| ()).boxed()])).await,
            &expected,
        );
    });
}

#[test]
fn a_panic_stops_the_other_jobs() {
    grade(async || {
        let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
        let _ = caught(join_in_order(the_third_panics(&jobs))).await;
        check_nothing_runs_on(&jobs, tasks, "After a panic").await;
    });
}

#[test]
fn dropping_the_future_stops_all_jobs() {
    drop_at_every_await(
        async || {
            let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
            (join_in_order(three(&jobs, [20, 40, 10])), (jobs, tasks))
        },
        async |(jobs, tasks)| check_nothing_runs_on(&jobs, tasks, "Then").await,
    );
}

#[test]
fn dropping_the_future_stops_any_number_of_jobs() {
    dropped_with_many_jobs(async |jobs| {
        join_in_order(jobs).await;
    });
}

#[test]
fn a_panic_that_drops_the_future_stops_all_jobs() {
    grade(async || {
        let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
        dropped_by_a_panic(join_in_order(three(&jobs, [20, 40, 30]))).await;
        check_nothing_runs_on(&jobs, tasks, DROPPED_BY_A_PANIC).await;
    });
}

#[test]
fn long_jobs_are_waited_for() {
    grade_cases(async |case| {
        let (time, clock) = (case.long_time("each job takes"), Clock::start());
        let jobs = [7, 8].map(|output| sleep(time).map(move |()| output).boxed());
        let outputs = join_in_order(jobs.into()).await;
        let returned = clock.elapsed();
        check(outputs == [7, 8] && returned == time, || {
            Failure::new(format!(
                "Jobs of {} should return [7, 8] then; they returned {outputs:?} after {}.",
                in_ms(time),
                in_ms(returned)
            ))
            .usually_if((returned < time).then_some(GIVEN_UP))
            .read(JOIN_SET)
        });
    });
}

#[test]
fn no_jobs_give_an_empty_list() {
    grade(async || {
        let none: Vec<std::future::Ready<u32>> = Vec::new();
        let outcome = caught(join_in_order(none)).await;
        check(outcome.as_ref().is_ok_and(Vec::is_empty), || {
            let seen = match &outcome {
                Ok(outputs) => format!("it returned {}", plural(outputs.len(), "output")),
                Err(panic) => format!("it panicked with {:?}", message(&**panic)),
            };
            Failure::new(format!(
                "Without jobs the function should return an empty list; {seen}."
            ))
        });
    });
}

#[test]
fn any_jobs_in_order_or_the_first_panic() {
    grade_cases(async |case| {
        let (drawn, tasks) = (DrawnJobs::new(&case, false), Tasks::baseline());
        let (clock, jobs) = (Clock::start(), drawn.jobs());
        let jobs: Vec<_> = jobs
            .into_iter()
            .map(|job| job.map(|output| output.unwrap_or_default()))
            .collect();
        let answer = Counted::new(caught(join_in_order(jobs)));
        let counts = answer.counts();
        let outcome = match answer.await {
            Ok(outputs) => Outcome::Outputs(outputs),
            Err(payload) => Outcome::Panic(payload.downcast_ref().copied()),
        };
        check_drawn(&drawn, &outcome, clock.elapsed(), COMPLETION_ORDER);
        counts.check_polls(3 * drawn.times.len() + 10, JOIN_SET);
        tasks.check_none_left_behind().await;
    });
}

fn three(jobs: &Jobs, times: [u64; 3]) -> Vec<BoxFuture<'static, String>> {
    let named = NAMES.into_iter().zip(times);
    named.map(|(name, time)| jobs.job(name, time)).collect()
}

/// Jobs of 60, 40, 20 and 80 ms, of which the third panics.
fn the_third_panics(jobs: &Jobs) -> Vec<BoxFuture<'static, ()>> {
    vec![
        jobs.without_output("thumbnail", 60),
        jobs.without_output("email", 40),
        jobs.panicking("report", 20),
        jobs.without_output("backup", 80),
    ]
}
