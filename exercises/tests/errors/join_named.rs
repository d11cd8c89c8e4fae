//! `join_named`: how each task ended, with its name.

use std::any::Any;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};

use super::*;
use exercises::errors::{TaskFailure, join_named};
use tokio::task::{Id, JoinSet};

#[path = "join_named_mistakes.rs"]
mod mistakes;

type Outcome = Result<u64, TaskFailure<String>>;

/// How a task ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Returns,
    Fails,
    Panics,
    IsAborted,
}

const EVERY_ENDING: [Ending; 4] = [
    Ending::Returns,
    Ending::Fails,
    Ending::Panics,
    Ending::IsAborted,
];

/// A task, and what an answer should say of it.
#[derive(Debug, Clone)]
struct Task {
    name: String,
    ends: Duration,
    outcome: Outcome,
    /// Whether the answer aborted it
    stopped: Arc<Mutex<bool>>,
}

/// Belongs to a task, and finds out whether it was dropped before its time.
struct Stopped {
    due: tokio::time::Instant,
    stopped: Arc<Mutex<bool>>,
}

impl Drop for Stopped {
    fn drop(&mut self) {
        *self.stopped.lock().unwrap() = tokio::time::Instant::now() < self.due;
    }
}

/// A set of tasks that end in every way.
struct Drawn {
    set: JoinSet<Result<u64, String>>,
    names: HashMap<Id, String>,
    tasks: Vec<Task>,
    running: Gauge,
}

impl Drawn {
    fn new(case: &Case, endings: &[Ending]) -> Self {
        let count = case.size("tasks", 0..=300);
        let names = (0..count).map(|task| format!("task {task}"));
        Self::with_names(case, names.collect(), endings)
    }

    fn with_names(case: &Case, names: Vec<String>, endings: &[Ending]) -> Self {
        let mut times = case.whole_ms_each("times", names.len(), 50);
        let is_slow = *case.pick("the first task is slow", &[false, true]);
        for time in times.iter_mut().take(usize::from(is_slow)) {
            *time = SLOW;
        }
        let endings = names.iter().map(|_| *case.pick("ending", endings));
        let endings: Vec<_> = endings.collect();
        Self::spawn(names.into_iter().zip(times).zip(endings))
    }

    fn spawn(tasks: impl IntoIterator<Item = ((String, Duration), Ending)>) -> Self {
        let mut drawn = Self {
            set: JoinSet::new(),
            names: HashMap::new(),
            tasks: Vec::new(),
            running: Gauge::new(),
        };
        for ((name, ends), ending) in tasks {
            drawn.add(name, ends, ending);
        }
        drawn
    }

    fn add(&mut self, name: String, ends: Duration, ending: Ending) {
        let number = self.tasks.len() as u64;
        let (error, message) = (format!("error {number}"), format!("panic {number}"));
        let outcome = match ending {
            Ending::Returns => Ok(number),
            Ending::Fails => Err(TaskFailure::Failed(error.clone())),
            Ending::Panics => Err(TaskFailure::Panicked(Some(message.clone()))),
            Ending::IsAborted => Err(TaskFailure::Cancelled),
        };
        let (running, stopped) = (self.running.clone(), Arc::<Mutex<bool>>::default());
        let guard = Stopped {
            due: tokio::time::Instant::now() + ends,
            stopped: Arc::clone(&stopped),
        };
        let handle = self.set.spawn(work(name.clone(), async move {
            let (_running, _guard) = (running.enter(), guard);
            sleep(ends).await;
            match ending {
                Ending::Returns => Ok(number),
                Ending::Fails => Err(error),
                Ending::Panics => resume_unwind(Box::new(message)),
                Ending::IsAborted => std::future::pending().await,
            }
        }));
        self.names.insert(handle.id(), name.clone());
        if ending == Ending::IsAborted {
            grading::spawn(async move {
                sleep(ends).await;
                handle.abort();
            });
        }
        self.tasks.push(Task {
            name,
            ends,
            outcome,
            stopped,
        });
    }

    async fn join(self) -> (Vec<Task>, Vec<(String, Outcome)>) {
        (self.tasks, join_named(self.set, &self.names).await)
    }
}

#[timeline::lane("{_name}")]
async fn work(
    _name: String,
    work: impl Future<Output = Result<u64, String>>,
) -> Result<u64, String> {
    work.await
}

/// `task 3: Ok(3)`
fn described(outcomes: &[(String, Outcome)]) -> String {
    list(
        outcomes
            .iter()
            .map(|(name, outcome)| format!("{name}: {outcome:?}")),
    )
}

/// The outcomes in one order.
fn sorted(mut outcomes: Vec<(String, Outcome)>) -> Vec<(String, Outcome)> {
    outcomes.sort_by_key(|(name, outcome)| (name.clone(), format!("{outcome:?}")));
    outcomes
}

fn expected(tasks: &[Task]) -> Vec<(String, Outcome)> {
    let tasks = tasks.iter();
    tasks
        .map(|task| (task.name.clone(), task.outcome.clone()))
        .collect()
}

/// Every task is in the list, with its outcome.
async fn check_outcomes(seen: &[(String, Outcome)], tasks: &[Task]) {
    let expected = expected(tasks);
    if seen.len() != expected.len() {
        let names: HashSet<_> = tasks.iter().map(|task| &task.name).collect();
        let one_of_each_name = names.len() < tasks.len() && seen.len() == names.len();
        let usually = mistakes::of_missing_outcomes().await;
        let usually = usually.filter(|meaning| *meaning != mistakes::SAME_NAME || one_of_each_name);
        check(false, || {
            Failure::new(format!(
                "With {} in the set, the list should have as many outcomes; it has {}: {}.",
                count_of("task", expected.len()),
                seen.len(),
                described(seen)
            ))
            .usually_if(usually)
            .read(IN_A_LOOP)
        });
    }
    let stopped = tasks.iter().find(|task| *task.stopped.lock().unwrap());
    let (seen, expected) = (sorted(seen.to_vec()), sorted(expected));
    let wrong = seen
        .iter()
        .zip(&expected)
        .find(|(seen, expected)| seen != expected);
    check(wrong.is_none(), || {
        let Some(((seen_name, seen), (name, expected))) = wrong else {
            return Failure::new("This was checked.");
        };
        let failure = Failure::new(format!(
            "{name:?} should have the outcome {expected:?}; {seen_name:?} had {seen:?}."
        ));
        match expected {
            _ if stopped.is_some() => failure
                .usually("that the answer aborts the other tasks when one fails, as `shutdown` and `abort_all` do.")
                .read(IN_A_LOOP),
            _ if seen_name != name => failure
                .usually("that outcomes have the names of other tasks. The `Id` in a `JoinError` is that of its task.")
                .read(WHICH_TASK),
            Err(TaskFailure::Panicked(message)) => of_a_panic(failure, seen, message.as_deref()),
            _ => not_told_apart(failure),
        }
    });
}

fn not_told_apart(failure: Failure) -> Failure {
    failure
        .usually("that a panic, a cancellation and an error of the task's own are not told apart.")
        .read(JOIN_ERROR)
}

/// The cause, if a task has panicked with `message` and the answer says that it had the outcome `seen`.
fn of_a_panic(failure: Failure, seen: &Outcome, message: Option<&str>) -> Failure {
    let Err(TaskFailure::Panicked(text)) = seen else {
        return not_told_apart(failure);
    };
    let failure = match text {
        Some(text) if text.starts_with("task ") && text.contains("panicked") => failure.usually(
            "that the join error was formatted. Its text describes the task; `into_panic()` returns the payload.",
        ),
        None if message == Some("") => failure.usually("that an empty message is taken for none."),
        Some(_) if message.is_none() => failure
            .usually("that a payload of another type is made a text. Only `&'static str` and `String` are messages."),
        Some(text) if message.is_some_and(|message| message != text && message.contains(text)) => {
            failure.usually("that only a part of the message is kept.")
        }
        _ => failure,
    };
    failure.read(PANICKED)
}

async fn outcomes_of_a_panic(payload: Box<dyn Any + Send>) -> Vec<(String, Outcome)> {
    let mut set: JoinSet<Result<u64, String>> = JoinSet::new();
    let handle = set.spawn(async { resume_unwind(payload) });
    let names = HashMap::from([(handle.id(), "porto".to_owned())]);
    join_named(set, &names).await
}

#[test]
fn tells_errors_panics_and_cancellations_apart() {
    grade_cases(async |case| {
        let (tasks, seen) = Drawn::new(&case, &EVERY_ENDING).join().await;
        check_outcomes(&seen, &tasks).await;
    });
}

/// A payload, and the message that it contains.
fn drawn_payload(case: &Case) -> (Box<dyn Any + Send>, Option<String>) {
    let text = match *case.pick("message", &["a text", "none", "two lines", "with spaces"]) {
        "a text" => case.text("text"),
        "none" => String::new(),
        "two lines" => "disk full\nsee the log".to_owned(),
        _ => " disk full\n".to_owned(),
    };
    let types = ["&str", "String", "another"];
    match *case.pick("type of the payload", &types) {
        "&str" => (Box::new(&*text.clone().leak()), Some(text)),
        "String" => (Box::new(text.clone()), Some(text)),
        _ => (payload_of_another_type(case, text), None),
    }
}

fn payload_of_another_type(case: &Case, text: String) -> Box<dyn Any + Send> {
    let types = [
        "i32",
        "u32",
        "char",
        "()",
        "Box<str>",
        "Box<String>",
        "Arc<str>",
        "Cow<str>",
        "Box<dyn Error>",
        "Box<dyn Any>",
    ];
    match *case.pick("other type", &types) {
        "i32" => Box::new(7_i32),
        "u32" => Box::new(7_u32),
        "char" => Box::new('7'),
        "()" => Box::new(()),
        "Box<str>" => Box::new(text.into_boxed_str()),
        "Box<String>" => Box::new(Box::new(text)),
        "Arc<str>" => Box::new(Arc::<str>::from(text)),
        "Cow<str>" => Box::new(Cow::<'static, str>::Owned(text)),
        "Box<dyn Error>" => Box::new(Box::<dyn std::error::Error + Send + Sync>::from(text)),
        _ => Box::new(Box::new(text) as Box<dyn Any + Send>),
    }
}

#[test]
fn keeps_the_message_of_every_panic() {
    grade_cases(async |case| {
        let (payload, message) = drawn_payload(&case);
        let seen = outcomes_of_a_panic(payload).await;
        let expected: Outcome = Err(TaskFailure::Panicked(message.clone()));
        let outcome = seen.first().map(|(_, outcome)| outcome);
        if outcome == Some(&expected) {
            return;
        }
        let missing = mistakes::of_a_missing_message().await;
        check(false, || {
            let failure = Failure::new(format!(
                "A task that panics should have the outcome {expected:?}; there was {}.",
                described(&seen)
            ));
            match outcome {
                Some(Err(TaskFailure::Panicked(None)))
                    if message.as_ref().is_some_and(|text| !text.is_empty()) =>
                {
                    failure.usually_if(missing).read(PANICKED)
                }
                Some(outcome) => of_a_panic(failure, outcome, message.as_deref()),
                None => failure
                    .usually("that the loop ends at a panic, or leaves it out.")
                    .read(IN_A_LOOP),
            }
        });
    });
}

#[test]
fn waits_for_all_tasks_whatever_fails() {
    grade_cases(async |case| {
        let drawn = Drawn::new(&case, &EVERY_ENDING);
        let (running, clock) = (drawn.running.clone(), Clock::start());
        let joined = Counted::new(drawn.join());
        let polls = joined.counts();
        let (tasks, _) = joined.await;
        let last = tasks.iter().map(|task| task.ends).max().unwrap_or_default();
        let took = clock.elapsed();
        check((took, running.now()) == (last, 0), || {
            Failure::new(format!(
                "The last task ends at {}, and the function should return then; it returned at {}, with {} still running.",
                in_ms(last),
                in_ms(took),
                count_of("task", running.now())
            ))
            .usually_if((took < last).then_some("that the first failure ends the loop, and with it the set."))
            .read(IN_A_LOOP)
        });
        polls.check_polls(2 * tasks.len() + 5, COMPLETION_ORDER);
    });
}

#[test]
fn outcomes_are_in_completion_order() {
    grade_cases(async |case| {
        let (tasks, seen) = Drawn::new(&case, &EVERY_ENDING).join().await;
        let ends: HashMap<_, _> = tasks.iter().map(|task| (&task.name, task.ends)).collect();
        if seen.is_sorted_by_key(|(name, _)| ends.get(name)) {
            return;
        }
        let usually = mistakes::of_another_order().await;
        check(false, || {
            Failure::new(format!(
                "The tasks end at {}, and the outcomes should be in this order; they were {}.",
                list(
                    tasks
                        .iter()
                        .map(|task| format!("{} ({})", in_ms(task.ends), task.name))
                ),
                list(seen.iter().map(|(name, _)| name.clone()))
            ))
            .usually_if(usually)
            .read(COMPLETION_ORDER)
        });
    });
}

#[test]
fn several_tasks_may_have_the_same_name() {
    grade_cases(async |case| {
        let count = case.size("tasks", 0..=40);
        let names = case.texts("names", count);
        let drawn = Drawn::with_names(&case, names, &EVERY_ENDING);
        let (tasks, seen) = drawn.join().await;
        check_outcomes(&seen, &tasks).await;
    });
}

#[test]
fn names_of_other_tasks_are_ignored() {
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, &EVERY_ENDING);
        for _ in 0..case.size("names of other tasks", 1..=40) {
            let other = grading::spawn(sleep(ms(500)));
            drawn.names.insert(other.id(), "another task".to_owned());
        }
        let (tasks, seen) = drawn.join().await;
        check_outcomes(&seen, &tasks).await;
    });
}

#[test]
fn dropping_it_aborts_the_tasks() {
    drop_at_every_await(
        async || {
            let alive = Tasks::baseline();
            let endings = [Ending::Returns, Ending::Fails, Ending::Panics];
            let tasks = endings.into_iter().zip([10, 20, 30]);
            let drawn = Drawn::spawn(
                tasks.map(|(ending, time)| ((format!("{ending:?}"), ms(time)), ending)),
            );
            (drawn.join(), alive)
        },
        async |alive| {
            let left = alive.left_behind().await;
            check(left == 0, || {
                Failure::new(format!(
                    "When the future is dropped, all tasks should be aborted; still running: {}.",
                    count_of("task", left)
                ))
                .usually(
                    "that the set was moved into a task of its own, or its tasks were detached.",
                )
                .read("tasks-joinset.html#joinset")
            });
        },
    );
}
