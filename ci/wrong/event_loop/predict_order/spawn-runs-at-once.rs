//! Expects `spawn` to run the task at once, before the next line of `main`. Caught by `predict_order::predicts_the_order_of_the_lines`, which says "like a function call".

pub fn predict_order() -> Vec<&'static str> {
    vec![
        "LED on",
        "sensor settling",
        "gateway starting",
        "sensor ready",
        "LED off",
        "gateway stopped",
    ]
}
