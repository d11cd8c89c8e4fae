//! Computes the limit as a floating-point number, which is not exact. Caught by `choose_concurrency::the_tenth_is_exact_for_any_times`, which says "no exact value as a floating-point number".

pub fn choose_concurrency(workload: Workload) -> Choice {
    let jobs = f64::from(workload.jobs);
    let (wait, compute) = (workload.wait.as_secs_f64(), workload.compute.as_secs_f64());
    let sequential = jobs * (wait + compute);
    let best = sequential.min(wait + compute * (jobs / 4.0).ceil());
    let limit = best * 1.1;
    if sequential <= limit {
        Choice::Sequential
    } else if wait + compute * jobs <= limit {
        Choice::Async
    } else if workload.jobs <= 1000 {
        Choice::Threads
    } else {
        Choice::AsyncWithThreads
    }
}
