//! Random programs in which everything happens that can happen to a lane.

use std::pin::Pin;

use futures::future::{join, select};
use timeline::{InLane, Timeline};
use tokio::time::{sleep, timeout};
use tracing::info;

use super::{ms, record};

/// A linear congruential generator, with the constants of Knuth's MMIX.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) % limit
    }

    /// An index into a list of this length.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("it is small")
    }

    pub fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.index(choices.len())]
    }
}

const NAMES: [&str; 8] = [
    "fetch 1",
    "a",
    "",
    "日本語のレーン",
    "a name that is much too long for any picture there is",
    "<script>alert(\"1\" & '2')</script>",
    "{{#include secret}} *bold* `code`",
    "line\nbreak\ttab \u{1b}[31mred\u{0} e\u{301} 🦀",
];

type Boxed = Pin<Box<dyn Future<Output = ()>>>;

/// A random program.
fn program(mut random: Random, depth: u64) -> Boxed {
    Box::pin(async move {
        for _ in 0..=random.below(4) {
            let seed = Random(random.0 ^ 0x5DEE_CE66);
            let name = random.pick(&NAMES);
            let nap = ms(random.below(5) * random.below(40));
            if depth == 0 {
                sleep(nap).await;
                continue;
            }
            let inner = program(seed.clone(), depth - 1);
            match random.below(9) {
                0 => sleep(nap).await,
                1 => info!(depth, "{name}"),
                2 => tokio::task::yield_now().await,
                3 => inner.in_lane(name).await,
                4 => drop(tokio::spawn(async move { sleep(nap).await }.in_lane(name))),
                5 => drop(timeout(nap, inner.in_lane(name)).await),
                6 => {
                    let other = program(Random(seed.0 + 1), depth - 1);
                    join(inner.in_lane(name), other.in_lane("other")).await;
                }
                7 => {
                    let other = Box::pin(sleep(nap));
                    select(inner.in_lane(name), other.in_lane("loser?")).await;
                }
                _ => {
                    let panics = async {
                        tokio::task::yield_now().await;
                        std::panic::resume_unwind(Box::new("on purpose"));
                    };
                    let _ = tokio::spawn(panics.in_lane(name)).await;
                }
            }
        }
    })
}

/// The timelines of 150 programs, the same ones in every run.
pub fn random_timelines() -> impl Iterator<Item = Timeline> {
    (1..=150).map(|seed| record(|| program(Random(seed), seed % 5)))
}
