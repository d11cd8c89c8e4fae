//! What limiters with the usual mistakes do, so that a report names a mistake only if it explains everything that was seen.

use super::*;

/// Items and the consumer of a limited stream.
#[derive(Debug, Clone)]
pub(super) struct Traffic {
    pub(super) burst: usize,
    pub(super) period: Duration,
    /// For each item, when it is ready: so long after it is asked for or, if items arrive, after the start.
    pub(super) times: Vec<Duration>,
    pub(super) arrives: bool,
    /// What the consumer pauses for after each item.
    pub(super) pauses: Vec<Duration>,
}

/// An item that was returned.
#[derive(Debug, Clone, Copy)]
struct Past {
    /// When the input was first polled for it.
    asked: Duration,
    /// When it should have been returned, had it been ready.
    due: Duration,
    returned: Duration,
}

/// When the next item may be asked for, if the consumer asks at an instant.
type Rule = fn(traffic: &Traffic, past: &[Past], now: Duration) -> Duration;

impl Traffic {
    /// Any of `count` items that are ready at once, and a consumer that does not pause.
    pub(super) fn ready(count: usize, burst: usize, period: Duration) -> Self {
        Self {
            burst,
            period,
            times: vec![Duration::ZERO; count],
            arrives: false,
            pauses: Vec::new(),
        }
    }

    /// The answer with these items.
    pub(super) fn answer(&self) -> BoxStream<'static, u32> {
        let items = self.times.iter().copied().zip(0..).collect();
        let last = self.times.last().copied().unwrap_or_default();
        let (input, _seen) = match self.arrives {
            true => Input::arriving(items, last),
            false => Input::requested(items, Duration::ZERO),
        };
        limited(input, self.burst, self.period)
    }

    /// When each item should be returned.
    pub(super) fn expected(&self) -> Vec<(Duration, u32)> {
        self.with(right, true)
    }

    /// When each item is returned by a limiter with this rule, which waits before it asks for an item, or after it.
    fn with(&self, rule: Rule, waits_first: bool) -> Vec<(Duration, u32)> {
        let (mut past, mut now): (Vec<Past>, _) = (Vec::new(), Duration::ZERO);
        for (item, time) in self.times.iter().enumerate() {
            let due = whole_ms(rule(self, &past, now));
            let asked = if waits_first { now.max(due) } else { now };
            let ready = if self.arrives {
                asked.max(*time)
            } else {
                asked + *time
            };
            let returned = ready.max(due);
            past.push(Past {
                asked,
                due,
                returned,
            });
            now = returned + self.pauses.get(item).copied().unwrap_or_default();
        }
        (0..)
            .zip(past)
            .map(|(item, past)| (past.returned, item))
            .collect()
    }

    /// The instant of the item `burst` places before the next one.
    fn before(&self, past: &[Past], burst: usize, of: fn(&Past) -> Duration) -> Option<Duration> {
        past.len().checked_sub(burst).map(|at| of(&past[at]))
    }
}

/// tokio's timer rounds up.
fn whole_ms(instant: Duration) -> Duration {
    Duration::from_millis(instant.as_nanos().div_ceil(1_000_000) as u64)
}

fn right(traffic: &Traffic, past: &[Past], now: Duration) -> Duration {
    let before = traffic.before(past, traffic.burst, |past| past.returned);
    before.map_or(now, |before| before + traffic.period)
}

/// The mistake that explains what the answer has done with this traffic, and does with more, if there is one.
pub(super) async fn usual_mistake(
    traffic: &Traffic,
    seen: &[(Duration, u32)],
) -> Option<&'static str> {
    let (mut all, mut seen) = (vec![traffic.clone()], vec![seen.to_vec()]);
    for probe in probes() {
        let mut stream = probe.answer();
        let drained = timeout(LONG, drain(&mut stream, probe.times.len(), &probe.pauses)).await;
        seen.push(drained.unwrap_or_default());
        all.push(probe);
    }
    let rules = MISTAKES
        .iter()
        .map(|(meaning, rule)| (*meaning, *rule, true));
    let mistakes = rules.chain([(POLLED_EARLY, right as Rule, false)]);
    let mistakes = mistakes.map(|(meaning, rule, waits_first)| {
        let returned = all
            .iter()
            .map(move |traffic| traffic.with(rule, waits_first));
        (meaning, returned)
    });
    explained(&seen, mistakes)
}

/// Traffic in which the mistakes differ.
fn probes() -> [Traffic; 4] {
    let slow = Traffic {
        times: [0, 35, 0, 90, 0, 0, 10, 0, 0, 0].map(ms).to_vec(),
        ..Traffic::ready(0, 2, ms(40))
    };
    let paused = Traffic {
        pauses: [10, 0, 170, 0, 0, 30, 0, 0].map(ms).to_vec(),
        ..Traffic::ready(12, 3, ms(60))
    };
    [
        Traffic::ready(7, 1, ms(50)),
        Traffic::ready(5, 2, ms(1_500)),
        slow,
        paused,
    ]
}

const POLLED_EARLY: &str = "that the input is polled before the wait, or during it. Wait first, so that the input waits as well.";
const FIXED: &str = "that items are counted in fixed periods. The limit holds for every period, wherever it begins: look at \
                     when the item `burst` places before was returned.";
const AVERAGE: &str = "that the limit holds for an average: what was not used up is used later. It holds for every period, \
                       wherever it begins: look at when the item `burst` places before was returned.";
const BETWEEN_TWO: &str =
    "that there is a wait between any two items, although several may be returned at once.";

/// Usual mistakes, each with what it does.
const MISTAKES: [(&str, Rule); 16] = [
    (FIXED, |traffic, past, now| {
        // Periods follow each other from the start.
        let (mut since, mut count) = (Duration::ZERO, 0);
        for past in past {
            while !traffic.period.is_zero() && past.returned >= since + traffic.period {
                since += traffic.period;
                count = 0;
            }
            count += 1;
        }
        match count >= traffic.burst && !traffic.period.is_zero() {
            true => since + traffic.period,
            false => now,
        }
    }),
    (FIXED, |traffic, past, now| {
        // A period begins with an item.
        let mut first: Option<(Duration, usize)> = None;
        for past in past {
            first = match first {
                Some((since, count)) if count < traffic.burst => Some((since, count + 1)),
                _ => Some((past.returned, 1)),
            };
        }
        match first {
            Some((since, count)) if count == traffic.burst => since + traffic.period,
            _ => now,
        }
    }),
    (FIXED, |traffic, past, now| {
        // A period that is over begins again with the next item.
        let mut first: Option<(Duration, usize)> = None;
        for past in past {
            first = match first {
                Some((since, count)) if past.returned < since + traffic.period => {
                    Some((since, count + 1))
                }
                _ => Some((past.returned, 1)),
            };
        }
        match first {
            Some((since, count)) if count >= traffic.burst => since + traffic.period,
            _ => now,
        }
    }),
    (AVERAGE, |traffic, past, now| {
        // A bucket of tokens: each item takes one, which is there again a part of the period after the one before.
        let part = traffic.period / traffic.burst as u32;
        let mut full = Duration::ZERO;
        for past in past {
            full = full.max(past.returned) + part;
        }
        now.max((full + part).saturating_sub(traffic.period))
    }),
    (BETWEEN_TWO, |traffic, past, now| {
        let last = past.last().map(|past| past.returned);
        last.map_or(now, |last| last + traffic.period)
    }),
    (BETWEEN_TWO, |traffic, past, now| {
        let last = past.last().map(|past| past.returned);
        last.map_or(now, |last| last + traffic.period / traffic.burst as u32)
    }),
    (
        "that the period is measured from the instant at which an item was asked for. It begins when the item is returned.",
        |traffic, past, now| {
            let before = traffic.before(past, traffic.burst, |past| past.asked);
            before.map_or(now, |before| before + traffic.period)
        },
    ),
    (
        "that the period is measured from the instant at which an item could have been returned, so that the stream makes up for \
         a pause. It begins when the item is returned.",
        |traffic, past, now| {
            let before = traffic.before(past, traffic.burst, |past| past.due);
            before.map_or(now, |before| before + traffic.period)
        },
    ),
    (
        "that the wait begins when the next item is asked for. It began when the item `burst` places before was returned.",
        |traffic, past, now| match past.len() >= traffic.burst {
            true => now + traffic.period,
            false => now,
        },
    ),
    (
        "that there is a wait of a whole period after each burst, however long the burst took. An item may be returned when \
         the one `burst` places before it is a period old.",
        |traffic, past, now| match past.len() % traffic.burst == 0 && !past.is_empty() {
            true => now + traffic.period,
            false => now,
        },
    ),
    (
        "that one item too many is returned in a period.",
        |traffic, past, now| {
            let before = traffic.before(past, traffic.burst + 1, |past| past.returned);
            before.map_or(now, |before| before + traffic.period)
        },
    ),
    (
        "that one item too few is returned in a period.",
        |traffic, past, now| {
            let before = traffic.before(past, traffic.burst.max(2) - 1, |past| past.returned);
            before.map_or(now, |before| before + traffic.period)
        },
    ),
    (
        "that only the whole seconds of the period count.",
        |traffic, past, now| {
            let period = Duration::from_secs(traffic.period.as_secs());
            let before = traffic.before(past, traffic.burst, |past| past.returned);
            before.map_or(now, |before| before + period)
        },
    ),
    (
        "that the wait is a millisecond too long. An item may be returned when the period has passed.",
        |traffic, past, now| {
            let before = traffic.before(past, traffic.burst, |past| past.returned);
            before.map_or(now, |before| (before + traffic.period + ms(1)).max(now))
        },
    ),
    ("that there is no limit.", |_traffic, _past, now| now),
    (
        "that only the first items are limited.",
        |traffic, past, now| match past.len() == traffic.burst {
            true => right(traffic, past, now),
            false => now,
        },
    ),
];
