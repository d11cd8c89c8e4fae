//! Expects async to be the fastest way for every workload. Caught by `choose_concurrency::no_other_way_is_faster`, which says "whatever the jobs do".

pub fn choose_concurrency(workload: Workload) -> Choice {
    match workload.jobs {
        0 | 1 => Choice::Sequential,
        _ => Choice::Async,
    }
}
