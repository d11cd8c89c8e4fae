use std::time::Duration;

use fastrand::Rng;

/// Exponential backoff: pauses that double, up to a cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The longest first pause.
    pub base: Duration,
    /// The longest pause of all.
    pub cap: Duration,
}

impl Backoff {
    /// The longest pause before a retry. `retry` is 0 for the first one.
    #[must_use]
    pub fn ceiling(&self, retry: u32) -> Duration {
        let doubled = 2_u32.checked_pow(retry).unwrap_or(u32::MAX);
        self.base.saturating_mul(doubled).min(self.cap)
    }

    /// A pause with *full jitter*: any time from zero to the ceiling, all equally likely.
    pub fn full_jitter(&self, retry: u32, rng: &mut Rng) -> Duration {
        self.ceiling(retry).mul_f64(rng.f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff {
        base: Duration::from_millis(100),
        cap: Duration::from_secs(5),
    };

    #[test]
    fn the_ceiling_doubles_up_to_the_cap() {
        let ceilings = [0, 1, 2, 5, 6, 31, 32, u32::MAX].map(|retry| BACKOFF.ceiling(retry));
        let expected = [100, 200, 400, 3_200, 5_000, 5_000, 5_000, 5_000];
        assert_eq!(ceilings, expected.map(Duration::from_millis));
    }

    #[test]
    fn a_long_base_does_not_overflow() {
        let backoff = Backoff {
            base: Duration::MAX,
            cap: Duration::MAX,
        };
        let pause = backoff.full_jitter(40, &mut Rng::with_seed(1));
        assert!(pause < Duration::MAX);
    }

    #[test]
    fn pauses_are_spread_from_zero_to_the_ceiling() {
        let mut rng = Rng::with_seed(1);
        let pauses: Vec<_> = (0..1_000)
            .map(|_| BACKOFF.full_jitter(0, &mut rng))
            .collect();
        let below = |limit| {
            pauses
                .iter()
                .filter(|pause| **pause < Duration::from_millis(limit))
                .count()
        };
        assert_eq!(below(101), 1_000);
        assert!((400..600).contains(&below(50)), "{}", below(50));
    }
}
