//! `Delay`: ready at its deadline, with one timer entry until then.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use super::*;
use exercises::futures::Delay;
use grading::waker_fn;

#[path = "Delay_mistakes.rs"]
mod mistakes;

use mistakes::usual_mistake;

/// The longest delay: mostly a second, and now and then more than a day.
const LONGEST: [Duration; 2] = [ms(1000), ms(100_000_000)];

/// When a delay is created, and how long it is.
struct Times {
    created: Duration,
    time: Duration,
}

impl Times {
    fn drawn(case: &Case) -> Self {
        Self {
            created: case.duration("created at", ms(20)),
            time: case.duration("delay", *case.pick("longest delay", &LONGEST)),
        }
    }

    /// As `drawn`, but the deadline is after the creation.
    fn drawn_pending(case: &Case) -> Self {
        let times = Self::drawn(case);
        Self {
            time: times.time.max(Duration::from_nanos(1)),
            ..times
        }
    }

    fn deadline(&self) -> Duration {
        self.created + self.time
    }

    /// A timer that shows the instant of the creation, and the delay.
    fn start(&self) -> (ManualTimer, Pin<Box<Delay>>) {
        let timer = ManualTimer::new();
        timer.advance(self.created);
        let delay = Box::pin(Delay::new(&timer, self.time));
        (timer, delay)
    }

    /// "A delay of 30 ms that was created at 5 ms".
    fn describe(&self) -> String {
        format!(
            "A delay of {:?} that was created at {:?}",
            self.time, self.created
        )
    }
}

#[test]
fn is_ready_at_its_deadline() {
    grade_cases(async |case| {
        let times = Times::drawn(&case);
        let late = case.duration("polled after the deadline by", ms(20));
        let (timer, mut answer) = times.start();
        let waker = TestWaker::new();
        let _ = waker.poll(answer.as_mut());
        timer.advance(times.time + late);
        // It may be ready since its first poll, and must not be polled after that.
        let ready = times.time.is_zero() || waker.poll(answer.as_mut()).is_ready();
        check(ready, || {
            Failure::new(format!(
                "{}, polled when the timer shows {:?}, should be ready; it is pending.",
                times.describe(),
                timer.now()
            ))
            .usually_if(usual_mistake())
            .read(CONTRACT)
        });
    });
}

#[test]
fn is_pending_before_its_deadline() {
    grade_cases(async |case| {
        let times = Times::drawn_pending(&case);
        let polls = case.size("polls", 1..=300);
        let (timer, mut answer) = times.start();
        let waker = TestWaker::new();
        let last = times.time - Duration::from_nanos(1);
        let mut instants = case.durations("polled after", polls, last.min(ms(50)));
        instants.push(last);
        instants.sort();
        for after in instants {
            timer.advance(times.created + after - timer.now());
            let ready = waker.poll(answer.as_mut()).is_ready();
            check(!ready, || {
                Failure::new(format!(
                    "{} was polled at {:?}, without a wake-up; it should be pending, and is ready.",
                    times.describe(),
                    timer.now()
                ))
                .usually_if(usual_mistake())
                .read(SPURIOUS)
            });
        }
    });
}

#[test]
fn wakes_at_its_deadline() {
    grade_cases(async |case| {
        let times = Times::drawn_pending(&case);
        let (timer, mut answer) = times.start();
        let waker = TestWaker::new();
        let _ = waker.poll(answer.as_mut());
        check_not_woken(&waker);
        timer.advance(times.time - Duration::from_nanos(1));
        let early = waker.wake_count();
        check(early == 0, || {
            Failure::new(format!(
                "{} was polled once. Before its deadline its waker should not be called; it {}.",
                times.describe(),
                counted("called", early)
            ))
            .usually("that an entry is registered for another instant than the deadline.")
            .read(CONTRACT)
        });
        timer.advance(Duration::from_nanos(1));
        let wakes = waker.wake_count();
        check(wakes == 1, || {
            let failure = Failure::new(format!(
                "{} was polled once. At its deadline its waker should be called once; it {}.",
                times.describe(),
                counted("called", wakes)
            ));
            if wakes == 0 {
                failure
                    .usually(
                        "that `Pending` is returned without giving the waker to the timer, so the task is never polled \
                         again.",
                    )
                    .read(NEVER_WOKEN)
            } else {
                failure
                    .usually("that it was given to the timer more than once.")
                    .read(CONTRACT)
            }
        });
    });
}

#[test]
fn registers_one_timer_entry() {
    grade_cases(async |case| {
        let times = Times::drawn_pending(&case);
        let (timer, mut answer) = times.start();
        let (waker, polls) = (TestWaker::new(), case.size("polls", 1..=40));
        for _ in 0..polls {
            let _ = waker.poll(answer.as_mut());
        }
        let deadlines = timer.deadlines();
        check(deadlines == [times.deadline()], || {
            let failure = Failure::new(format!(
                "{} {}. The timer should have one entry, for {:?}; its entries are for {deadlines:?}.",
                times.describe(),
                counted("polled", polls),
                times.deadline(),
            ));
            match deadlines.len() {
                0 => failure
                    .usually(
                        "that no entry is registered, or that the `TimerEntry` is dropped in the same poll, which \
                         removes it.",
                    )
                    .read(NEVER_WOKEN),
                1 => failure.usually_if(usual_mistake()).read(CONTRACT),
                _ => failure
                    .usually(
                        "that each poll registers another entry and the earlier ones stay. Dropping a `TimerEntry` \
                         removes it.",
                    )
                    .read(STALE),
            }
        });
    });
}

#[test]
fn wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let timer = ManualTimer::new();
        let delay = Delay::new(&timer, ms(30));
        (delay, move || timer.advance(ms(30)))
    });
}

#[test]
fn starts_when_it_is_created() {
    grade_cases(async |case| {
        let times = Times::drawn_pending(&case);
        let (timer, mut answer) = times.start();
        let before = times.time - Duration::from_nanos(1);
        let polled = case.duration("polled after", before.min(ms(50)));
        timer.advance(polled);
        let _ = TestWaker::new().poll(answer.as_mut());
        let deadlines = timer.deadlines();
        check(deadlines == [times.deadline()], || {
            Failure::new(format!(
                "{} has its deadline at {:?}, whenever it is polled; the first poll, at {:?}, registered entries for \
                 {deadlines:?}.",
                times.describe(),
                times.deadline(),
                timer.now()
            ))
            .usually_if(usual_mistake())
            .read(CONTRACT)
        });
    });
}

#[test]
fn registers_nothing_after_its_deadline() {
    grade_cases(async |case| {
        let times = Times::drawn(&case);
        let late = case.duration("polled after the deadline by", ms(20));
        let (timer, mut answer) = times.start();
        timer.advance(times.time + late);
        let waker = TestWaker::new();
        let ready = waker.poll(answer.as_mut()).is_ready();
        let wakes = waker.wake_count();
        check(ready && wakes == 0, || {
            Failure::new(format!(
                "{} is polled for the first time at {:?}. Its deadline has passed, so it should be ready in that poll and \
                 wake nothing; it is {}, and the waker {}.",
                times.describe(),
                timer.now(),
                if ready { "ready" } else { "pending" },
                counted("called", wakes)
            ))
            .usually_if(if ready {
                Some("that the entry is registered before the deadline is checked.")
            } else {
                usual_mistake()
            })
            .read(CONTRACT)
        });
    });
}

#[test]
fn leaves_nothing_behind_when_ready_or_dropped() {
    grade_cases(async |case| {
        let times = Times::drawn_pending(&case);
        let (timer, mut answer) = times.start();
        let (waker, polls) = (TestWaker::new(), case.size("polls", 1..=3));
        for _ in 0..polls {
            let _ = waker.poll(answer.as_mut());
        }
        let is_dropped = *case.pick("ends", &["dropped", "ready"]) == "dropped";
        let kept = if is_dropped {
            drop(answer);
            None
        } else {
            timer.advance(times.time);
            let _ = waker.poll(answer.as_mut());
            Some(answer)
        };
        let (entries, wakers) = (timer.deadlines().len(), waker.live_wakers());
        check((entries, wakers) == (0, 0), || {
            Failure::new(format!(
                "A delay that is {} should leave no timer entry and no waker behind; it left {entries} and {wakers}.",
                if is_dropped { "dropped" } else { "ready" }
            ))
            .usually(if is_dropped {
                "that the `TimerEntry` is kept where it is never dropped. A field of the delay is dropped with the delay."
            } else {
                "that the waker is kept in a field of the delay as well, which still exists: set it to `None`."
            })
            .read(STATES)
        });
        drop(kept);
    });
}

/// Its standard waker and that of the `futures` crate have the same data and other functions, as the wakers of two
/// executors may.
#[derive(Default)]
struct TwoWakers {
    standard: AtomicUsize,
    of_the_crate: AtomicUsize,
}

impl std::task::Wake for TwoWakers {
    fn wake(self: std::sync::Arc<Self>) {
        self.standard.fetch_add(1, SeqCst);
    }
}

impl futures::task::ArcWake for TwoWakers {
    fn wake_by_ref(both: &std::sync::Arc<Self>) {
        both.of_the_crate.fetch_add(1, SeqCst);
    }
}

#[test]
fn tells_wakers_apart_by_all_that_they_have() {
    grade(async || {
        let (timer, both) = (
            ManualTimer::new(),
            std::sync::Arc::new(TwoWakers::default()),
        );
        let mut delay = pin!(Delay::new(&timer, ms(10)));
        let first = Waker::from(std::sync::Arc::clone(&both));
        let latest = futures::task::waker(std::sync::Arc::clone(&both));
        for waker in [&first, &latest] {
            let _ = delay.as_mut().poll(&mut Context::from_waker(waker));
        }
        timer.advance(ms(10));
        let calls = [&both.standard, &both.of_the_crate].map(|calls| calls.load(SeqCst));
        check(calls == [0, 1], || {
            Failure::new(format!(
                "A delay was polled with one waker, and then with another one that has the same data and other functions. At \
                 the deadline only the second should be called; the first {}, and the second {}.",
                counted("called", calls[0]),
                counted("called", calls[1])
            ))
            .usually("that only the data of the wakers is compared. `will_wake` compares their functions as well.")
            .read(STALE)
        });
    });
}

thread_local! {
    /// The delay that a waker polls. An answer need not be `Send`.
    static POLLED_BY_A_WAKER: RefCell<Option<Pin<Box<Delay>>>> = const { RefCell::new(None) };
}

#[test]
fn is_ready_before_its_own_waker_is_called() {
    grade_cases(async |case| {
        let times = Times::drawn_pending(&case);
        let (timer, mut answer) = times.start();
        let is_ready = Rc::new(Cell::new(false));
        let polls_it = {
            let is_ready = Rc::clone(&is_ready);
            waker_fn(move || {
                POLLED_BY_A_WAKER.with_borrow_mut(|delay| {
                    let delay = delay.as_mut().expect("it was put there");
                    is_ready.set(TestWaker::new().poll(delay.as_mut()).is_ready());
                });
            })
        };
        let _entry = timer.wake_at(times.deadline(), polls_it);
        let _ = TestWaker::new().poll(answer.as_mut());
        POLLED_BY_A_WAKER.set(Some(answer));
        timer.advance(times.time);
        check(is_ready.get(), || {
            Failure::new(format!(
                "{} is polled at its deadline, after another waker was called and before its own is. It should be ready; it is \
                 pending.",
                times.describe()
            ))
            .usually("that it is ready when its waker has been called, and not when the timer shows its deadline.")
            .read(CONTRACT)
        });
        POLLED_BY_A_WAKER.set(None);
    });
}
