//! Submissions as students, Moodle and git deliver them, and what a hostile one may try.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use classroom::intake::{Intake, entries};
use classroom::submission::{About, FORMAT, Files, Student, to_zip, write};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const ANSWER: &[u8] = b"pub fn fetch_all() {}\n";

fn chapters() -> Vec<String> {
    ["event_loop", "gather"].map(str::to_owned).to_vec()
}

/// A zip file with these entries.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in entries {
        zip.start_file(*name, options).expect("a valid entry");
        zip.write_all(bytes).expect("memory is writable");
    }
    zip.finish().expect("memory is writable").into_inner()
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be created");
    for (file, bytes) in files {
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().expect("it lies in the folder")).expect("writable");
        fs::write(file, bytes).expect("writable");
    }
    folder
}

fn read(path: &Path) -> Vec<Intake> {
    let entries = entries(path, &chapters()).expect("readable");
    entries
        .iter()
        .map(|entry| entry.read(&chapters()))
        .collect()
}

/// The student, the files of the answers, and the problems of the only submission there is.
fn only(path: &Path) -> (Student, Vec<String>, Vec<String>) {
    let mut all = read(path);
    assert_eq!(all.len(), 1, "{all:?}");
    let intake = all.remove(0);
    let files = intake
        .submission
        .map(|submission| submission.files)
        .unwrap_or_default();
    (intake.student, files.into_keys().collect(), intake.problems)
}

fn about(name: &str, id: &str) -> About {
    About {
        format: FORMAT,
        student: Student {
            id: id.to_owned(),
            name: name.to_owned(),
        },
        edition: "0.1.0".to_owned(),
        graders: String::new(),
        libraries: String::new(),
        chapters: vec!["gather".to_owned()],
        exercises: Default::default(),
    }
}

fn answers() -> Files {
    Files::from([
        ("gather.rs".to_owned(), ANSWER.to_owned()),
        ("helper/mod.rs".to_owned(), Vec::new()),
    ])
}

#[test]
fn what_was_submitted_is_read_back() {
    let folder = folder(&[]);
    let file = folder.path().join("s1.workbook.zip");
    let about = about("Ada Lovelace", "s1");
    write(&file, &about, &answers()).expect("writable");
    let intake = read(&file).remove(0);
    let submission = intake.submission.expect("it has answers");
    assert_eq!(intake.problems, [""; 0]);
    assert_eq!(submission.student, about.student);
    assert_eq!(submission.about, Some(about));
    assert_eq!(submission.files, answers());
}

#[test]
fn equal_submissions_have_equal_bytes() {
    let (one, other) = (about("Ada", "1"), about("Ada", "1"));
    let bytes = to_zip(&one, &answers()).expect("small");
    assert_eq!(bytes, to_zip(&other, &answers()).expect("small"));
    let text = String::from_utf8_lossy(&bytes);
    assert!(
        !text.contains(env!("CARGO_MANIFEST_DIR")),
        "it names a folder of this machine"
    );
}

#[test]
fn finds_the_answers_of_a_checkout_and_nothing_else() {
    let checkout: &[(&str, &[u8])] = &[
        ("book.toml", b""),
        ("exercises/src/gather.rs", ANSWER),
        ("exercises/src/lib.rs", b""),
        ("exercises/src/notes.txt", b""),
        ("exercises/stubs/gather.rs", b""),
        ("exercises/tests/gather.rs", b"#[test] fn all_pass() {}"),
        ("solutions/src/gather.rs", b""),
        ("target/debug/exercises/src/gather.rs", b""),
    ];
    let expected = ["gather.rs", "lib.rs"];
    assert_eq!(only(folder(checkout).path()).1, expected);
    // A zip file of the folder has the folder on top.
    let archived: Vec<_> = checkout
        .iter()
        .map(|(file, bytes)| (format!("workbook-main/{file}"), *bytes))
        .collect();
    let archived: Vec<_> = archived
        .iter()
        .map(|(file, bytes)| (&**file, *bytes))
        .collect();
    let folder = folder(&[("ada.zip", &zip(&archived))]);
    let (student, files, problems) = only(&folder.path().join("ada.zip"));
    assert_eq!(
        (student.id.as_str(), files),
        ("ada", expected.map(str::to_owned).to_vec())
    );
    assert_eq!(problems, [""; 0]);
}

#[test]
fn finds_files_that_are_named_like_chapters() {
    let folder = folder(&[
        ("ada/gather.rs", ANSWER),
        ("ada/readme.txt", b""),
        ("grace/answers/event_loop.rs", b""),
    ]);
    let all = read(folder.path());
    let ids: Vec<_> = all.iter().map(|intake| &*intake.student.id).collect();
    assert_eq!(ids, ["ada", "grace"]);
    assert!(
        all.iter()
            .all(|intake| intake.submission.is_some() && intake.problems.is_empty()),
        "{all:?}"
    );
}

#[test]
fn reads_all_submissions_from_moodle() {
    let ada = zip(&[("gather.rs", ANSWER)]);
    let entries: &[(&str, &[u8])] = &[
        ("Ada Lovelace_4711_assignsubmission_file/answers.zip", &ada),
        ("Alan Turing_4712_assignsubmission_file/gather.rs", ANSWER),
        ("Grace Hopper_4713_assignsubmission_file_grace.zip", &ada),
        ("Kurt Gödel_4714_assignsubmission_file/answers.pdf", b"%PDF"),
    ];
    for is_zip in [true, false] {
        let folder = if is_zip {
            folder(&[("all.zip", &zip(entries))])
        } else {
            folder(entries)
        };
        let all = read(&if is_zip {
            folder.path().join("all.zip")
        } else {
            folder.path().to_owned()
        });
        let students: Vec<_> = all
            .iter()
            .map(|intake| (&*intake.student.name, &*intake.student.id))
            .collect();
        let expected = [
            ("Ada Lovelace", "4711"),
            ("Alan Turing", "4712"),
            ("Grace Hopper", "4713"),
            ("Kurt Gödel", "4714"),
        ];
        assert_eq!(students, expected);
        let graded: Vec<_> = all
            .iter()
            .map(|intake| intake.submission.is_some())
            .collect();
        assert_eq!(graded, [true, true, true, false], "{all:?}");
        assert!(
            all[3].problems[0].starts_with("It has no answers"),
            "{:?}",
            all[3].problems
        );
    }
}

#[test]
fn moodles_download_of_one_student_is_not_unwrapped() {
    let entries: &[(&str, &[u8])] =
        &[("Ada Lovelace_4711_assignsubmission_file/gather.rs", ANSWER)];
    let folder = folder(&[("all.zip", &zip(entries))]);
    assert_eq!(only(&folder.path().join("all.zip")).0.name, "Ada Lovelace");
}

/// What is wrong with a submission is named, and the rest of it is read.
#[test]
fn hostile_archives() {
    let large = vec![b' '; 2 << 20];
    let many: Vec<_> = (0..300)
        .map(|number| format!("exercises/src/h{number:03}.rs"))
        .collect();
    let mut too_many: Vec<(&str, &[u8])> = vec![("exercises/src/gather.rs", ANSWER)];
    too_many.extend(many.iter().map(|name| (&**name, &b""[..])));
    let sum: Vec<_> = (0..9)
        .map(|number| format!("exercises/src/h{number}.rs"))
        .collect();
    let mut too_large: Vec<(&str, &[u8])> = vec![("exercises/src/gather.rs", ANSWER)];
    too_large.extend(sum.iter().map(|name| (&**name, &large[..1 << 20])));
    let newer = about("Eve", "e")
        .text()
        .replace("\"format\": 1", "\"format\": 2");
    let cases: &[(&str, Vec<u8>, &str, usize)] = &[
        (
            "a file that unpacks to much",
            zip(&[("gather.rs", ANSWER), ("event_loop.rs", &large)]),
            "larger than 1024 KiB",
            1,
        ),
        ("too many files", zip(&too_many), "more than 200 files", 200),
        ("too much in all", zip(&too_large), "larger than 8 MiB", 8),
        (
            "a path out of the archive",
            zip(&[("gather.rs", ANSWER), ("../../evil.rs", b"")]),
            "out of the archive",
            1,
        ),
        (
            "a path that leaves its folder",
            zip(&[
                ("a/b/exercises/src/gather.rs", ANSWER),
                ("a/b/exercises/src/../../../x.rs", b""),
            ]),
            "out of the archive",
            1,
        ),
        (
            "an absolute path",
            zip(&[("gather.rs", ANSWER), ("/etc/evil.rs", b"")]),
            "out of the archive",
            1,
        ),
        (
            "a path of Windows",
            zip(&[("gather.rs", ANSWER), ("..\\evil.rs", b"")]),
            "out of the archive",
            1,
        ),
        (
            "two copies",
            zip(&[
                ("a/exercises/src/gather.rs", ANSWER),
                ("b/exercises/src/gather.rs", b""),
            ]),
            "several copies",
            0,
        ),
        (
            "several archives",
            zip(&[
                ("a.zip", &zip(&[("gather.rs", ANSWER)])),
                ("b.zip", &zip(&[("gather.rs", ANSWER)])),
                ("x.txt", b""),
            ]),
            "",
            0,
        ),
        (
            "a newer format",
            zip(&[("submission.json", newer.as_bytes()), ("gather.rs", ANSWER)]),
            "another version of the workbook",
            1,
        ),
        (
            "no JSON",
            zip(&[("submission.json", b"{"), ("gather.rs", ANSWER)]),
            "submission.json",
            1,
        ),
        ("no answers", zip(&[("essay.txt", b"")]), "no answers", 0),
        ("nothing", zip(&[]), "no answers", 0),
    ];
    for (what, bytes, problem, files) in cases {
        let folder = folder(&[
            ("class/eve.zip", bytes),
            ("class/ada.zip", &zip(&[("gather.rs", ANSWER)])),
        ]);
        let all = read(&folder.path().join("class"));
        assert_eq!(all.len(), 2, "{what}");
        assert_eq!(all[0].problems, [""; 0], "{what}: the other submission");
        assert!(all[0].submission.is_some(), "{what}: the other submission");
        let found = all[1]
            .submission
            .as_ref()
            .map_or(0, |submission| submission.files.len());
        assert_eq!(found, *files, "{what}: {:?}", all[1].problems);
        assert!(
            all[1].problems.iter().any(|said| said.contains(problem)),
            "{what}: {:?}",
            all[1].problems
        );
    }
}

#[test]
fn an_archive_that_is_none_is_named_and_the_rest_is_read() {
    let truncated = &zip(&[("gather.rs", ANSWER)])[..60];
    for bytes in [&b"not a zip file"[..], b"", truncated] {
        let folder = folder(&[
            ("class/eve.zip", bytes),
            ("class/ada.zip", &zip(&[("gather.rs", ANSWER)])),
        ]);
        let all = read(&folder.path().join("class"));
        assert!(all[0].submission.is_some());
        assert!(all[1].submission.is_none());
        assert!(
            all[1].problems[0].contains("not a zip file"),
            "{:?}",
            all[1].problems
        );
    }
}

#[cfg(unix)]
#[test]
fn links_and_pipes_in_a_folder_are_not_followed() {
    let folder = folder(&[
        ("exercises/src/gather.rs", ANSWER),
        ("secret.txt", b"secret"),
    ]);
    let sources = folder.path().join("exercises/src");
    std::os::unix::fs::symlink(
        folder.path().join("secret.txt"),
        sources.join("event_loop.rs"),
    )
    .expect("writable");
    std::os::unix::fs::symlink(".", sources.join("circle")).expect("writable");
    let made = std::process::Command::new("mkfifo")
        .arg(sources.join("pipe.rs"))
        .status();
    assert!(made.is_ok_and(|made| made.success()));
    let (_, files, problems) = only(folder.path());
    assert_eq!(files, ["gather.rs"]);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(
        problems
            .iter()
            .all(|problem| problem.contains("not a regular file")),
        "{problems:?}"
    );
}
