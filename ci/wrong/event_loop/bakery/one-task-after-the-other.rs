//! The tasks are taken to run one after the other, in the order in which they are awaited. Caught by `bakery::tells_it_in_order`, which says "one after the other".

pub fn bakery() -> Vec<&'static str> {
    vec![
        "door opens",
        "bread is in",
        "bread is out",
        "dough rests",
        "dough is kneaded",
        "sold out",
    ]
}
