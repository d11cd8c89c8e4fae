//! Expects the tasks to run one after the other, in the order in which they are awaited. Caught by `predict_order::predicts_the_order_of_the_lines`, which says "one after the other".

pub fn predict_order() -> Vec<&'static str> {
    vec![
        "gateway starting",
        "LED on",
        "LED off",
        "sensor settling",
        "sensor ready",
        "gateway stopped",
    ]
}
