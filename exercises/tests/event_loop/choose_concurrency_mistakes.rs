//! What answers with the usual mistakes choose, so that a report names a mistake only if it explains every choice.

use super::*;

use Choice::{Async, AsyncWithThreads, Sequential, Threads};

/// The mistake that explains what the answer chooses for many workloads, if there is one.
pub(super) fn usual_mistake() -> Option<&'static str> {
    let workloads = workloads();
    let choices: Vec<_> = workloads.iter().map(|w| choose_concurrency(*w)).collect();
    let mistakes = MISTAKES
        .iter()
        .map(|(meaning, choose)| (*meaning, workloads.iter().map(|w| choose(*w))));
    explained(&choices, mistakes)
}

/// Workloads of all kinds. For many of them, a way takes about a tenth longer than the fastest.
fn workloads() -> Vec<Workload> {
    let computes = [0, 1, 999_999, 1_000_000, 30_000_000].map(Duration::from_nanos);
    let nanosecond = Duration::from_nanos(1);
    let mut workloads = Vec::new();
    for jobs in JOBS {
        for compute in computes {
            let limit = wait_for_a_tenth(jobs, compute);
            // A tenth of the slower time allows for a ninth of the faster one.
            let ninth = compute * (9 * jobs).saturating_sub(10 * jobs.div_ceil(CORES));
            // Where the limit is if a core computed for another share of the jobs.
            let with_share = |share| compute * (10 * jobs).saturating_sub(11 * share);
            let waits = [
                limit,
                limit + nanosecond,
                limit.saturating_sub(nanosecond),
                ninth,
                with_share(jobs / CORES),
                with_share(jobs.div_ceil(CORES + 1)),
                with_share(1),
                compute * (29 * jobs) / 4,
                ms(1),
                ms(200),
            ];
            workloads.extend(waits.map(|wait| Workload {
                jobs,
                wait,
                compute,
            }));
        }
    }
    workloads
}

/// The right way to choose, except for what a mistake changes.
#[derive(Clone, Copy)]
struct Rule {
    jobs: fn(u32) -> u32,
    time_of: fn(Choice, Workload) -> Duration,
    is_possible: fn(Choice, u32) -> bool,
    /// Whether a time is good enough, given the least one.
    is_good: fn(Duration, Duration) -> bool,
}

const RIGHT: Rule = Rule {
    jobs: |jobs| jobs,
    time_of,
    is_possible,
    is_good: |time, least| time * 10 <= least * 11,
};

impl Rule {
    fn choose(self, workload: Workload) -> Choice {
        let jobs = (self.jobs)(workload.jobs);
        let workload = Workload { jobs, ..workload };
        let possible = || {
            WAYS.into_iter()
                .filter(|way| (self.is_possible)(*way, jobs))
        };
        let time = |way| (self.time_of)(way, workload);
        let least = possible().map(time).min().unwrap_or_default();
        let simplest = possible().find(|way| (self.is_good)(time(*way), least));
        simplest.unwrap_or(AsyncWithThreads)
    }
}

const SAME: &str = "that the same way was chosen for every workload.";
const NO_TOLERANCE: &str = "that the fastest way was chosen. A way that takes up to a tenth longer is good enough, if \
                            it is simpler.";
const SHARES: &str = "that all computations were divided by the number of cores. A core computes for whole jobs: with \
                      five jobs on four cores, one core has two of them.";
const ROUNDED: &str = "that times were rounded. Compare durations, or whole nanoseconds.";
const SMALL_TYPE: &str = "that the number of jobs was put into a type that is too small.";

/// What is wrong, and an answer that does it.
type Mistake = (&'static str, fn(Workload) -> Choice);

/// Usual mistakes, each with what it chooses.
const MISTAKES: [Mistake; 24] = [
    (SAME, |_| Sequential),
    (SAME, |_| Async),
    (SAME, |_| Threads),
    (SAME, |_| AsyncWithThreads),
    (
        "that async was chosen for more than one job, whatever the jobs do. On one thread waits overlap, but computations do not.",
        |w| {
            if w.jobs > 1 { Async } else { Sequential }
        },
    ),
    (
        "that threads were chosen for more than one job, whatever the jobs do.",
        |w| {
            if w.jobs > 1 { Threads } else { Sequential }
        },
    ),
    (NO_TOLERANCE, |w| {
        Rule {
            is_good: |time, least| time == least,
            ..RIGHT
        }
        .choose(w)
    }),
    (
        "that exactly a tenth longer counts as more than that.",
        |w| {
            Rule {
                is_good: |time, least| time == least || time * 10 < least * 11,
                ..RIGHT
            }
            .choose(w)
        },
    ),
    (
        "that exactly a tenth longer counts as more than that, also if no way takes any time.",
        |w| {
            Rule {
                is_good: |time, least| time * 10 < least * 11,
                ..RIGHT
            }
            .choose(w)
        },
    ),
    (
        "that a tenth of the slower time was allowed, not a tenth of the fastest.",
        |w| {
            Rule {
                is_good: |time, least| (time - least) * 10 <= time,
                ..RIGHT
            }
            .choose(w)
        },
    ),
    ("that 1000 jobs count as more than 1000.", |w| {
        Rule {
            is_possible: |way, jobs| way != Threads || jobs < MAX_THREADS,
            ..RIGHT
        }
        .choose(w)
    }),
    ("that the limit on threads was left out.", |w| {
        Rule {
            is_possible: |_, _| true,
            ..RIGHT
        }
        .choose(w)
    }),
    (
        "that the wait was counted although there are no jobs. Without jobs, every way takes no time.",
        |w| {
            if w.jobs == 0 && !w.wait.is_zero() {
                Async
            } else {
                RIGHT.choose(w)
            }
        },
    ),
    (SHARES, |w| {
        Rule {
            time_of: evenly_divided,
            ..RIGHT
        }
        .choose(w)
    }),
    (
        "that the jobs were divided by the number of cores and rounded down. A core computes for whole jobs.",
        |w| {
            Rule {
                time_of: rounded_down,
                ..RIGHT
            }
            .choose(w)
        },
    ),
    (
        "that a core for each thread was assumed. There are four cores, each of which computes for one job at a time.",
        |w| {
            Rule {
                time_of: a_core_for_each,
                ..RIGHT
            }
            .choose(w)
        },
    ),
    (
        "that the thread that waits was counted as one that computes. There are four cores for the computations.",
        |w| {
            Rule {
                time_of: five_cores,
                ..RIGHT
            }
            .choose(w)
        },
    ),
    ("that the time for computing was left out.", |w| {
        RIGHT.choose(Workload {
            compute: Duration::ZERO,
            ..w
        })
    }),
    (ROUNDED, |w| {
        Rule {
            is_good: |time, least| time.as_millis() * 10 <= least.as_millis() * 11,
            ..RIGHT
        }
        .choose(w)
    }),
    (ROUNDED, |w| {
        Rule {
            is_good: |time, least| time.as_micros() * 10 <= least.as_micros() * 11,
            ..RIGHT
        }
        .choose(w)
    }),
    (ROUNDED, |w| {
        Rule {
            is_good: |time, least| time.as_secs_f32() <= least.as_secs_f32() * 1.1,
            ..RIGHT
        }
        .choose(w)
    }),
    (ROUNDED, |w| {
        let in_millis = |time: Duration| ms(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        RIGHT.choose(Workload {
            wait: in_millis(w.wait),
            compute: in_millis(w.compute),
            ..w
        })
    }),
    (SMALL_TYPE, |w| {
        Rule {
            jobs: |jobs| jobs & 0xff,
            ..RIGHT
        }
        .choose(w)
    }),
    (SMALL_TYPE, |w| {
        Rule {
            jobs: |jobs| jobs & 0xffff,
            ..RIGHT
        }
        .choose(w)
    }),
];

fn evenly_divided(way: Choice, w: Workload) -> Duration {
    match way {
        Threads | AsyncWithThreads if w.jobs > 0 => w.wait + w.compute * w.jobs / CORES,
        _ => time_of(way, w),
    }
}

fn rounded_down(way: Choice, w: Workload) -> Duration {
    match way {
        Threads | AsyncWithThreads if w.jobs > 0 => w.wait + w.compute * (w.jobs / CORES),
        _ => time_of(way, w),
    }
}

fn a_core_for_each(way: Choice, w: Workload) -> Duration {
    match way {
        Threads if w.jobs > 0 => w.wait + w.compute,
        _ => time_of(way, w),
    }
}

fn five_cores(way: Choice, w: Workload) -> Duration {
    match way {
        AsyncWithThreads if w.jobs > 0 => w.wait + w.compute * w.jobs.div_ceil(CORES + 1),
        _ => time_of(way, w),
    }
}
