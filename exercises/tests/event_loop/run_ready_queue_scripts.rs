//! Tasks that wake themselves and each other, and the order in which they should be polled.

use std::collections::VecDeque;

use super::*;

/// What a task does: in each of its polls it calls the wakers of these tasks. It is ready in its last poll.
pub(super) type Script = Vec<Vec<usize>>;

/// Tasks that wake themselves and each other, also those that have finished.
pub(super) fn drawn_scripts(case: &Case) -> Vec<Script> {
    let count = case.size("tasks", 1..=70);
    let scripts = (1..=count).map(|number| {
        let polls = case.size(&format!("polls of task {number}"), 1..=4);
        let woken = (1..=polls).map(|poll| {
            let calls = case.size(&format!("calls of wakers in poll {poll}"), 0..=4);
            (0..calls)
                .map(|_| case.size("wakes task", 1..=count) - 1)
                .collect()
        });
        woken.collect()
    });
    scripts.collect()
}

/// Scripts for [`usual_mistake`]: the same in each run, and as different from each other as they can be.
fn fixed_scripts() -> Vec<Vec<Script>> {
    let mut state = 1_u32;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % limit
    };
    let mut all = Vec::new();
    for _ in 0..20 {
        let count = 2 + below(4);
        let mut scripts = Vec::new();
        for _ in 0..count {
            let polls = 1 + below(4);
            let mut script = Vec::new();
            for _ in 0..polls {
                let calls = below(4);
                script.push((0..calls).map(|_| below(count)).collect());
            }
            scripts.push(script);
        }
        all.push(scripts);
    }
    all
}

/// What a wake-up does to the queue: `number` is woken in a poll of `running`, if it is not the loop that calls the waker.
pub(super) type Push = fn(queue: &mut VecDeque<usize>, number: usize, running: usize);

pub(super) fn push_once(queue: &mut VecDeque<usize>, number: usize, _: usize) {
    if !queue.contains(&number) {
        queue.push_back(number);
    }
}

/// What the polls of `scripts` are, as numbers from 1 on, and how many tasks do not finish.
pub(super) type Polls = (Vec<String>, usize);

pub(super) fn polls_with(scripts: &[Script], push: Push) -> Polls {
    let mut queue: VecDeque<usize> = (0..scripts.len()).collect();
    let mut polls = vec![0; scripts.len()];
    let mut lines = Vec::new();
    while let Some(number) = queue.pop_front() {
        let Some(woken) = scripts[number].get(polls[number]) else {
            continue;
        };
        polls[number] += 1;
        lines.push((number + 1).to_string());
        for &other in woken {
            // A task that was never polled has no waker yet.
            if polls[other] > 0 {
                push(&mut queue, other, number);
            }
        }
    }
    let unfinished = polls
        .iter()
        .zip(scripts)
        .filter(|(polls, script)| **polls < script.len());
    (lines, unfinished.count())
}

/// Usual mistakes, each with what a wake-up does to the queue then.
const MISTAKES: [(&str, Push); 9] = [
    (
        "that the queue is a stack: the task that was woken last comes first.",
        |queue, number, _| {
            if !queue.contains(&number) {
                queue.push_front(number);
            }
        },
    ),
    (
        "that the queue is a stack: the task that was woken last comes first.",
        |queue, number, _| {
            queue.retain(|other| *other != number);
            queue.push_front(number);
        },
    ),
    (
        "that woken tasks are polled in the order of `tasks`, not in the order of the wake-ups.",
        |queue, number, running| {
            push_once(queue, number, running);
            queue.make_contiguous().sort_unstable();
        },
    ),
    (
        "that woken tasks are polled in the order of `tasks`, round after round, not in the order of the wake-ups.",
        |queue, number, running| {
            push_once(queue, number, running);
            // Those after the running one are in the same round.
            let key = |other: &usize| (*other <= running, *other);
            queue.make_contiguous().sort_unstable_by_key(key);
        },
    ),
    (
        "that a task that wakes itself is polled again at once. It has to go to the end of the queue.",
        |queue, number, running| {
            if number == running && !queue.contains(&number) {
                queue.push_front(number);
            } else {
                push_once(queue, number, running);
            }
        },
    ),
    (
        "that one task is polled until it has finished or waits, before the next one is polled.",
        |queue, number, running| {
            if number == running && !queue.contains(&number) {
                queue.push_front(number);
            }
        },
    ),
    (
        "that a second wake-up moves a task to the end of the queue. It is in the queue already, and keeps its place.",
        |queue, number, _| {
            queue.retain(|other| *other != number);
            queue.push_back(number);
        },
    ),
    (
        "that a wake-up puts a task into the queue although it is there already.",
        |queue, number, _| queue.push_back(number),
    ),
    (
        "that a wake-up during the task's own poll is lost.",
        |queue, number, running| {
            if number != running {
                push_once(queue, number, running);
            }
        },
    ),
];

/// The mistake that explains the order in which the answer polls many tasks, if there is one.
pub(super) fn usual_mistake() -> Option<&'static str> {
    let fixed = fixed_scripts();
    let seen: Vec<_> = fixed
        .iter()
        .map(|scripts| Run::new(scripts, false).lines())
        .collect();
    let mistakes = MISTAKES.iter().map(|(meaning, push)| {
        let polls = fixed.iter().map(|scripts| polls_with(scripts, *push).0);
        (*meaning, polls)
    });
    explained(&seen, mistakes)
}

/// A run of the answer with scripted tasks.
pub(super) struct Run {
    log: Log,
    pub(super) wakers: Rc<RefCell<Vec<Option<Waker>>>>,
    pub(super) outcome: Result<(), usize>,
}

impl Run {
    /// Each task is woken with the waker of its latest poll, or always with that of its first.
    pub(super) fn new(scripts: &[Script], with_first_waker: bool) -> Self {
        let log = Log::default();
        let wakers: Rc<RefCell<Vec<Option<Waker>>>> =
            Rc::new(RefCell::new(vec![None; scripts.len()]));
        let numbered = scripts.iter().zip(1..);
        let tasks = numbered.map(|(script, number)| -> Task {
            let (log, wakers) = (log.clone(), Rc::clone(&wakers));
            let mut script = script.clone().into_iter();
            Box::pin(poll_fn(move |cx| {
                log.push(number.to_string());
                let kept = wakers.borrow()[number - 1].is_some() && with_first_waker;
                if !kept {
                    wakers.borrow_mut()[number - 1] = Some(cx.waker().clone());
                }
                for other in script.next().into_iter().flatten() {
                    let waker = wakers.borrow()[other].clone();
                    if let Some(waker) = waker {
                        waker.wake();
                    }
                }
                match script.len() {
                    0 => Poll::Ready(()),
                    _ => Poll::Pending,
                }
            }))
        });
        let outcome = run_ready_queue(tasks.collect());
        Self {
            log,
            wakers,
            outcome,
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.log.lines()
    }
}
