//! Takes 1000 jobs for too many threads. Caught by `choose_concurrency::no_simpler_way_is_as_fast`, which says "1000 jobs count as more".

pub fn choose_concurrency(
    Workload {
        jobs,
        wait,
        compute,
    }: Workload,
) -> Choice {
    let best = wait + compute * jobs.div_ceil(4);
    let best = best.min((wait + compute) * jobs);
    let ok = |t: Duration| t * 10 <= best * 11;
    if ok((wait + compute) * jobs) {
        Choice::Sequential
    } else if ok(wait + compute * jobs) {
        Choice::Async
    } else if jobs < 1000 {
        Choice::Threads
    } else {
        Choice::AsyncWithThreads
    }
}
