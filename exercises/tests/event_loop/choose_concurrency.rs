//! `choose_concurrency`: the choice for workloads of all kinds, many of them near a limit.

use super::*;
use exercises::event_loop::{Choice, Workload, choose_concurrency};

#[path = "choose_concurrency_mistakes.rs"]
mod mistakes;

use mistakes::usual_mistake;

/// From the simplest to the most complex.
const WAYS: [Choice; 4] = [
    Choice::Sequential,
    Choice::Async,
    Choice::Threads,
    Choice::AsyncWithThreads,
];

const MAX_THREADS: u32 = 1000;
const CORES: u32 = 4;

/// Numbers of jobs: few, at the limit of threads, and more than fit into two bytes.
const JOBS: [u32; 14] = [0, 1, 2, 3, 4, 5, 8, 9, 20, 255, 999, 1_000, 1_001, 65_537];

/// A workload with times of any kind, or one where another way takes about a tenth longer than the fastest.
fn drawn_workload(case: &Case) -> Workload {
    let jobs = *case.pick("jobs", &JOBS);
    let compute = case.duration("compute", ms(30));
    let wait = case.duration("wait", ms(200));
    let for_a_tenth = wait_for_a_tenth(jobs, compute);
    let nanosecond = Duration::from_nanos(1);
    let wait = match *case.pick(
        "Async takes",
        &["any time", "a tenth longer", "less", "more"],
    ) {
        "a tenth longer" => for_a_tenth,
        "less" => for_a_tenth + nanosecond,
        "more" => for_a_tenth.saturating_sub(nanosecond),
        _ => wait,
    };
    Workload {
        jobs,
        wait,
        compute,
    }
}

/// With `Async`, this wait makes the whole take exactly a tenth longer than with four cores.
fn wait_for_a_tenth(jobs: u32, compute: Duration) -> Duration {
    compute * (10 * jobs).saturating_sub(11 * jobs.div_ceil(CORES))
}

/// Whether the system has room for the threads.
fn is_possible(way: Choice, jobs: u32) -> bool {
    way != Choice::Threads || jobs <= MAX_THREADS
}

/// How long the workload takes. Without jobs, that is no time.
fn time_of(way: Choice, workload: Workload) -> Duration {
    let Workload {
        jobs,
        wait,
        compute,
    } = workload;
    if jobs == 0 {
        return Duration::ZERO;
    }
    match way {
        Choice::Sequential => (wait + compute) * jobs,
        Choice::Async => wait + compute * jobs,
        // The waits overlap, and each core computes for its share of the jobs.
        Choice::Threads | Choice::AsyncWithThreads => wait + compute * jobs.div_ceil(CORES),
    }
}

/// The ways that take at most a tenth longer than the fastest one, the simplest first, and the fastest time.
fn good_ways(workload: Workload) -> (Vec<Choice>, Duration) {
    let possible = WAYS.into_iter();
    let times: Vec<_> = possible
        .filter(|way| is_possible(*way, workload.jobs))
        .map(|way| (way, time_of(way, workload)))
        .collect();
    let fastest = times.iter().map(|(_, time)| *time).min();
    let fastest = fastest.unwrap_or_default();
    let good = times.iter().filter(|(_, time)| *time * 10 <= fastest * 11);
    (good.map(|(way, _)| *way).collect(), fastest)
}

#[test]
fn no_other_way_is_faster() {
    grade_cases(async |case| {
        let workload = drawn_workload(&case);
        let choice = choose_concurrency(workload);
        // Another test finds a way that is not possible.
        if !is_possible(choice, workload.jobs) {
            return;
        }
        let (good, fastest) = good_ways(workload);
        let time = time_of(choice, workload);
        check(good.contains(&choice), || {
            let failure = Failure::new(format!(
                "{workload:?} takes {fastest:?} with {:?}; with your choice, {choice:?}, it takes {time:?}, which is more than \
                 a tenth longer.",
                fastest_way(workload)
            ));
            match usual_mistake() {
                Some(meaning) => failure.usually(meaning),
                None => failure,
            }
            .read("event-loop.html#when-to-use-async")
        });
    });
}

/// The simplest of the fastest ways.
fn fastest_way(workload: Workload) -> Choice {
    let possible = WAYS.into_iter();
    possible
        .filter(|way| is_possible(*way, workload.jobs))
        .min_by_key(|way| time_of(*way, workload))
        .unwrap_or(Choice::Sequential)
}

#[test]
fn no_simpler_way_is_as_fast() {
    grade_cases(async |case| {
        let workload = drawn_workload(&case);
        let choice = choose_concurrency(workload);
        let (good, fastest) = good_ways(workload);
        check(choice == good[0] || !good.contains(&choice), || {
            let time = time_of(good[0], workload);
            let failure = Failure::new(format!(
                "{workload:?} takes {fastest:?} at best. With {:?} it takes {time:?}, which is within a tenth of that, and \
                 it is simpler than your choice, {choice:?}.",
                good[0]
            ));
            match usual_mistake() {
                Some(meaning) => failure.usually(meaning),
                None => failure,
            }
            .read("event-loop.html#when-to-use-async")
        });
    });
}

/// A limit of 1.1 times the fastest, as a floating-point number, is a little too low or too high for about one workload in a
/// thousand: too few for cases that are drawn.
#[test]
fn the_tenth_is_exact_for_any_times() {
    grade(async || {
        for number in 1..=20_000 {
            let jobs = JOBS[number as usize % JOBS.len()];
            let compute = Duration::from_nanos(number * 1_234_567 % 30_000_000);
            let wait = wait_for_a_tenth(jobs, compute);
            let workload = Workload {
                jobs,
                wait,
                compute,
            };
            let (good, fastest) = good_ways(workload);
            let choice = choose_concurrency(workload);
            check(choice == good[0], || {
                let (best, time) = (time_of(good[0], workload), time_of(choice, workload));
                let failure = Failure::new(format!(
                    "{workload:?} takes {fastest:?} at best. The simplest way that takes at most a tenth longer is {:?}, with \
                     {best:?}; your choice, {choice:?}, takes {time:?}.",
                    good[0]
                ));
                match usual_mistake() {
                    Some(meaning) => failure.usually(meaning),
                    None if best * 10 == fastest * 11 => failure.usually(
                        "that the limit is not exact, if another workload with exactly a tenth longer passes: 1.1 has no exact \
                         value as a floating-point number. Compare ten times one with eleven times the other.",
                    ),
                    None => failure,
                }
                .read("event-loop.html#when-to-use-async")
            });
        }
    });
}

#[test]
fn never_needs_more_than_1000_threads() {
    grade_cases(async |case| {
        let workload = drawn_workload(&case);
        let choice = choose_concurrency(workload);
        check(is_possible(choice, workload.jobs), || {
            Failure::new(format!(
                "For {workload:?} your choice, {choice:?}, needs {} threads; the system has room for {MAX_THREADS}.",
                workload.jobs
            ))
            .usually(
                "that the limit on threads was left out. With `AsyncWithThreads`, any number of jobs needs only \
                 five threads.",
            )
            .read("event-loop.html#ten-thousand-tasks-on-one-thread")
        });
    });
}
