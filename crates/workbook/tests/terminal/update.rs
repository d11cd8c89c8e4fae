//! `update`, with a local repository as the remote.

use std::fs;
use std::os::unix::fs::symlink;

use crate::clones::{Clones, FILE, STUB, git};
use crate::workbook::Workbook;

#[test_cache::test]
fn keeps_answers_and_takes_new_stubs() {
    let clones = Clones::new();
    clones.learner.answer("number * 2 // right", "todo!()");
    let before = clones.learner.read(FILE);
    clones.publish_contract();
    clones.publish(
        |text| {
            let new =
                "\n/// Four times.\npub async fn quadruple(number: u32) -> u32 {\n    todo!()\n}\n";
            let text = text.replacen("//! Demo.\n", "//! Demo.\n\nuse std::fmt::Debug;\n", 1);
            format!("{text}{new}")
        },
        &[FILE, STUB],
    );
    clones.publish(
        |text| {
            let double = text.find("[[chapter.exercise]]").expect("there");
            let triple = text.find("\nname = \"triple\"").expect("there");
            let new = text[double..triple].replace("\"double\"", "\"quadruple\"");
            let new = new.rsplit_once("[[chapter").expect("there").0.to_owned();
            text.replacen(
                "[[chapter.exercise]]",
                &format!("{new}[[chapter.exercise]]"),
                1,
            )
        },
        &["exercises/exercises.toml"],
    );
    clones.publish(
        |_| "// Tests.\n".to_owned(),
        &["exercises/tests/demo/triple.rs"],
    );
    let ran = clones.update().exits_with(0);
    let stdout = ran.stdout();
    for line in [
        "Updated to origin/main.",
        "  demo/double     its stub\n",
        "  demo/triple     its tests\n",
        "  demo/quadruple  new\n",
    ] {
        assert!(stdout.contains(line), "{line}: {stdout}");
    }
    let merged = clones.learner.read(FILE);
    let double = "/// Twice the number.\npub async fn double(number: u32) -> u32 {\n    number * 2 // right\n}\n";
    for part in [double, "pub async fn quadruple", "use std::fmt::Debug;\n"] {
        assert!(merged.contains(part), "{part}: {merged}");
    }
    let backup = clones
        .learner
        .read(".workbook/answers/demo/0001-before-update.rs");
    assert_eq!(backup, before);
    // It is not a reset that could be undone.
    clones.learner.run("reset demo/double --undo").exits_with(2);
    clones.update().exits_with(0).says("There is nothing new.");
    assert_eq!(clones.learner.read(FILE), merged);
}

#[test_cache::test]
fn an_exercise_that_is_no_longer_in_the_book_is_named_and_its_answer_stays() {
    let clones = Clones::new();
    let answer = "/// Half.\npub async fn half(number: u32) -> u32 {\n    number / 2\n}\n";
    clones.learner.write("exercises/src/other_one.rs", answer);
    clones.publish(
        |text| {
            let chapters = text.rsplit_once("\n[[chapter]]").expect("it has two");
            chapters.0.to_owned()
        },
        &["exercises/exercises.toml"],
    );
    let ran = clones.update().exits_with(0);
    let line = "  other-one/half  no longer in the book\n";
    assert!(ran.stdout().contains(line), "{}", ran.stdout());
    assert_eq!(clones.learner.read("exercises/src/other_one.rs"), answer);
}

#[test_cache::test]
fn a_branch_that_is_ahead_of_its_upstream_has_nothing_to_update() {
    let clones = Clones::new();
    clones.learner.answer("number * 2 // right", "todo!()");
    let folder = clones.learner.path("");
    git(&folder, "commit --quiet --all --message=mine");
    clones.update().exits_with(0).says("There is nothing new.");
}

#[test_cache::test]
fn an_answer_that_cannot_be_merged_is_kept_and_named() {
    let clones = Clones::new();
    clones.learner.answer("number * 2 // right", "todo!()");
    let before = clones.learner.read(FILE);
    clones.publish(
        |text| {
            text.replacen(
                "fn double(number: u32) -> u32",
                "fn double(number: u64) -> u64",
                1,
            )
        },
        &[FILE, STUB],
    );
    let ran = clones.update().exits_with(0);
    let words: Vec<_> = ran.stdout().split_whitespace().map(str::to_owned).collect();
    let kept = "Your `double` in exercises/src/demo.rs was kept as it is, although its stub has changed in the same lines. \
                Compare it with exercises/stubs/demo.rs.";
    assert!(words.join(" ").contains(kept), "{}", ran.stdout());
    assert_eq!(clones.learner.read(FILE), before);
}

#[test_cache::test]
fn an_answer_behind_a_symbolic_link_stays_there() {
    let clones = Clones::new();
    clones.learner.answer("number * 2 // right", "todo!()");
    let elsewhere = tempfile::tempdir().expect("a temporary folder can be created");
    let file = elsewhere.path().join("demo.rs");
    fs::rename(clones.learner.path(FILE), &file)
        .or_else(|_| fs::copy(clones.learner.path(FILE), &file).map(drop))
        .expect("writable");
    let _ = fs::remove_file(clones.learner.path(FILE));
    symlink(&file, clones.learner.path(FILE)).expect("writable");
    clones.publish_contract();
    clones.update().exits_with(0);
    assert!(clones.learner.path(FILE).is_symlink());
    let merged = fs::read_to_string(file).expect("there");
    assert!(
        merged.contains("Twice the number.") && merged.contains("right"),
        "{merged}"
    );
}

/// What is in the way, how it comes about, and a phrase of the error.
type InTheWay = (&'static str, fn(&Clones), &'static str);

const IN_THE_WAY: &[InTheWay] = &[
    (
        "no branch",
        |clones| git(&clones.learner.path(""), "checkout --quiet --detach"),
        "No branch is checked out",
    ),
    (
        "no upstream branch",
        |clones| git(&clones.learner.path(""), "branch --unset-upstream"),
        "The branch `main` has no upstream branch",
    ),
    (
        "commits of its own",
        |clones| {
            git(
                &clones.learner.path(""),
                "commit --quiet --allow-empty --message=mine",
            );
        },
        "has diverged from origin/main",
    ),
    (
        "a local change of another file",
        |clones| {
            clones.publish(|_| "# New\n".to_owned(), &["src/demo.md"]);
            clones.learner.write("src/demo.md", "# Mine\n");
        },
        "changed here, too: src/demo.md",
    ),
    (
        "a file of the learner's with the name of a new one",
        |clones| {
            clones.publish(|_| "# New\n".to_owned(), &["src/more.md"]);
            clones.learner.write("src/more.md", "# Mine\n");
        },
        "changed here, too: src/more.md",
    ),
    (
        "staged changes",
        |clones| git(&clones.learner.path(""), "add exercises/src/demo.rs"),
        "staged for a commit: exercises/src/demo.rs",
    ),
    (
        "a merge that is not finished",
        |clones| clones.learner.write(".git/MERGE_HEAD", ""),
        "`git merge --abort`",
    ),
    (
        "no remote repository",
        |clones| fs::remove_dir_all(clones.remote.path()).expect("writable"),
        "could not be fetched",
    ),
    (
        "an answer that is not Rust",
        |clones| clones.learner.write(FILE, "fn double( {\n"),
        "line 1 is not valid Rust",
    ),
    (
        "conflict markers in an answer",
        |clones| {
            let text = clones.learner.read(FILE);
            let mine = "<<<<<<< HEAD\n=======\n>>>>>>> theirs\n";
            clones.learner.write(FILE, &format!("{text}{mine}"));
        },
        "is a conflict marker",
    ),
    (
        "another git that runs",
        |clones| clones.learner.write(".git/index.lock", ""),
        "index.lock",
    ),
    (
        "a hook that refuses",
        |clones| {
            let refuse = "case $(cat) in *refs/heads/main*) [ $1 != prepared ];; esac";
            clones.hook("reference-transaction", refuse);
        },
        "everything is as it was",
    ),
];

#[test_cache::test]
fn whatever_is_in_the_way_is_named_and_nothing_changes() {
    for (what, come_about, phrase) in IN_THE_WAY {
        let clones = Clones::new();
        clones.learner.answer("number * 2 // right", "todo!()");
        clones.learner.write(
            "exercises/src/lib.rs",
            "// Mine, and not changed by the author.\n",
        );
        clones.publish_contract();
        come_about(&clones);
        let before = clones.state();
        let ran = clones.update();
        let words: Vec<_> = ran.stderr().split_whitespace().map(str::to_owned).collect();
        assert!(words.join(" ").contains(phrase), "{what}: {}", ran.stderr());
        ran.exits_with(2);
        assert_eq!(clones.state(), before, "{what}");
        assert!(
            !clones.learner.path(".workbook/update.json").exists(),
            "{what}"
        );
    }
}

#[test_cache::test]
fn names_what_is_missing_for_an_update() {
    let no_clone = Workbook::new();
    let ran = no_clone.run("update").exits_with(2);
    assert!(ran.stderr().contains("is not a clone"), "{}", ran.stderr());
    let clones = Clones::new();
    let ran = clones
        .update_with(|tool| {
            tool.env("PATH", "/nowhere");
        })
        .exits_with(2);
    assert!(
        ran.stderr().contains("https://git-scm.com"),
        "{}",
        ran.stderr()
    );
}

/// Such as that of a home folder in which a bundle was unpacked.
#[test_cache::test]
fn a_repository_around_the_workbook_is_not_updated() {
    let clones = Clones::new();
    for file in ["book.toml", "exercises/exercises.toml"] {
        let text = clones.learner.read(file);
        clones.learner.write(&format!("unpacked/{file}"), &text);
    }
    clones.publish_contract();
    let before = clones.state();
    let folder = clones.learner.path("unpacked");
    let ran = clones.update_with(|tool| {
        tool.current_dir(folder);
    });
    let ran = ran.exits_with(2);
    assert!(ran.stderr().contains("is not a clone"), "{}", ran.stderr());
    assert_eq!(clones.state(), before);
}

#[test_cache::test]
fn an_update_that_was_killed_is_finished_by_the_next_one() {
    // At these places, the answers are put aside.
    for hook in ["post-checkout", "post-merge"] {
        let clones = Clones::new();
        clones.learner.answer("number * 2 // right", "todo!()");
        clones.publish_contract();
        clones.hook(hook, "kill -9 $(ps -o ppid= -p $PPID)");
        let killed = clones.update();
        assert_eq!(killed.0.status.code(), None, "{}", killed.stderr());
        assert!(!clones.learner.read(FILE).contains("right"), "{hook}");
        let list = clones.learner.run("list").exits_with(0);
        assert!(
            list.stderr().contains("An update was interrupted."),
            "{}",
            list.stderr()
        );
        fs::remove_file(clones.learner.path(&format!(".git/hooks/{hook}"))).expect("there");
        clones.update().exits_with(0);
        let merged = clones.learner.read(FILE);
        assert!(
            merged.contains("Twice the number.") && merged.contains("right"),
            "{merged}"
        );
    }
}

#[test_cache::test]
fn conflict_markers_are_named_as_such() {
    let workbook = Workbook::new();
    let text = workbook.read(FILE);
    workbook.write(
        FILE,
        &format!("{text}<<<<<<< HEAD\n=======\n>>>>>>> theirs\n"),
    );
    let line = text.lines().count() + 1;
    let reset = workbook.run("reset demo/double").exits_with(2);
    let words: Vec<_> = reset
        .stderr()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let expected = format!("line {line} is a conflict marker");
    assert!(words.join(" ").contains(&expected), "{}", reset.stderr());
    let doctor = workbook.run("doctor").exits_with(0);
    assert!(
        doctor.stdout().contains("is a conflict marker of git"),
        "{}",
        doctor.stdout()
    );
}
