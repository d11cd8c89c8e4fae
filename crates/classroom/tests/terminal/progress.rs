//! The line that tells a teacher in a terminal how far the grading is.

use std::fs;
use std::io::Read;
use std::num::NonZero;
use std::time::{SystemTime, UNIX_EPOCH};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::class::{Class, PROGRAM, repository};

const SIZE: PtySize = PtySize {
    rows: 24,
    cols: 80,
    pixel_width: 0,
    pixel_height: 0,
};

#[test_cache::test]
fn how_far_it_is_and_how_long_the_rest_may_take() {
    let class = Class::new();
    // What was graded in an earlier run of this test takes no time.
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("it is later than 1970").as_nanos();
    for student in ["ada", "alan", "grace"] {
        let file = class.path(&format!("submissions/{student}/event_loop.rs"));
        let answers = fs::read_to_string(&file).expect("it is there");
        fs::write(file, format!("{answers}// {student}, {now}\n")).expect("writable");
    }
    let terminal = native_pty_system()
        .openpty(SIZE)
        .expect("there are pseudoterminals");
    let mut grade = CommandBuilder::new(PROGRAM);
    grade.cwd(repository());
    grade.env("TERM", "xterm-256color");
    grade.env_remove("NO_COLOR");
    grade.arg("grade");
    grade.arg(class.path("submissions"));
    grade.args(["--jobs", "1", "--class"]);
    grade.arg(class.path("class.toml"));
    grade.arg("--output");
    grade.arg(class.path("marks"));
    let mut grade = terminal.slave.spawn_command(grade).expect("it starts");
    drop(terminal.slave);
    let mut output = terminal.master.try_clone_reader().expect("readable");
    let [rows, columns] = [SIZE.rows, SIZE.cols].map(|size| NonZero::new(size).expect("not 0"));
    let mut screen = vt100::Parser::new(rows, columns, 0);
    let (mut seen, mut bytes) = (Vec::new(), [0; 4096]);
    // The terminal ends with an error instead of an end.
    while let Ok(count @ 1..) = output.read(&mut bytes) {
        screen.process(&bytes[..count]);
        let contents = screen.screen().contents();
        let lines = contents
            .lines()
            .filter(|line| line.contains("Grading submissions"));
        seen.extend(lines.map(str::to_owned));
    }
    assert!(grade.wait().expect("it is our child").success());
    for done in ["1 of 3, ", "2 of 3, "] {
        let has_time = |line: &String| line.contains(done) && line.trim_end().ends_with(" left");
        assert!(seen.iter().any(has_time), "{done}: {seen:?}");
    }
    let last = screen.screen().contents();
    assert!(
        last.contains("A small class") && !last.contains("left"),
        "{last}"
    );
}
