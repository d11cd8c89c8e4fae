//! Takes exactly a tenth longer for more than a tenth. Caught by `choose_concurrency::no_simpler_way_is_as_fast`, which says "exactly a tenth longer counts as more".

pub fn choose_concurrency(workload: Workload) -> Choice {
    let Workload {
        jobs,
        wait,
        compute,
    } = workload;
    let four_cores = wait + compute * jobs.div_ceil(4);
    let is_good = |time: Duration| time == four_cores || time * 10 < four_cores * 11;
    if is_good((wait + compute) * jobs) || jobs == 0 {
        Choice::Sequential
    } else if is_good(wait + compute * jobs) {
        Choice::Async
    } else if jobs <= 1000 {
        Choice::Threads
    } else {
        Choice::AsyncWithThreads
    }
}
