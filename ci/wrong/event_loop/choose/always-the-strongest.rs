//! What can do everything is chosen for everything. Caught by `choose::nothing_simpler_would_do`, which says "little or nothing".

pub fn choose(_workload: Workload) -> Choice {
    Choice::AsyncWithThreads
}
