//! Programs that leave something else than the recording of a timeline, or take more than they may.

use autograder::snippet::{Snippet, Timeline};
use sandbox::{Ended, Limit};

use crate::programs::run;
use crate::workbook::Workbook;

/// A description, and the body of a program whose variable `file` is where its recording belongs.
type Hostile = (&'static str, &'static str);

const NO_TIMELINE: &[Hostile] = &[
    (
        "leaves a pipe",
        "std::process::Command::new(\"mkfifo\").arg(file).status().unwrap();",
    ),
    (
        "leaves a link to endless zeros",
        "std::os::unix::fs::symlink(\"/dev/zero\", file).unwrap();",
    ),
    (
        "leaves a link to a file of another user",
        "std::os::unix::fs::symlink(\"/etc/passwd\", file).unwrap();",
    ),
    (
        "leaves a link to a valid recording",
        "std::fs::write(\"other\", \"name\\ntitle\\ntimeline 0\\n\").unwrap(); \
         std::os::unix::fs::symlink(\"other\", file).unwrap();",
    ),
    (
        "leaves a folder with links to itself",
        "std::fs::create_dir(&file).unwrap(); std::os::unix::fs::symlink(\".\", file + \"/link\").unwrap();",
    ),
    (
        "leaves 200 MiB",
        "std::fs::File::create(file).unwrap().set_len(200 << 20).unwrap();",
    ),
    (
        "leaves a short recording of a lot of text",
        "std::fs::write(file, format!(\"name\\ntitle\\ntimeline 0\\nmarked 0 - {}\\nagain 1 1000000\", \
         \"a\".repeat(1 << 16))).unwrap();",
    ),
    (
        "leaves a picture that runs and navigates",
        "std::fs::write(file, \"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><style>body { display: \
         none }</style><meta xmlns='http://www.w3.org/1999/xhtml' http-equiv='refresh' content='0; \
         url=http://localhost'/></svg>\").unwrap();",
    ),
    (
        "leaves bytes that are not text",
        "std::fs::write(file, b\"name\\xff\\ntitle\\ntimeline 0\\n\").unwrap();",
    ),
];

const TIMELINE: &[Hostile] = &[
    (
        "has a name, a title, a lane and a mark with elements",
        "std::fs::write(file, \"<b>\\n<script>\\ntimeline 0\\ncreated 0 - <meta>\\nmarked 0 0 <style>\\n\").unwrap();",
    ),
    (
        "has attributes in its name",
        "std::fs::write(file, \"a' onload='x\\ntitle\\ntimeline 0\\n\").unwrap();",
    ),
    (
        "is a plot with elements",
        "std::fs::write(file, \"a' onload='x\\n<b>\\nplot\\nx log <script>\\ny log <meta>\\nline <style>\\n1 1\\n\").unwrap();",
    ),
    (
        "is a plot of numbers that are none",
        "std::fs::write(file, \"a\\nb\\nplot\\nx log x\\ny linear y\\nline c\\nNaN inf\\n-1 1e308\\n\").unwrap();",
    ),
];

/// Crates of another kind, and whether they have a `main`.
const OTHER_CRATE_TYPES: &[(&str, bool)] = &[
    ("#![crate_type = \"lib\"]\npub fn f() {}", false),
    ("#![crate_type = \"lib\"]\nfn main() {}", true),
    ("#![crate_type = \"cdylib\"]\nfn main() {}", true),
    ("#![crate_type = \"staticlib\"]\npub fn f() {}", false),
];

#[test_cache::test]
fn everything_that_is_run_is_a_program() {
    let workbook = Workbook::new();
    for (program, has_main) in OTHER_CRATE_TYPES {
        match run(&workbook, program).1 {
            Snippet::Ran { ended, .. } => {
                assert_eq!((ended, *has_main), (Ended::Exit(0), true), "{program}");
            }
            Snippet::DoesNotCompile(errors) => {
                let codes: Vec<_> = errors.iter().filter_map(|e| e.code.as_deref()).collect();
                assert_eq!((&*codes, *has_main), (&["E0601"][..], false), "{program}");
            }
        }
    }
}

#[test_cache::test]
fn a_program_that_fills_the_disk_is_stopped() {
    let workbook = Workbook::new();
    for body in [
        "for name in 0..9 { std::fs::write(name.to_string(), vec![1; 10 << 20]).unwrap(); } \
         std::thread::sleep(std::time::Duration::from_secs(20));",
        "std::fs::write(\"a\", vec![1; 65 << 20]).unwrap(); std::thread::sleep(std::time::Duration::from_secs(20));",
        "let file = std::env::temp_dir().join(\"a\"); for _ in 0..20 { let mut open = \
         std::fs::File::options().create(true).append(true).open(&file).unwrap(); \
         std::io::Write::write_all(&mut open, &vec![1; 8 << 20]).unwrap(); } std::thread::sleep(std::time::Duration::from_secs(20));",
    ] {
        let program = format!("fn main() {{ {body} }}");
        let (_, ran) = run(&workbook, &program);
        let Snippet::Ran { ended, .. } = ran else {
            panic!("{body}: {ran:?}");
        };
        assert_eq!(ended, Ended::LimitExceeded(Limit::Files), "{body}");
    }
}

#[test_cache::test]
fn a_program_does_not_write_to_files_of_its_reader() {
    if !sandbox::confinement().files {
        return eprintln!("skipped: this machine does not confine files");
    }
    let workbook = Workbook::new();
    let answer = workbook.project.path("exercises/src/demo.rs");
    let before = std::fs::read(&answer).unwrap();
    let program = format!("fn main() {{ std::fs::write({answer:?}, \"\").unwrap(); }}");
    let (_, ran) = run(&workbook, &program);
    let Snippet::Ran { ended, .. } = ran else {
        panic!("{ran:?}");
    };
    assert_eq!(ended, Ended::Exit(101));
    assert_eq!(std::fs::read(&answer).unwrap(), before);
}

#[track_caller]
fn timelines(workbook: &Workbook, (what, body): &Hostile) -> Vec<Timeline> {
    let program =
        format!("fn main() {{ let file = std::env::var(\"TIMELINE_FILE\").unwrap(); {body} }}");
    match run(workbook, &program).1 {
        Snippet::Ran { timelines, .. } => timelines,
        Snippet::DoesNotCompile(errors) => panic!("{what}: {errors:#?}"),
    }
}

#[test_cache::test]
fn what_is_not_a_recording_is_not_drawn() {
    let workbook = Workbook::new();
    for hostile in NO_TIMELINE {
        assert_eq!(timelines(&workbook, hostile), [], "{}", hostile.0);
    }
}

#[test_cache::test]
fn a_drawing_contains_only_what_the_tool_draws() {
    let workbook = Workbook::new();
    for hostile in TIMELINE {
        let (what, _) = hostile;
        let timelines = timelines(&workbook, hostile);
        let [timeline] = &*timelines else {
            panic!("{what}: it has one timeline");
        };
        let elements = ["<script", "<meta>", "<meta ", "<b>", "onload='"];
        for element in elements {
            assert!(!timeline.svg.contains(element), "{what}: {}", timeline.svg);
        }
        assert_eq!(timeline.svg.matches("<style>").count(), 1, "{what}");
    }
}
