//! A task is taken for a future: it runs only where it is awaited, and nobody awaits the dough's end before the bread's. Caught by `bakery::tells_what_is_printed_and_nothing_else`, which says "a task was taken for a future".

pub fn bakery() -> Vec<&'static str> {
    vec!["door opens", "bread is in", "bread is out", "sold out"]
}
