//! Resets and undos: their effect on the file, and their backups.

#[path = "support/chapter.rs"]
mod chapter;

use std::fs;

use chapter::{CHAPTER, Project, STUB};
use workbook::answers::{Error, Reset, Undo, items_of, reset, save, text, undo};

#[track_caller]
fn assert_text(project: &Project, expected: &str) {
    assert_eq!(String::from_utf8(project.bytes()).unwrap(), expected);
}

#[track_caller]
fn reset_ok(project: &Project, exercise: Option<&str>) -> Reset {
    reset(project.folder.path(), CHAPTER, exercise, STUB).unwrap()
}

#[track_caller]
fn undo_ok(project: &Project, exercise: Option<&str>) -> Undo {
    undo(project.folder.path(), CHAPTER, exercise).unwrap()
}

#[test_cache::test]
fn a_reset_replaces_only_its_exercise() {
    let answer = "use a::b;\nfn helper() {}\n\n// mine\n/// My words.\npub async fn wait(t: Duration) { sleep(t).await }\n\n\n// and\npub fn run() -> u32 { 7 } // seven\n";
    let project = Project::with(answer);
    let Reset::Done { backup } = reset_ok(&project, Some("wait")) else {
        panic!("the answer differed from the stub")
    };
    assert_eq!(fs::read_to_string(backup).unwrap(), answer);
    assert_eq!(project.backups(), ["0001-wait.rs"]);
    let stub = items_of(STUB, "wait").unwrap();
    let expected = format!(
        "use a::b;\nfn helper() {{}}\n\n// mine\n{stub}\n\n\n// and\npub fn run() -> u32 {{ 7 }} // seven\n"
    );
    assert_text(&project, &expected);
}

#[test_cache::test]
fn a_reset_removes_impls_that_were_added() {
    let more = "impl Drop for Gate {\n    fn drop(&mut self) {}\n}\n";
    let project = Project::with(format!(
        "{}\n{more}",
        STUB.replace("pub struct Gate;", "pub struct Gate(bool);\n\nstruct Mine;")
    ));
    reset_ok(&project, Some("Gate"));
    let expected = STUB.replace("pub struct Gate;", "pub struct Gate;\n\nstruct Mine;");
    assert_text(&project, &expected);
}

#[test_cache::test]
fn a_missing_item_is_inserted_after_its_predecessor_in_the_stub() {
    let [wait, gate, run] = ["wait", "Gate", "run"].map(|name| items_of(STUB, name).unwrap());
    let project = Project::with(format!("{run}\n\n{wait} // waits\n\nfn helper() {{}}\n"));
    reset_ok(&project, Some("Gate"));
    assert_text(
        &project,
        &format!("{run}\n\n{wait} // waits\n\n{gate}\n\nfn helper() {{}}\n"),
    );
}

#[test_cache::test]
fn a_missing_item_without_a_predecessor_is_appended() {
    let project = Project::with("// nothing\nfn helper() {}\n");
    reset_ok(&project, Some("run"));
    let run = items_of(STUB, "run").unwrap();
    assert_text(
        &project,
        &format!("// nothing\nfn helper() {{}}\n\n{run}\n"),
    );
}

#[test_cache::test]
fn keeps_windows_line_endings() {
    let answer = STUB.replace("todo!()", "0").replace('\n', "\r\n");
    let project = Project::with(answer);
    reset_ok(&project, Some("wait"));
    reset_ok(&project, Some("Gate"));
    reset_ok(&project, Some("run"));
    assert_text(&project, &STUB.replace('\n', "\r\n"));
    assert_eq!(reset_ok(&project, None), Reset::Unchanged);
    project.write("nothing\r\n");
    reset_ok(&project, None);
    assert_text(&project, &STUB.replace('\n', "\r\n"));
}

#[test_cache::test]
fn a_reset_of_the_stub_changes_nothing() {
    let project = Project::with(STUB);
    assert_eq!(reset_ok(&project, None), Reset::Unchanged);
    assert_eq!(reset_ok(&project, Some("Gate")), Reset::Unchanged);
    assert_eq!(undo_ok(&project, None), Undo::Nothing);
    assert_eq!(project.backups(), [""; 0]);
}

#[test_cache::test]
fn a_missing_file_is_replaced_by_the_whole_stub() {
    for exercise in [None, Some("run")] {
        let project = Project::with("");
        fs::remove_file(project.file()).unwrap();
        reset_ok(&project, exercise);
        assert_text(&project, STUB);
    }
}

#[test_cache::test]
fn does_not_change_a_file_that_cannot_be_parsed() {
    for (answer, line) in [
        (&b"fn wait() {}\nfn run() {\n"[..], 2),
        (b"fn wait() {}\n\n// \xff\n", 3),
    ] {
        let project = Project::with(answer);
        let error = reset(project.folder.path(), CHAPTER, Some("run"), STUB).unwrap_err();
        let file = project.file();
        let expected = format!(
            "{} cannot be parsed, because line {line} is not valid Rust, so a single exercise cannot be \
             replaced in it. Fix that line, or reset the whole chapter, which saves a backup.",
            file.display()
        );
        assert_eq!(error.to_string(), expected);
        assert!(matches!(error, Error::DoesNotParse { .. }));
        assert_eq!(project.bytes(), answer);
        assert_eq!(project.backups(), [""; 0]);
        reset_ok(&project, None);
        assert_text(&project, STUB);
        undo_ok(&project, None);
        assert_eq!(project.bytes(), answer);
    }
}

#[test_cache::test]
fn names_an_exercise_that_the_stub_lacks() {
    let project = Project::with("fn main() {}");
    let error = reset(project.folder.path(), CHAPTER, Some("walk"), STUB).unwrap_err();
    assert_eq!(
        error.to_string(),
        "The stub of `event-loop` has no exercise `walk`."
    );
}

#[test_cache::test]
fn an_undo_does_not_change_other_exercises() {
    let project = Project::with(STUB.replace("todo!()", "first()"));
    reset_ok(&project, Some("run"));
    let run = items_of(STUB, "run").unwrap();
    let wait = "fn wait() { second() }";
    project.write(format!("// later\n{run}\n{wait}\n"));
    let Undo::Done { from, backup } = undo_ok(&project, Some("run")) else {
        panic!("there is a reset to undo")
    };
    assert_text(
        &project,
        &format!("// later\n{}\n{wait}\n", run.replace("todo!()", "first()")),
    );
    assert!(from.ends_with("0001-run.rs"));
    assert!(backup.ends_with("0002-undo-0001-run.rs"));
    let before = fs::read_to_string(backup).unwrap();
    assert_eq!(before, format!("// later\n{run}\n{wait}\n"));
}

#[test_cache::test]
fn undos_restore_reset_by_reset() {
    let project = Project::with("fn run() { 1 }\n");
    reset_ok(&project, Some("run"));
    project.write("fn run() { 2 }\n");
    reset_ok(&project, None);
    assert!(matches!(undo_ok(&project, None), Undo::Done { .. }));
    assert_text(&project, "fn run() { 2 }\n");
    assert!(matches!(undo_ok(&project, None), Undo::Done { .. }));
    assert_text(&project, "fn run() { 1 }\n");
    project.write("fn run() { 3 }\n");
    assert_eq!(undo_ok(&project, None), Undo::Nothing);
    assert_eq!(undo_ok(&project, Some("run")), Undo::Nothing);
    assert_eq!(
        project.backups(),
        [
            "0001-run.rs",
            "0002-all.rs",
            "0003-undo-0002-all.rs",
            "0004-undo-0001-run.rs"
        ]
    );
}

#[test_cache::test]
fn an_undo_restores_one_exercise_after_a_reset_of_the_chapter() {
    let answer = STUB.replace("todo!()", "mine()");
    let project = Project::with(&answer);
    reset_ok(&project, None);
    undo_ok(&project, Some("Gate"));
    let [gate, mine] = [STUB, &answer].map(|text| items_of(text, "Gate").unwrap());
    assert_text(&project, &STUB.replace(&gate, &mine));
    assert_eq!(undo_ok(&project, Some("Gate")), Undo::Nothing);
    undo_ok(&project, Some("run"));
    undo_ok(&project, Some("wait"));
    assert_text(&project, &answer);
}

/// A kill after the backup and before the change leaves only the backup.
#[test_cache::test]
fn an_interrupted_reset_can_be_repeated() {
    let project = Project::with("fn run() { 1 }\n");
    let Reset::Done { backup } = reset_ok(&project, None) else {
        panic!("the answer differed from the stub")
    };
    let undo = backup.with_file_name("0002-undo-0001-all.rs");
    fs::write(undo, STUB).unwrap();
    assert!(matches!(undo_ok(&project, None), Undo::Done { .. }));
    assert_text(&project, "fn run() { 1 }\n");
    fs::write(backup.with_file_name("0007-run.rs"), "fn run() { 1 }\n").unwrap();
    assert_eq!(undo_ok(&project, None), Undo::Nothing);
    reset_ok(&project, None);
    assert_eq!(project.backups().last().unwrap(), "0008-all.rs");
}

#[test_cache::test]
fn ignores_other_files_among_the_backups() {
    let project = Project::with("fn run() { 1 }\n");
    let folder = project.folder.path().join(".workbook/answers/event_loop");
    fs::create_dir_all(&folder).unwrap();
    for name in [
        "notes.txt",
        "0009.rs",
        "x-run.rs",
        "0003-undo-x-run.rs",
        ".new-ab",
    ] {
        fs::write(folder.join(name), "?").unwrap();
    }
    assert_eq!(undo_ok(&project, None), Undo::Nothing);
    let Reset::Done { backup } = reset_ok(&project, None) else {
        panic!("the answer differed from the stub")
    };
    assert!(backup.ends_with("0001-all.rs"));
}

#[test_cache::test]
fn removing_an_item_keeps_what_follows_on_its_line() {
    let gate = items_of(STUB, "Gate").unwrap();
    let project = Project::with(format!(
        "{gate}\n// mine\nimpl Drop for Gate {{}} fn helper() {{}}\n"
    ));
    reset_ok(&project, Some("Gate"));
    assert_text(&project, &format!("{gate}\n// mine\n fn helper() {{}}\n"));
}

#[test_cache::test]
fn a_stub_gets_the_line_endings_of_the_answer() {
    let project = Project::with("fn run() { 1 }\n");
    let windows = STUB.replace('\n', "\r\n");
    reset(project.folder.path(), CHAPTER, Some("run"), &windows).unwrap();
    assert_text(&project, &format!("{}\n", items_of(STUB, "run").unwrap()));
}

#[cfg(unix)]
#[test_cache::test]
fn an_answer_behind_a_symbolic_link_stays_there() {
    let project = Project::with("fn run() { 1 }\n");
    let elsewhere = project.folder.path().join("synchronised.rs");
    fs::rename(project.file(), &elsewhere).unwrap();
    std::os::unix::fs::symlink("../../synchronised.rs", project.file()).unwrap();
    reset_ok(&project, None);
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), STUB);
    undo_ok(&project, None);
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "fn run() { 1 }\n");
    let version = text(project.folder.path(), CHAPTER).unwrap().version;
    save(project.folder.path(), CHAPTER, &version, "fn run() { 2 }\n").unwrap();
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "fn run() { 2 }\n");
    assert!(project.file().is_symlink());
}

#[test_cache::test]
fn does_not_undo_the_reset_of_another_exercise() {
    let project = Project::with(STUB.replace("todo!()", "first()"));
    reset_ok(&project, Some("run"));
    project.write(STUB);
    assert_eq!(undo_ok(&project, Some("wait")), Undo::Nothing);
    assert_text(&project, STUB);
}
