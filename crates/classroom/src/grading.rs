//! Grades submissions, several chapters at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use anyhow::{Context, Result};
use autograder::files;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict, Outcome};
use tempfile::TempDir;

use crate::intake::{Entry, Intake};
use crate::result::{self, ExerciseResult, StudentResult};
use crate::shared::{Pool, Shared};
use crate::store::{GradedChapter, Store};
use crate::submission::{ANSWERS, Submission};

/// What grades the answers in a folder.
pub trait Grade: Sync {
    /// The chapters that there are, by slug.
    fn chapters(&self) -> Vec<String>;

    /// The root of the crate of the answers, `lib.rs`, for submissions that have none.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    fn root(&self) -> Result<Vec<u8>>;

    /// A hash of everything that the verdict on a chapter depends on.
    ///
    /// # Errors
    ///
    /// If something of it cannot be read.
    fn key(&self, answers: &Path, chapter: &str) -> Result<String>;

    /// Grades the chapter.
    ///
    /// # Errors
    ///
    /// If it cannot be graded, for a reason that is not in the answers.
    fn grade(&self, answers: &Path, chapter: &str) -> Result<ChapterVerdict>;
}

/// How far the grading is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// How many submissions are done.
    pub submissions: usize,
    /// How many chapters were graded.
    pub graded: usize,
    /// How many chapters had been graded before, or are equal to one that was.
    pub known: usize,
}

/// How many submissions are unpacked at a time, for each job.
const UNPACKED_PER_JOB: usize = 4;

/// How many verdicts are kept in memory for answers that several students have handed in. Those are stubs, most of all, which
/// come early.
const MAX_REMEMBERED: usize = 4096;

/// How the names of the folders begin into which submissions are unpacked.
const UNPACKED: &str = "workbook-answers-";

/// The root of the crate of the answers.
const ROOT: &str = "lib.rs";

/// A chapter to grade.
struct Task {
    key: String,
    chapter: String,
    /// The text of the chapter's file.
    answers: String,
    folder: Arc<TempDir>,
}

/// What a verdict adds to a result.
struct Known {
    /// The id of the graded chapter.
    id: String,
    chapter: String,
    exercises: Vec<(Shared<String>, Shared<ExerciseResult>)>,
}

/// A verdict that was reached now.
struct Reached {
    verdict: ChapterVerdict,
    is_final: bool,
}

impl Reached {
    /// Grades a chapter, and once more if the verdict depends on how much real time something took: on a machine that is
    /// less busy, the same answers may be right. It is final if both runs agree; otherwise the better one counts for now.
    fn by(grader: &dyn Grade, task: &Task) -> Result<Self> {
        let grade = || grader.grade(task.folder.path(), &task.chapter);
        let first = grade()?;
        if !first.exercises.iter().any(ExerciseVerdict::in_real_time) {
            return Ok(Self {
                verdict: first,
                is_final: true,
            });
        }
        let second = grade()?;
        let is_final = outcomes(&first).eq(outcomes(&second));
        let passed = |verdict| {
            outcomes(verdict)
                .filter(|(_, outcome)| outcome.passed())
                .count()
        };
        Ok(Self {
            verdict: if passed(&first) > passed(&second) {
                first
            } else {
                second
            },
            is_final,
        })
    }
}

/// The tests, and how they ended.
fn outcomes(verdict: &ChapterVerdict) -> impl Iterator<Item = (&str, Outcome)> {
    let tests = verdict
        .exercises
        .iter()
        .flat_map(|exercise| &exercise.tests);
    tests.map(|test| (test.name.as_str(), test.outcome))
}

/// A submission whose chapters are being graded.
struct Open {
    result: StudentResult,
    /// The keys of the chapters that are missing, with the chapters.
    missing: BTreeMap<String, String>,
}

/// Grades all entries. `on_student` gets each result as soon as it is complete; the order may differ from that of the
/// entries. Returns what was done.
///
/// # Errors
///
/// If a chapter cannot be graded for a reason that is not in the answers, a result cannot be written, or `on_student` fails.
pub fn grade_all(
    entries: impl IntoIterator<Item = Entry>,
    grader: &dyn Grade,
    store: &Store,
    jobs: usize,
    on_student: &mut dyn FnMut(StudentResult, &Progress) -> Result<()>,
) -> Result<Progress> {
    let (tasks, next) = mpsc::channel::<Task>();
    let next = Mutex::new(next);
    let (graded, done) = mpsc::channel::<(Task, Result<Reached>)>();
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            let (next, graded) = (&next, graded.clone());
            scope.spawn(move || {
                loop {
                    let task = next.lock().expect("no worker panics while it waits").recv();
                    let Ok(task) = task else { break };
                    let reached = Reached::by(grader, &task);
                    if graded.send((task, reached)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(graded);
        let mut run = Run {
            chapters: grader.chapters(),
            grader,
            store,
            tasks,
            open: Vec::new(),
            waiting: BTreeSet::new(),
            remembered: BTreeMap::new(),
            progress: Progress::default(),
            pool: Pool::default(),
        };
        for entry in entries {
            run.begin(&entry, on_student)?;
            while run.open.len() >= jobs * UNPACKED_PER_JOB {
                run.receive(&done, on_student)?;
            }
        }
        while !run.open.is_empty() {
            run.receive(&done, on_student)?;
        }
        Ok(run.progress)
    })
}

/// The state of [`grade_all`].
struct Run<'a> {
    chapters: Vec<String>,
    grader: &'a dyn Grade,
    store: &'a Store,
    tasks: mpsc::Sender<Task>,
    open: Vec<Open>,
    /// The keys that are being graded.
    waiting: BTreeSet<String>,
    /// Verdicts that have been read or reached, by key.
    remembered: BTreeMap<String, Rc<Known>>,
    progress: Progress,
    pool: Pool,
}

type OnStudent<'f> = dyn FnMut(StudentResult, &Progress) -> Result<()> + 'f;

impl Run<'_> {
    /// Reads a submission, takes what is known of it, and starts to grade the rest.
    fn begin(&mut self, entry: &Entry, on_student: &mut OnStudent<'_>) -> Result<()> {
        let modules: Vec<_> = self
            .chapters
            .iter()
            .map(|slug| slug.replace('-', "_"))
            .collect();
        let Intake {
            student,
            submission,
            problems,
        } = entry.read(&modules);
        let mut open = Open {
            result: StudentResult {
                student,
                origin: entry.origin.clone(),
                problems,
                verdicts: BTreeMap::new(),
                exercises: BTreeMap::new(),
                about: submission
                    .as_ref()
                    .and_then(|submission| submission.about.clone()),
            },
            missing: BTreeMap::new(),
        };
        if let Some(submission) = &submission {
            let folder = Arc::new(self.unpack(submission)?);
            let chapters = self.chapters.clone();
            for (chapter, module) in chapters.iter().zip(&modules) {
                let Some(answers) = submission.files.get(&format!("{module}.rs")) else {
                    continue;
                };
                let key = self.grader.key(folder.path(), chapter)?;
                if let Some(known) = self.known(&key)? {
                    self.progress.known += 1;
                    known.add_to(&mut open.result);
                } else if !self.waiting.insert(key.clone()) {
                    self.progress.known += 1;
                    open.missing.insert(key, chapter.clone());
                } else {
                    open.missing.insert(key.clone(), chapter.clone());
                    let task = Task {
                        key,
                        chapter: chapter.clone(),
                        answers: String::from_utf8_lossy(answers).into_owned(),
                        folder: Arc::clone(&folder),
                    };
                    // The workers end after this sender.
                    let _ = self.tasks.send(task);
                }
            }
        }
        self.open.push(open);
        self.finish(on_student)
    }

    /// The verdict that was reached for this key, if it holds for good.
    fn known(&mut self, key: &str) -> Result<Option<Rc<Known>>> {
        if let Some(known) = self.remembered.get(key) {
            return Ok(Some(Rc::clone(known)));
        }
        let found = self.store.find(key)?;
        let found = found.filter(|(_, graded)| graded.is_final);
        Ok(found.map(|(id, graded)| {
            let known = Rc::new(Known::of(id, &graded.verdict));
            if self.remembered.len() < MAX_REMEMBERED {
                self.remembered.insert(key.to_owned(), Rc::clone(&known));
            }
            known
        }))
    }

    /// Writes the answers to a folder of their own.
    fn unpack(&self, submission: &Submission) -> Result<TempDir> {
        let folder = tempfile::Builder::new().prefix(UNPACKED).tempdir();
        let folder = folder.context("No temporary folder could be created.")?;
        let file = |name: &str| folder.path().join(ANSWERS).join(name);
        if !submission.files.contains_key(ROOT) {
            files::write(&file(ROOT), self.grader.root()?)?;
        }
        for (name, bytes) in &submission.files {
            files::write(&file(name), bytes)?;
        }
        Ok(folder)
    }

    /// Waits for the next verdict.
    fn receive(
        &mut self,
        done: &mpsc::Receiver<(Task, Result<Reached>)>,
        on_student: &mut OnStudent<'_>,
    ) -> Result<()> {
        let (task, reached) = done.recv().context("the workers have ended")?;
        let Reached { verdict, is_final } = reached?;
        let chapter = GradedChapter {
            verdict,
            is_final,
            answers: task.answers,
        };
        let id = self.store.write(&task.key, &chapter)?;
        let known = Known::of(id, &chapter.verdict);
        self.progress.graded += 1;
        self.waiting.remove(&task.key);
        for open in &mut self.open {
            if open.missing.remove(&task.key).is_some() {
                known.add_to(&mut open.result);
            }
        }
        self.finish(on_student)
    }

    /// Hands over the results that are complete.
    fn finish(&mut self, on_student: &mut OnStudent<'_>) -> Result<()> {
        for mut open in self.open.extract_if(.., |open| open.missing.is_empty()) {
            self.progress.submissions += 1;
            self.pool.share(&mut open.result);
            on_student(open.result, &self.progress)?;
        }
        Ok(())
    }
}

impl Known {
    fn of(id: String, verdict: &ChapterVerdict) -> Self {
        Self {
            id,
            chapter: verdict.chapter.clone(),
            exercises: result::of_chapter(verdict).collect(),
        }
    }

    fn add_to(&self, result: &mut StudentResult) {
        result
            .verdicts
            .insert(self.chapter.clone(), self.id.clone());
        result.exercises.extend(self.exercises.iter().cloned());
    }
}
