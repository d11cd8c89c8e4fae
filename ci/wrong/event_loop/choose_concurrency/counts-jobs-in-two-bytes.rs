//! Puts the number of jobs into two bytes. Caught by `choose_concurrency::no_other_way_is_faster`, which says "a type that is too small".

pub fn choose_concurrency(
    Workload {
        jobs,
        wait,
        compute,
    }: Workload,
) -> Choice {
    let jobs = u32::from(jobs as u16);
    let best = wait + compute * jobs.div_ceil(4);
    let best = best.min((wait + compute) * jobs);
    let ok = |t: Duration| t * 10 <= best * 11;
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
