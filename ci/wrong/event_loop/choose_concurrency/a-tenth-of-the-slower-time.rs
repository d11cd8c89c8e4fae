//! Allows a tenth of the slower time. Caught by `choose_concurrency::no_other_way_is_faster`, which says "a tenth of the slower time".

pub fn choose_concurrency(
    Workload {
        jobs,
        wait,
        compute,
    }: Workload,
) -> Choice {
    let best = wait + compute * jobs.div_ceil(4);
    let best = best.min((wait + compute) * jobs);
    let ok = |t: Duration| (t - best) * 10 <= t;
    if ok((wait + compute) * jobs) {
        Choice::Sequential
    } else if ok(wait + compute * jobs) {
        Choice::Async
    } else if jobs <= 1000 {
        Choice::Threads
    } else {
        Choice::AsyncWithThreads
    }
}
