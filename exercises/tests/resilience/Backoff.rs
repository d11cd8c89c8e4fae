//! `Backoff`: what is asked of the random numbers, and how long each pause takes.

use std::cell::RefCell;

use super::*;
use exercises::resilience::Backoff as Answer;

/// As long as a pause is awaited.
const PATIENCE: Duration = ms(60_000);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Awaits a pause, and drops it after this time if it has not ended.
    Pause(Duration),
    /// Makes a pause, and drops it before its first poll.
    DropUnpolled,
    Reset,
}

#[derive(Debug, Clone)]
struct Plan {
    base: u64,
    cap: u64,
    steps: Vec<Step>,
    /// What the random numbers are, as far as the ceilings allow.
    draws: Vec<u64>,
}

/// What a step shows: the ceilings that were asked for, and how long it took.
type Seen = (Vec<u64>, Duration);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    NoCap,
    NoCapForTheFirst,
    NoCapAfterReset,
    CapAfterTheDraw,
    DoublesBeforeTheFirst,
    FewDoublings,
    NoJitter,
    EqualJitter,
    AddsTheBase,
    Decorrelated,
    Exclusive,
    CountsDropped,
    KeepsTheNumber,
    DrawsBeforeThePoll,
    IgnoresReset,
    CutsALongPause,
}

use Mistake::*;

impl Mistake {
    const ALL: &[Self] = &[
        NoCap,
        NoCapForTheFirst,
        NoCapAfterReset,
        CapAfterTheDraw,
        DoublesBeforeTheFirst,
        FewDoublings,
        NoJitter,
        EqualJitter,
        AddsTheBase,
        Decorrelated,
        Exclusive,
        CountsDropped,
        KeepsTheNumber,
        DrawsBeforeThePoll,
        IgnoresReset,
    ];

    fn meaning(self) -> &'static str {
        match self {
            NoCap => "that the ceilings have no cap.",
            NoCapForTheFirst => {
                "that the cap is not applied to the first pause. `base` may be longer than `cap`."
            }
            NoCapAfterReset => {
                "that the cap is not applied to the first pause after `reset`. `base` may be longer than `cap`."
            }
            CapAfterTheDraw => {
                "that the cap is applied to the number that was drawn. Then most pauses take exactly `cap`, and the clients come back \
                 together. Draw from the ceiling after the cap."
            }
            DoublesBeforeTheFirst => {
                "that the ceiling is doubled before the first pause. The first ceiling is `base`."
            }
            FewDoublings => {
                "that the ceiling stops doubling after some pauses, to avoid an overflow. With a small `base`, it never reaches `cap`."
            }
            NoJitter => {
                "that nothing is drawn: each pause takes as long as its ceiling. Clients that fail together then come back together."
            }
            EqualJitter => {
                "that only half of the ceiling is drawn, and half of it is fixed. That is equal jitter; full jitter begins at zero."
            }
            AddsTheBase => {
                "that `base` is added to the number that was drawn. Full jitter begins at zero."
            }
            Decorrelated => {
                "that the ceiling follows from the pause before. Here a ceiling doubles with each pause."
            }
            Exclusive => {
                "that `random` is asked for numbers below the ceiling. It returns numbers up to what it is given, included."
            }
            CountsDropped => {
                "that the ceiling is doubled before the pause has ended. A pause that is dropped does not count."
            }
            KeepsTheNumber => {
                "that a number is kept when its pause is dropped. The next pause draws a new one."
            }
            DrawsBeforeThePoll => {
                "that the number is drawn when `pause` is called. A future does nothing before its first poll."
            }
            CutsALongPause => {
                "that a long pause is cut. However long it is, a pause takes as long as was drawn."
            }
            IgnoresReset => "that `reset` changes nothing.",
        }
    }

    fn page(self) -> &'static str {
        match self {
            CountsDropped | KeepsTheNumber | DrawsBeforeThePoll => DROPPED,
            _ => JITTER,
        }
    }
}

impl Plan {
    fn outcome(&self, mistake: Option<Mistake>) -> Vec<Seen> {
        let has = |other| mistake == Some(other);
        let (mut ended, mut draws, mut last, mut kept) =
            (0_u32, self.draws.iter().cycle(), None, None);
        let mut was_reset = false;
        let mut draw = |most: u64| draws.next().copied().unwrap_or(0).min(most);
        let ceiling = |ended: u32, last: Option<u64>, was_reset: bool| {
            let doublings = match mistake {
                Some(DoublesBeforeTheFirst) => ended + 1,
                Some(FewDoublings) => ended.min(10),
                _ => ended,
            };
            let doubled = u128::from(self.base) << doublings.min(64);
            match (mistake, last) {
                (Some(NoCap | CapAfterTheDraw), _) => u64::try_from(doubled).unwrap_or(u64::MAX),
                (Some(NoCapForTheFirst), _) if ended == 0 => self.base,
                (Some(NoCapAfterReset), _) if ended == 0 && was_reset => self.base,
                (Some(Decorrelated), Some(last)) => (3 * last).min(self.cap),
                _ => doubled.min(u128::from(self.cap)) as u64,
            }
        };
        let mut outcome = Vec::new();
        for step in &self.steps {
            let patience = match step {
                Step::Pause(patience) => *patience,
                Step::DropUnpolled if has(DrawsBeforeThePoll) => {
                    let most = ceiling(ended, last, was_reset);
                    draw(most);
                    outcome.push((vec![most], Duration::ZERO));
                    continue;
                }
                Step::DropUnpolled => {
                    outcome.push((Vec::new(), Duration::ZERO));
                    continue;
                }
                Step::Reset => {
                    if !has(IgnoresReset) {
                        (ended, last, was_reset) = (0, None, true);
                    }
                    outcome.push((Vec::new(), Duration::ZERO));
                    continue;
                }
            };
            let most = ceiling(ended, last, was_reset);
            let (asked, wait) = match mistake {
                Some(NoJitter) => (vec![], most),
                Some(EqualJitter) => (vec![most / 2], most / 2 + draw(most / 2)),
                Some(AddsTheBase) => (vec![most], self.base.saturating_add(draw(most))),
                Some(CapAfterTheDraw) => (vec![most], draw(most).min(self.cap)),
                Some(Exclusive) => {
                    let most = most.saturating_sub(1);
                    (vec![most], draw(most))
                }
                Some(KeepsTheNumber) if kept.is_some() => (vec![], kept.unwrap_or(0)),
                _ => (vec![most], draw(most)),
            };
            let is_over = ms(wait) <= patience;
            kept = (!is_over).then_some(wait);
            if is_over || has(CountsDropped) {
                ended = ended.saturating_add(1);
                last = Some(wait);
            }
            outcome.push((asked, ms(wait).min(patience)));
        }
        outcome
    }

    fn told(&self, until: usize) -> String {
        let steps = self.steps[..until].iter().map(|step| match step {
            Step::Pause(patience) if *patience >= PATIENCE => "a pause".to_owned(),
            Step::Pause(patience) => format!("a pause that is dropped after {}", in_ms(*patience)),
            Step::DropUnpolled => "a pause that is dropped before its first poll".to_owned(),
            Step::Reset => "`reset`".to_owned(),
        });
        let after = match until {
            0 => String::new(),
            _ => format!(", after {}", list(steps)),
        };
        format!(
            "With a base of {} and a cap of {}{after}",
            in_ms(ms(self.base)),
            in_ms(ms(self.cap))
        )
    }
}

async fn run(plan: &Plan) -> Vec<Seen> {
    let asked = RefCell::new(Vec::new());
    let mut draws = plan.draws.iter().cycle();
    let random = |most: u64| {
        asked.borrow_mut().push(most);
        draws.next().copied().unwrap_or(0).min(most)
    };
    let mut backoff = Answer::new(ms(plan.base), ms(plan.cap), random);
    let mut seen = Vec::new();
    for step in &plan.steps {
        let mut clock = Clock::start();
        match step {
            Step::Pause(patience) => {
                let pause = backoff.pause();
                sleep(CALLED_EARLIER).await;
                clock = Clock::start();
                let _ = timeout(*patience, pause).await;
            }
            Step::DropUnpolled => drop(backoff.pause()),
            Step::Reset => backoff.reset(),
        }
        seen.push((asked.take(), clock.elapsed()));
    }
    seen
}

/// Plans in which each mistake shows.
fn probes() -> Vec<Plan> {
    let pauses = |count| vec![Step::Pause(PATIENCE); count];
    let dropped = Step::Pause(ms(2));
    vec![
        Plan {
            base: 10,
            cap: 1_000,
            steps: pauses(9),
            draws: vec![7, 3],
        },
        Plan {
            base: 50,
            cap: 30,
            steps: pauses(3),
            draws: vec![100],
        },
        Plan {
            base: 50,
            cap: 30,
            steps: [pauses(1), vec![Step::Reset], pauses(2)].concat(),
            draws: vec![100],
        },
        Plan {
            base: 1,
            cap: 1_000_000,
            steps: pauses(15),
            draws: vec![0, 1],
        },
        Plan {
            base: 10,
            cap: 1_000,
            steps: [
                vec![Step::DropUnpolled, dropped, dropped],
                pauses(2),
                vec![Step::Reset],
                pauses(1),
            ]
            .concat(),
            draws: vec![5, 6, 4],
        },
    ]
}

async fn cause(plan: &Plan, seen: &[Seen], at: usize) -> Option<Mistake> {
    let expected = &plan.outcome(None)[at];
    if seen[at].0 == expected.0 && seen[at].1 < expected.1 && expected.1 > PATIENCE {
        return Some(CutsALongPause);
    }
    let mut plans = vec![plan.clone()];
    let mut all = vec![seen.to_vec()];
    for probe in probes() {
        all.push(run(&probe).await);
        plans.push(probe);
    }
    let explains = |mistake: &&Mistake| {
        let outcomes = plans.iter().map(|plan| plan.outcome(Some(**mistake)));
        outcomes.eq(all.iter().cloned())
    };
    Mistake::ALL.iter().find(explains).copied()
}

async fn check_plan(plan: &Plan) {
    let (seen, expected) = (run(plan).await, plan.outcome(None));
    let Some(at) = (0..seen.len()).find(|at| seen[*at] != expected[*at]) else {
        return;
    };
    let cause = cause(plan, &seen, at).await;
    let asked = |asked: &[u64]| match asked {
        [] => "no number".to_owned(),
        [most] => format!("`random({most})`"),
        more => format!("`random` with {more:?}"),
    };
    check(false, || {
        Failure::new(format!(
            "{}, the next step should ask for {}, and take {}. It asked for {}, and took {}.",
            plan.told(at),
            asked(&expected[at].0),
            in_ms(expected[at].1),
            asked(&seen[at].0),
            in_ms(seen[at].1)
        ))
        .usually_if(cause.map(Mistake::meaning))
        .read(cause.map_or(JITTER, Mistake::page))
    });
}

fn drawn(case: &Case, pauses: usize, caps: &[u64], most_drawn: u64) -> Plan {
    Plan {
        base: case.whole_ms("base", 300).as_millis() as u64,
        cap: *case.pick("cap in ms", caps),
        steps: vec![Step::Pause(PATIENCE); pauses],
        draws: case.numbers("random numbers", pauses + 1, most_drawn),
    }
}

#[test]
fn draws_from_zero_to_the_ceiling() {
    grade_cases(async |case| {
        let pauses = case.size("pauses", 1..=12);
        let caps = [1_000, 0, 1, 50, 200, 777, 20_000];
        check_plan(&drawn(&case, pauses, &caps, 3_000)).await;
    });
}

#[test]
fn the_cap_holds_for_every_pause() {
    grade_cases(async |case| {
        let pauses = case.size("pauses", 1..=40);
        let caps = [16, 1, 2, 100, 4_096, 10_000];
        check_plan(&drawn(&case, pauses, &caps, 49)).await;
    });
}

/// A thousand years in milliseconds.
const LONGEST: u64 = 31_536_000_000_000;

#[test]
fn never_overflows() {
    grade_cases(async |case| {
        let pauses = case.size_near("pauses", 64, 1..=300);
        let base = *case.pick("base in ms", &[1, 0, 1_000, LONGEST]);
        let plan = Plan {
            base,
            cap: *case.pick("cap in ms", &[LONGEST, 1_000, 0]),
            steps: vec![Step::Pause(PATIENCE); pauses],
            draws: case.numbers("random numbers", 3, 2),
        };
        check_plan(&plan).await;
    });
}

#[test]
fn a_pause_may_take_any_time() {
    grade_cases(async |case| {
        let long = case.long_time("the first pause takes").as_millis() as u64;
        let plan = Plan {
            base: LONGEST,
            cap: LONGEST,
            // The longest of the long times has 100 days.
            steps: vec![Step::Pause(ms(200 * 24 * 60 * 60 * 1_000)); 2],
            draws: vec![long, case.number("the second one takes ms", 100)],
        };
        check_plan(&plan).await;
    });
}

#[test]
fn a_dropped_pause_does_not_count() {
    grade_cases(async |case| {
        let pauses = case.size("pauses", 1..=12);
        let mut plan = drawn(&case, pauses, &[10_000], 3_000);
        for step in &mut plan.steps {
            *step = match *case.pick("step", &["ends", "is dropped", "is not polled"]) {
                "ends" => Step::Pause(PATIENCE),
                "is dropped" => Step::Pause(ms(*case.pick("after ms", &[1, 5, 50]))),
                _ => Step::DropUnpolled,
            };
        }
        check_plan(&plan).await;
    });
}

#[test]
fn reset_begins_again() {
    grade_cases(async |case| {
        let pauses = case.size("pauses", 1..=12);
        let mut plan = drawn(&case, pauses, &[10_000, 1_000, 16, 0], 3_000);
        let at = case.size("reset at", 0..=pauses);
        plan.steps.insert(at, Step::Reset);
        check_plan(&plan).await;
    });
}
