//! Divides all computations by four, as if cores shared a job. Caught by `choose_concurrency::no_simpler_way_is_as_fast`, which says "A core computes for whole jobs".

pub fn choose_concurrency(
    Workload {
        jobs,
        wait,
        compute,
    }: Workload,
) -> Choice {
    let best = wait + compute * jobs / 4;
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
