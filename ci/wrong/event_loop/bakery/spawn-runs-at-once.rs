//! `spawn` is taken for a call, so the tasks begin before the door opens. Caught by `bakery::tells_it_in_order`, which says "taken for a call".

pub fn bakery() -> Vec<&'static str> {
    vec![
        "bread is in",
        "dough rests",
        "door opens",
        "dough is kneaded",
        "bread is out",
        "sold out",
    ]
}
