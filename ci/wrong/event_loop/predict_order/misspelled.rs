//! Spells one line differently from the program. Caught by `predict_order::predicts_the_lines_that_are_printed_and_no_others`, which says "none of the seven lines".

pub fn predict_order() -> Vec<&'static str> {
    vec![
        "gateway starting",
        "LED on",
        "sensor settling",
        "sensor is ready",
        "LED off",
        "gateway stopped",
    ]
}
