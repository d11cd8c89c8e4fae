//! What was drawn for a case, as its report says it.

use std::sync::{Arc, Mutex, PoisonError};

/// Names the seed of the only case to try, to repeat a failure.
pub(crate) const SEED_VARIABLE: &str = "GRADING_SEED";

/// The seed of a case, and the values that were drawn with their names. Clones are the same record.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    seed: u64,
    values: Arc<Mutex<Vec<String>>>,
}

impl Drawn {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            values: Arc::default(),
        }
    }

    /// Records that `value` was drawn under this name.
    pub(crate) fn add(&self, name: &str, value: &str) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.push(format!("{name} = {value}"));
    }

    /// What a report says about a case that failed.
    pub(crate) fn sentence(&self, is_smallest: bool) -> String {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let case = match (values.is_empty(), is_smallest) {
            (true, _) => "This happened in one of many random polling orders.".to_owned(),
            (false, true) => format!(
                "The smallest case found that fails in this way: {}.",
                values.join(", ")
            ),
            (false, false) => format!("The case that failed: {}.", values.join(", ")),
        };
        let seed = self.seed;
        format!("{case} To repeat it, set {SEED_VARIABLE}={seed} in the environment.")
    }
}

#[cfg(test)]
mod tests {
    use super::Drawn;

    #[test]
    fn the_sentence_names_the_values_and_the_seed() {
        let drawn = Drawn::new(7);
        let polls = "This happened in one of many random polling orders. To repeat it, set GRADING_SEED=7 in the environment.";
        assert_eq!(drawn.sentence(true), polls);
        drawn.add("limit", "1");
        drawn.add("urls", "2");
        let values = "limit = 1, urls = 2. To repeat it, set GRADING_SEED=7 in the environment.";
        assert_eq!(
            drawn.sentence(true),
            format!("The smallest case found that fails in this way: {values}")
        );
        assert_eq!(
            drawn.sentence(false),
            format!("The case that failed: {values}")
        );
    }
}
