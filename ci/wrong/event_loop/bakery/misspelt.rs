//! One line is written in other words than the program prints. Caught by `bakery::tells_what_is_printed_and_nothing_else`, which says "none of the seven lines".

pub fn bakery() -> Vec<&'static str> {
    vec![
        "door opens",
        "bread is in",
        "dough rests",
        "dough kneaded",
        "bread is out",
        "sold out",
    ]
}
