//! Expects all threads to compute at the same time. Caught by `choose_concurrency::no_simpler_way_is_as_fast`, which says "a core for each thread".

pub fn choose_concurrency(
    Workload {
        jobs,
        wait,
        compute,
    }: Workload,
) -> Choice {
    if jobs == 0 {
        return Choice::Sequential;
    }
    let mixed = wait + compute * jobs.div_ceil(4);
    let best = if jobs <= 1000 { wait + compute } else { mixed };
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
