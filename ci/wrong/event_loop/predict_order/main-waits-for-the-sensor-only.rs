//! Expects `main` to go on when the sensor is ready. Caught by `predict_order::predicts_the_order_of_the_lines`, which says "before both tasks had finished".

pub fn predict_order() -> Vec<&'static str> {
    vec![
        "gateway starting",
        "LED on",
        "sensor settling",
        "sensor ready",
        "gateway stopped",
        "LED off",
    ]
}
