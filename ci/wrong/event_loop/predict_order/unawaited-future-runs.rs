//! Expects a future that is neither awaited nor spawned to run. Caught by `predict_order::predicts_the_lines_that_are_printed_and_no_others`, which says "never printed".

pub fn predict_order() -> Vec<&'static str> {
    vec![
        "alarm tested",
        "gateway starting",
        "LED on",
        "sensor settling",
        "sensor ready",
        "LED off",
        "gateway stopped",
    ]
}
