//! Threads cost nothing, so there is one for each job. Caught by `choose::there_is_room_for_its_threads`, which says "room for 1000".

pub fn choose(workload: Workload) -> Choice {
    match workload.jobs {
        0 | 1 => Choice::InTurn,
        _ => Choice::Threads,
    }
}
