//! Processes that are none of a job's business.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sandbox::{Ended, InProcess};

use crate::support::{compile, pause, script};

/// Gives back memory that its environment is in, and so looks as if it were always becoming another
/// program.
const PROGRAM: &str = r#"
    unsafe extern "C" {
        static environ: *const *const std::ffi::c_char;
        fn munmap(start: usize, length: usize) -> std::ffi::c_int;
    }

    fn main() {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let stack = maps.lines().find(|line| line.ends_with("[stack]")).unwrap();
        let (_, end) = stack.split_once(' ').unwrap().0.split_once('-').unwrap();
        // Up to the end: a hole would be filled by what is left of the stack above.
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
fn who_began_before_the_job_is_not_waited_for() {
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
    // The system tells only to some hundredths of a second when a process began.
    pause(Duration::from_millis(50));
    let ran = script("sleep $NAP & exit 3").ends(&InProcess, Ended::Exit(3));
    assert_eq!(ran.finished.left_behind, 1);
}
