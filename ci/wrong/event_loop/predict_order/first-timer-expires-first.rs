//! Expects the timer that was set first to expire first. Caught by `predict_order::predicts_the_order_of_the_lines`, which says "timers were expected to expire".

pub fn predict_order() -> Vec<&'static str> {
    vec![
        "gateway starting",
        "LED on",
        "sensor settling",
        "LED off",
        "sensor ready",
        "gateway stopped",
    ]
}
