//! Expects `main` to end while its tasks wait. Caught by `predict_order::predicts_the_lines_that_are_printed_and_no_others`, which says "while its tasks still wait".

pub fn predict_order() -> Vec<&'static str> {
    vec![
        "gateway starting",
        "LED on",
        "sensor settling",
        "gateway stopped",
    ]
}
