//! Always takes the simplest way, however long it takes. Caught by `choose_concurrency::no_other_way_is_faster`, which says "the same way was chosen".

pub fn choose_concurrency(_workload: Workload) -> Choice {
    Choice::Sequential
}
