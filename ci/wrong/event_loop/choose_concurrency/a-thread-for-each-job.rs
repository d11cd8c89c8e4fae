//! Expects threads to cost nothing and starts one for each job. Caught by `choose_concurrency::never_needs_more_than_1000_threads`, which says "room for 1000".

pub fn choose_concurrency(workload: Workload) -> Choice {
    match workload.jobs {
        0 | 1 => Choice::Sequential,
        _ => Choice::Threads,
    }
}
