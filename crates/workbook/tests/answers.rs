//! Resets and their undoing: what becomes of the file, and what is kept.

#[path = "support/chapter.rs"]
mod chapter;

use std::fs;

use chapter::{CHAPTER, Project, STUB};
use workbook::answers::{Error, Reset, Undo, items_of, reset, undo};

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
fn only_the_exercise_is_replaced() {
    let answer = "use a::b;\nfn helper() {}\n\n// mine\n/// My words.\npub async fn wait(t: Duration) { sleep(t).await }\n\n\n// and\npub fn run() -> u32 { 7 } // seven\n";
    let project = Project::with(answer);
    let Reset::Done { kept } = reset_ok(&project, Some("wait")) else {
        panic!("it was solved before")
    };
    assert_eq!(fs::read_to_string(kept).unwrap(), answer);
    assert_eq!(project.kept(), ["0001-wait.rs"]);
    let stub = items_of(STUB, "wait").unwrap();
    let expected = format!(
        "use a::b;\nfn helper() {{}}\n\n// mine\n{stub}\n\n\n// and\npub fn run() -> u32 {{ 7 }} // seven\n"
    );
    assert_text(&project, &expected);
}

#[test_cache::test]
fn impls_that_were_added_go_away_with_the_type() {
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
fn a_missing_item_comes_behind_the_one_before_it_in_the_stub() {
    let [wait, gate, run] = ["wait", "Gate", "run"].map(|name| items_of(STUB, name).unwrap());
    let project = Project::with(format!("{run}\n\n{wait} // waits\n\nfn helper() {{}}\n"));
    reset_ok(&project, Some("Gate"));
    assert_text(
        &project,
        &format!("{run}\n\n{wait} // waits\n\n{gate}\n\nfn helper() {{}}\n"),
    );
}

#[test_cache::test]
fn a_missing_item_comes_to_the_end_if_nothing_is_before_it() {
    let project = Project::with("// nothing\nfn helper() {}\n");
    reset_ok(&project, Some("run"));
    let run = items_of(STUB, "run").unwrap();
    assert_text(
        &project,
        &format!("// nothing\nfn helper() {{}}\n\n{run}\n"),
    );
}

#[test_cache::test]
fn windows_line_ends_stay() {
    let answer = STUB.replace("todo!()", "0").replace('\n', "\r\n");
    let project = Project::with(answer);
    reset_ok(&project, Some("wait"));
    reset_ok(&project, Some("Gate"));
    reset_ok(&project, Some("run"));
    assert_text(&project, &STUB.replace('\n', "\r\n"));
    assert_eq!(reset_ok(&project, None), Reset::Already);
    project.write("nothing\r\n");
    reset_ok(&project, None);
    assert_text(&project, &STUB.replace('\n', "\r\n"));
}

#[test_cache::test]
fn the_stub_itself_is_left_alone() {
    let project = Project::with(STUB);
    assert_eq!(reset_ok(&project, None), Reset::Already);
    assert_eq!(reset_ok(&project, Some("Gate")), Reset::Already);
    assert_eq!(undo_ok(&project, None), Undo::Nothing);
    assert_eq!(project.kept(), [""; 0]);
}

#[test_cache::test]
fn a_missing_file_gets_the_whole_stub() {
    for exercise in [None, Some("run")] {
        let project = Project::with("");
        fs::remove_file(project.file()).unwrap();
        reset_ok(&project, exercise);
        assert_text(&project, STUB);
    }
}

#[test_cache::test]
fn what_cannot_be_taken_apart_is_left_as_it_is() {
    for (answer, line) in [
        (&b"fn wait() {}\nfn run() {\n"[..], 2),
        (b"fn wait() {}\n\n// \xff\n", 3),
    ] {
        let project = Project::with(answer);
        let error = reset(project.folder.path(), CHAPTER, Some("run"), STUB).unwrap_err();
        let file = project.file();
        let expected = format!(
            "{} is no Rust that can be taken apart from line {line} on, so one exercise cannot be \
             replaced in it: mend that line, or reset the whole chapter, which keeps a copy of what \
             you wrote.",
            file.display()
        );
        assert_eq!(error.to_string(), expected);
        assert!(matches!(error, Error::DoesNotParse { .. }));
        assert_eq!(project.bytes(), answer);
        assert_eq!(project.kept(), [""; 0]);
        reset_ok(&project, None);
        assert_text(&project, STUB);
        undo_ok(&project, None);
        assert_eq!(project.bytes(), answer);
    }
}

#[test_cache::test]
fn an_exercise_that_the_stub_does_not_have_is_named() {
    let project = Project::with("fn main() {}");
    let error = reset(project.folder.path(), CHAPTER, Some("walk"), STUB).unwrap_err();
    assert_eq!(
        error.to_string(),
        "The stub of `event-loop` has no exercise `walk`."
    );
}

#[test_cache::test]
fn an_undo_leaves_the_other_exercises_as_they_are_now() {
    let project = Project::with(STUB.replace("todo!()", "first()"));
    reset_ok(&project, Some("run"));
    let run = items_of(STUB, "run").unwrap();
    let wait = "fn wait() { second() }";
    project.write(format!("// later\n{run}\n{wait}\n"));
    let Undo::Done { from, kept } = undo_ok(&project, Some("run")) else {
        panic!("there is a reset to undo")
    };
    assert_text(
        &project,
        &format!("// later\n{}\n{wait}\n", run.replace("todo!()", "first()")),
    );
    assert!(from.ends_with("0001-run.rs"));
    assert!(kept.ends_with("0002-undo-0001-run.rs"));
    let before = fs::read_to_string(kept).unwrap();
    assert_eq!(before, format!("// later\n{run}\n{wait}\n"));
}

#[test_cache::test]
fn undos_go_back_reset_by_reset() {
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
        project.kept(),
        [
            "0001-run.rs",
            "0002-all.rs",
            "0003-undo-0002-all.rs",
            "0004-undo-0001-run.rs"
        ]
    );
}

#[test_cache::test]
fn one_exercise_comes_back_from_a_reset_of_the_chapter() {
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

/// A kill between the copy and the change leaves the copy alone.
#[test_cache::test]
fn what_was_interrupted_can_be_done_again() {
    let project = Project::with("fn run() { 1 }\n");
    let Reset::Done { kept } = reset_ok(&project, None) else {
        panic!("it was solved before")
    };
    let undo = kept.with_file_name("0002-undo-0001-all.rs");
    fs::write(undo, STUB).unwrap();
    assert!(matches!(undo_ok(&project, None), Undo::Done { .. }));
    assert_text(&project, "fn run() { 1 }\n");
    fs::write(kept.with_file_name("0007-run.rs"), "fn run() { 1 }\n").unwrap();
    assert_eq!(undo_ok(&project, None), Undo::Nothing);
    reset_ok(&project, None);
    assert_eq!(project.kept().last().unwrap(), "0008-all.rs");
}

#[test_cache::test]
fn strange_files_among_the_copies_do_no_harm() {
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
    let Reset::Done { kept } = reset_ok(&project, None) else {
        panic!("it was solved before")
    };
    assert!(kept.ends_with("0001-all.rs"));
}

#[test_cache::test]
fn what_follows_on_the_line_of_an_item_that_goes_away_stays_apart() {
    let gate = items_of(STUB, "Gate").unwrap();
    let project = Project::with(format!(
        "{gate}\n// mine\nimpl Drop for Gate {{}} fn helper() {{}}\n"
    ));
    reset_ok(&project, Some("Gate"));
    assert_text(&project, &format!("{gate}\n// mine\n fn helper() {{}}\n"));
}

#[test_cache::test]
fn a_stub_with_windows_line_ends_takes_those_of_the_answer() {
    let project = Project::with("fn run() { 1 }\n");
    let windows = STUB.replace('\n', "\r\n");
    reset(project.folder.path(), CHAPTER, Some("run"), &windows).unwrap();
    assert_text(&project, &format!("{}\n", items_of(STUB, "run").unwrap()));
}

#[test_cache::test]
fn the_reset_of_another_exercise_is_not_undone() {
    let project = Project::with(STUB.replace("todo!()", "first()"));
    reset_ok(&project, Some("run"));
    project.write(STUB);
    assert_eq!(undo_ok(&project, Some("wait")), Undo::Nothing);
    assert_text(&project, STUB);
}
