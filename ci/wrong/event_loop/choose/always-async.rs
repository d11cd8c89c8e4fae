//! Async is taken for the fastest, whatever there is to do. Caught by `choose::it_is_as_fast_as_any`, which says "computing was forgotten".

pub fn choose(workload: Workload) -> Choice {
    match workload.jobs {
        0 | 1 => Choice::InTurn,
        _ => Choice::Async,
    }
}
