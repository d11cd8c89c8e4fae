//! A future that nobody awaits is taken for something that runs. Caught by `bakery::tells_what_is_printed_and_nothing_else`, which says "never printed".

pub fn bakery() -> Vec<&'static str> {
    vec![
        "flour arrives",
        "door opens",
        "bread is in",
        "dough rests",
        "dough is kneaded",
        "bread is out",
        "sold out",
    ]
}
