//! Expects async to wait although there are no jobs. Caught by `choose_concurrency::no_simpler_way_is_as_fast`, which says "Without jobs, every way takes no time".

pub fn choose_concurrency(
    Workload {
        jobs,
        wait,
        compute,
    }: Workload,
) -> Choice {
    let best = wait + compute * jobs.div_ceil(4);
    let ok = |t: Duration| t >= best && t * 10 <= best * 11;
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
