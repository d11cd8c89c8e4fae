//! Takes the most powerful way for every workload. Caught by `choose_concurrency::no_simpler_way_is_as_fast`, which says "the same way was chosen".

pub fn choose_concurrency(_workload: Workload) -> Choice {
    Choice::AsyncWithThreads
}
