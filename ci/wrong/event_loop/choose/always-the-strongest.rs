//! What can do everything is chosen for everything. Caught by `choose::nothing_simpler_would_do`, which says "nothing to gain".

pub fn choose(_workload: Workload) -> Choice {
    Choice::AsyncWithThreads
}
