//! A process whose main thread has exited looks like a zombie while its other threads run.

use sandbox::{Cancel, Ended, Job, Limit, run_to_text};

use crate::support::{compile, script, wide, with_each_runner};

const PROGRAM: &str = r#"
    unsafe extern "C" {
        fn syscall(number: std::ffi::c_long, ...) -> std::ffi::c_long;
    }
    /// Ends the calling thread only.
    const EXIT: std::ffi::c_long = if cfg!(target_arch = "x86_64") { 60 } else { 93 };

    fn main() {
        std::thread::spawn(|| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            let memory = vec![1_u8; 400 << 20];
            std::thread::sleep(std::time::Duration::from_secs(1000));
            drop(memory);
        });
        unsafe { syscall(EXIT, 0) };
    }
"#;

#[test_cache::test]
fn counts_memory_after_the_main_thread_has_exited() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile(folder.path(), PROGRAM);
    with_each_runner(|runner| {
        let mut limits = wide();
        limits.memory = 100 << 20;
        let job = Job::new(&program, limits);
        let ran = run_to_text(runner, &job, &Cancel::default()).unwrap();
        assert_eq!(
            ran.finished.ended,
            Ended::LimitExceeded(Limit::Memory),
            "{ran:?}"
        );
    });
}

#[test_cache::test]
fn kills_a_process_whose_main_thread_has_exited() {
    let folder = tempfile::tempdir().unwrap();
    let text = "
        setsid \"$PROGRAM\" &
        until grep -q zombie /proc/$!/status; do sleep 0.01; done
        exit 3";
    let script = script(text);
    let job = script.job().env("PROGRAM", compile(folder.path(), PROGRAM));
    with_each_runner(|runner| {
        let finished = script.run_job(runner, &job).finished;
        assert_eq!(finished.ended, Ended::Exit(3));
        assert_eq!(finished.left_behind, 1);
    });
}
