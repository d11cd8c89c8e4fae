//! Expects the task that was spawned last to be polled first. Caught by `predict_order::predicts_the_order_of_the_lines`, which says "in another order than that of the ready queue".

pub fn predict_order() -> Vec<&'static str> {
    vec![
        "gateway starting",
        "sensor settling",
        "LED on",
        "sensor ready",
        "LED off",
        "gateway stopped",
    ]
}
