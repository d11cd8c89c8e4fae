//! Saved progress survives kills, concurrent tools and damaged files.

#[path = "support/child.rs"]
mod child;
#[path = "support/writer.rs"]
mod writer;

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use workbook::progress::Progress;
use workbook::progress_store::Store;
use writer::{Writer, write_for_ever};

#[test_cache::test]
#[ignore = "the tests start it"]
fn writer_a() {
    if let Some(root) = child::root() {
        write_for_ever(&root, "a");
    }
}

#[test_cache::test]
#[ignore = "the tests start it"]
fn writer_b() {
    if let Some(root) = child::root() {
        write_for_ever(&root, "b");
    }
}

fn is_solved(progress: &Progress, exercise: &str) -> bool {
    progress.of(exercise).solved.is_some()
}

/// The number of kills in two seconds varies, but the same must hold after each.
#[test_cache::test]
fn a_kill_at_any_moment_loses_nothing() {
    let root = tempfile::tempdir().unwrap();
    let store = Store::open(root.path());
    let start = |name| Writer::start(child::command(&[], name, root.path()));
    let (began, mut round) = (Instant::now(), 0u32);
    let mut steady = start("writer_b");
    while began.elapsed() < Duration::from_secs(2) || round < 5 {
        let mut killed = start("writer_a");
        for _ in 0..1 + round % 3 {
            killed.wait();
        }
        // A save takes about a millisecond, so the kills hit all parts of it.
        let moment = Instant::now() + Duration::from_micros(u64::from(round) * 137 % 2000);
        while Instant::now() < moment {
            thread::yield_now();
        }
        let saved = killed.kill();
        let (progress, notice) = store.read().unwrap();
        assert_eq!(notice, None);
        for exercise in &saved {
            assert!(is_solved(&progress, exercise), "{exercise} is lost");
        }
        steady.wait();
        round += 1;
    }
    let saved = steady.kill();
    let (progress, notice) = store.read().unwrap();
    assert_eq!(notice, None);
    for exercise in &saved {
        assert!(is_solved(&progress, exercise), "{exercise} is lost");
    }
    assert!(saved.len() as u32 >= round);
}

#[derive(Debug, Clone)]
enum Step {
    Solve(u8),
    Hint(u8),
    /// The clock jumps to this second, which may be in the past.
    Clock(u64),
    /// A tool is killed while it saves.
    Kill,
    /// Two tools save this many times each.
    TwoWriters(u8),
    Corrupt(Vec<u8>),
    /// The file is cut off here.
    Cut(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<u8>().prop_map(|exercise| Step::Solve(exercise % 3)),
        4 => any::<u8>().prop_map(|exercise| Step::Hint(exercise % 3)),
        2 => (0u64..100_000).prop_map(Step::Clock),
        1 => Just(Step::Kill),
        1 => (1u8..4).prop_map(Step::TwoWriters),
        1 => vec(any::<u8>(), 0..20).prop_map(Step::Corrupt),
        1 => (0usize..60).prop_map(Step::Cut),
    ]
}

fn config() -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::with_cases(24)
    }
}

/// Takes the same steps on the disk and in memory.
fn play(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join(".workbook");
    let (mut expected, mut now, mut aside) = (Progress::default(), 0, Vec::new());
    for step in steps {
        // A new store for each step, as if the tool had been restarted.
        let store = Store::with_clock(root.path(), move || now);
        match step {
            Step::Solve(exercise) => {
                let change =
                    |progress: &mut Progress, now| progress.solved(&format!("a/{exercise}"), now);
                store.update(change).unwrap();
                change(&mut expected, now);
            }
            Step::Hint(exercise) => {
                let change = |progress: &mut Progress, now| {
                    progress.one_more_hint(&format!("a/{exercise}"), 3, now)
                };
                prop_assert_eq!(store.update(change).unwrap().0, change(&mut expected, now));
            }
            Step::Clock(to) => now = to,
            Step::Kill => {
                let mut killed = Writer::start(child::command(&[], "writer_b", root.path()));
                killed.wait();
                let saved = killed.kill();
                let (progress, notice) = store.read().unwrap();
                prop_assert_eq!(notice, None);
                for exercise in &saved {
                    prop_assert!(is_solved(&progress, exercise));
                }
                for (exercise, record) in expected.exercises() {
                    if exercise.starts_with("a/") {
                        prop_assert_eq!(&progress.of(exercise), record);
                    }
                }
                expected = progress;
            }
            Step::TwoWriters(times) => {
                thread::scope(|scope| {
                    for _ in 0..2 {
                        scope.spawn(|| {
                            for _ in 0..times {
                                store
                                    .update(|p, now| p.one_more_hint("a/0", 1000, now))
                                    .unwrap();
                            }
                        });
                    }
                });
                for _ in 0..2 * times {
                    expected.one_more_hint("a/0", 1000, now);
                }
            }
            Step::Corrupt(bytes) => {
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join("progress.json"), &bytes).unwrap();
                prop_assert!(store.update(|_, _| ()).unwrap().1.is_some());
                aside.push(bytes);
                expected = Progress::default();
            }
            Step::Cut(length) => {
                let Ok(mut bytes) = fs::read(folder.join("progress.json")) else {
                    continue;
                };
                bytes.truncate(length);
                fs::write(folder.join("progress.json"), &bytes).unwrap();
                prop_assert!(store.update(|_, _| ()).unwrap().1.is_some());
                aside.push(bytes);
                expected = Progress::default();
            }
        }
        prop_assert_eq!(store.read().unwrap(), (expected.clone(), None));
        for (number, bytes) in (1..).zip(&aside) {
            let file = folder.join(format!("progress.invalid-{number}.json"));
            prop_assert_eq!(&fs::read(file).unwrap(), bytes);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test_cache::test]
    fn progress_survives_any_sequence_of_steps(steps in vec(step(), 1..20)) {
        play(steps)?;
    }
}
