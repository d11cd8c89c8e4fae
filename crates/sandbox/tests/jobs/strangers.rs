//! Processes that do not belong to the job.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sandbox::{Ended, InProcess};

use crate::support::{compile, pause, script};

/// Unmaps the memory of its environment, and so looks like a process that is always within an `exec`.
const PROGRAM: &str = r#"
    unsafe extern "C" {
        static environ: *const *const std::ffi::c_char;
        fn munmap(start: usize, length: usize) -> std::ffi::c_int;
    }

    fn main() {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let stack = maps.lines().find(|line| line.ends_with("[stack]")).unwrap();
        let (_, end) = stack.split_once(' ').unwrap().0.split_once('-').unwrap();
        // Up to the end: a hole would be filled again by the rest of the stack above.
        let end = usize::from_str_radix(end, 16).unwrap();
        // No page is larger than this, and the environment is.
        let start = unsafe { *environ }.addr().next_multiple_of(64 << 10);
        println!("{}", unsafe { munmap(start, end - start) });
        std::thread::sleep(std::time::Duration::from_secs(1000));
    }
"#;

struct Stranger(Child);

impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test_cache::test]
fn does_not_wait_for_processes_older_than_the_job() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile(folder.path(), PROGRAM);
    let _strangers: Vec<_> = (0..8)
        .map(|_| {
            let mut stranger = Command::new(&program);
            stranger
                .env("LONG", "x".repeat(100 << 10))
                .stdout(Stdio::piped());
            let mut stranger = Stranger(stranger.spawn().unwrap());
            let mut line = String::new();
            let stdout = stranger.0.stdout.take().unwrap();
            BufReader::new(stdout).read_line(&mut line).unwrap();
            assert_eq!(line, "0\n");
            stranger
        })
        .collect();
    // The system records start times only to a hundredth of a second.
    pause(Duration::from_millis(50));
    let ran = script("sleep $NAP & exit 3").expect_end(&InProcess, Ended::Exit(3));
    assert_eq!(ran.finished.left_behind, 1);
}
