//! Rounds the times to milliseconds, so that shorter ones count as none. Caught by `choose_concurrency::no_other_way_is_faster`, which says "times were rounded".

pub fn choose_concurrency(workload: Workload) -> Choice {
    let Workload {
        jobs,
        wait,
        compute,
    } = workload;
    let (wait, compute) = (wait.as_millis() as u64, compute.as_millis() as u64);
    let on = |cores: u32| wait + compute * u64::from(jobs.div_ceil(cores));
    let is_good = |time: u64| time * 10 <= on(4) * 11;
    if is_good((wait + compute) * u64::from(jobs)) || jobs == 0 {
        Choice::Sequential
    } else if is_good(on(1)) {
        Choice::Async
    } else if jobs <= 1000 {
        Choice::Threads
    } else {
        Choice::AsyncWithThreads
    }
}
