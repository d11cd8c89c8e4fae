//! Runs scripts and finds their processes.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use procfs::process::{Process, Stat, StatFlags, all_processes};
use sandbox::{Cancel, Ended, Guards, InProcess, Job, Limits, Printed, Runner, run_to_text};

/// No job here takes longer, even on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// Limits that a small script does not reach, even on a busy machine.
pub fn wide() -> Limits {
    Limits {
        wall: Duration::from_secs(100),
        cpu: Duration::from_secs(60),
        memory: 512 << 20,
        output: 4 << 20,
        processes: 100,
        files: 256 << 20,
    }
}

/// The command that starts a guard.
pub fn guard() -> Command {
    Command::new(env!("CARGO_BIN_EXE_guard"))
}

/// At most two guards at once.
pub fn guards() -> Guards {
    Guards::new(guard, 2)
}

/// Runs a test with each kind of runner.
pub fn with_each_runner(mut test: impl FnMut(&dyn Runner)) {
    test(&guards());
    test(&InProcess);
}

/// A shell script whose processes can be found: it sleeps with `sleep $NAP`, for a time that no other script
/// uses.
pub struct Script {
    pub nap: String,
    text: String,
    limits: Limits,
}

pub fn script(text: &str) -> Script {
    static NAPS: AtomicU32 = AtomicU32::new(0);
    let number = NAPS.fetch_add(1, Ordering::Relaxed);
    Script {
        nap: format!("1000.{}{number:03}", std::process::id()),
        text: text.to_owned(),
        limits: wide(),
    }
}

impl Script {
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    pub fn job(&self) -> Job {
        Job::new("/bin/sh", self.limits.clone())
            .args(["-c", &self.text])
            .env("NAP", &self.nap)
    }

    /// Runs it, and checks that it ended in time and left no process alive.
    #[track_caller]
    pub fn run(&self, runner: &dyn Runner) -> Printed {
        self.run_job(runner, &self.job())
    }

    /// The same with a job that was made from it.
    #[track_caller]
    pub fn run_job(&self, runner: &dyn Runner, job: &Job) -> Printed {
        let started = Instant::now();
        let ran = run_to_text(runner, job, &Cancel::default()).unwrap();
        let took = started.elapsed();
        assert!(took < DEADLINE, "{:?} took {took:?}", self.text);
        assert_eq!(self.alive(), [0; 0], "{:?} left processes", self.text);
        ran
    }

    /// Runs it, and checks how it ended.
    #[track_caller]
    pub fn expect_end(&self, runner: &dyn Runner, ended: Ended) -> Printed {
        let ran = self.run(runner);
        assert_eq!(ran.finished.ended, ended, "{:?}: {ran:?}", self.text);
        ran
    }

    /// Its processes: those with the nap in their environment or their arguments. A zombie has neither.
    pub fn alive(&self) -> Vec<i32> {
        let all = all_processes().unwrap().flatten();
        let own = std::process::id().cast_signed();
        all.filter(|process| self.owns(process))
            .map(|process| process.pid())
            .filter(|&pid| pid != own)
            .collect()
    }

    /// During an `exec`, a process shows neither for a moment; this waits until it is done.
    fn owns(&self, process: &Process) -> bool {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let before = process.stat();
            let args = process.cmdline().unwrap_or_default();
            let environment = process.environ();
            let may_be_read = environment.is_ok();
            if args.iter().any(|arg| arg.contains(&self.nap))
                || environment
                    .unwrap_or_default()
                    .values()
                    .any(|value| *value == *self.nap)
            {
                return true;
            }
            let (Ok(before), Ok(after)) = (before, process.stat()) else {
                return false;
            };
            if !may_be_read
                || has_no_program(&after)
                || are_one_program(&before, &after)
                || Instant::now() > deadline
            {
                return false;
            }
            pause(Duration::from_millis(1));
        }
    }

    /// Waits until none of its processes is alive.
    #[track_caller]
    pub fn wait_until_gone(&self) {
        wait_until("its processes are gone", || self.alive().is_empty());
    }
}

/// Whether it is a zombie, or belongs to the kernel.
fn has_no_program(stat: &Stat) -> bool {
    matches!(stat.state, 'Z' | 'X') || stat.flags & StatFlags::PF_KTHREAD.bits() != 0
}

/// Whether a process ran the same program at two times: each program has its environment at another address, and
/// none during an `exec`.
fn are_one_program(before: &Stat, after: &Stat) -> bool {
    before.env_end == after.env_end && after.env_end != Some(0)
}

/// Compiles a program.
pub fn compile(folder: &Path, text: &str) -> PathBuf {
    let (source, program) = (folder.join("main.rs"), folder.join("program"));
    fs::write(&source, text).unwrap();
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut rustc = Command::new(rustc);
    rustc
        .args(["--edition", "2024"])
        .arg(&source)
        .arg("-o")
        .arg(&program);
    assert!(rustc.status().unwrap().success());
    program
}

/// Waits until something holds.
#[track_caller]
pub fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        pause(Duration::from_millis(5));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "This waits for processes of the system, which know no other clock."
)]
pub fn pause(time: Duration) {
    thread::sleep(time);
}
