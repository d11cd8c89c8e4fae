//! Mistakes a task for a future that runs only where it is awaited, so one task never finishes. Caught by `predict_order::predicts_the_lines_that_are_printed_and_no_others`, which says "a task was mistaken for a future".

pub fn predict_order() -> Vec<&'static str> {
    vec!["gateway starting", "LED on", "LED off", "gateway stopped"]
}
