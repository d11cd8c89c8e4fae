//! Progress on the disk: its format, invalid files, and concurrent tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use tempfile::TempDir;
use workbook::progress::Progress;
use workbook::progress_store::Store;

fn store() -> (TempDir, Store) {
    let root = tempfile::tempdir().unwrap();
    let store = Store::with_clock(root.path(), || 1000);
    (root, store)
}

fn file(root: &TempDir) -> PathBuf {
    root.path().join(".workbook/progress.json")
}

fn write(root: &TempDir, text: impl AsRef<[u8]>) {
    fs::create_dir_all(root.path().join(".workbook")).unwrap();
    fs::write(file(root), text).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A change of the format must raise its version.
#[test_cache::test]
fn writes_the_documented_format() {
    let (root, store) = store();
    let change = |progress: &mut Progress, now| {
        progress.one_more_hint("gather/fetch_all", 3, now);
        progress.solved("gather/fetch_all", now + 60);
    };
    assert_eq!(store.update(change).unwrap(), ((), None));
    let expected = r#"{
  "version": 1,
  "progress": {
    "last": "gather/fetch_all",
    "exercises": {
      "gather/fetch_all": {
        "solved": 1060,
        "hints": 1,
        "solution": null,
        "seconds": 60,
        "active": 1060
      }
    }
  }
}
"#;
    assert_eq!(fs::read_to_string(file(&root)).unwrap(), expected);
    assert_eq!(
        names(&root.path().join(".workbook")),
        ["progress.json", "progress.lock"]
    );
}

#[test_cache::test]
fn reading_writes_nothing() {
    let (root, store) = store();
    assert_eq!(store.read().unwrap(), (Progress::default(), None));
    assert!(names(root.path()).is_empty());
}

#[test_cache::test]
fn keeps_exercises_that_the_book_no_longer_has() {
    let (_root, store) = store();
    store
        .update(|progress, now| progress.solved("old/name", now))
        .unwrap();
    store
        .update(|progress, now| progress.solved("new/name", now))
        .unwrap();
    let (progress, _) = store.read().unwrap();
    let names: Vec<_> = progress.exercises().map(|(name, _)| name).collect();
    assert_eq!(names, ["new/name", "old/name"]);
    assert_eq!(progress.of("old/name").solved, Some(1000));
}

#[test_cache::test]
fn moves_an_invalid_file_aside_and_reports_it() {
    let (root, store) = store();
    let invalid = [
        "",
        "{\"version\": 1, \"progress\": {\"last\": 3}}",
        "\u{0}",
        "[]",
    ];
    for (number, text) in (1..).zip(invalid) {
        write(&root, text);
        let (progress, notice) = store.read().unwrap();
        assert_eq!(progress, Progress::default());
        let notice = notice.unwrap().to_string();
        assert!(
            notice.starts_with("Your progress is not known, because "),
            "{notice}"
        );
        assert_eq!(fs::read_to_string(file(&root)).unwrap(), text);

        let (_, notice) = store
            .update(|progress, now| progress.solved("a/b", now))
            .unwrap();
        let aside = root
            .path()
            .join(format!(".workbook/progress.invalid-{number}.json"));
        assert_eq!(fs::read_to_string(&aside).unwrap(), text);
        let notice = notice.unwrap().to_string();
        assert!(notice.contains(&aside.display().to_string()), "{notice}");
        let (progress, notice) = store.read().unwrap();
        assert_eq!((progress.of("a/b").solved, notice), (Some(1000), None));
    }
}

#[test_cache::test]
fn the_notice_is_one_sentence() {
    let (root, store) = store();
    write(&root, "{");
    let (_, notice) = store.update(|_, _| ()).unwrap();
    let folder = root.path().join(".workbook");
    let expected = format!(
        "Your earlier progress could not be read, because {} was not valid (EOF while \
         parsing an object at line 1 column 1): it is now {}, where you can look at it, and your progress \
         starts again from zero.",
        folder.join("progress.json").display(),
        folder.join("progress.invalid-1.json").display()
    );
    assert_eq!(notice.unwrap().to_string(), expected);
}

#[test_cache::test]
fn does_not_overwrite_a_newer_file() {
    let (root, store) = store();
    let newer = "{\"version\": 2, \"new\": true}";
    write(&root, newer);
    let (progress, notice) = store.read().unwrap();
    assert_eq!(progress, Progress::default());
    let sentence = format!(
        "{} was written by a newer version of this tool: update the project with `cargo \
         workbook update` to see your progress and to continue.",
        file(&root).display()
    );
    assert_eq!(notice.unwrap().to_string(), sentence);
    let error = store
        .update(|_, _| panic!("there is nothing to change"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("Progress was not saved. {sentence}")
    );
    assert_eq!(fs::read_to_string(file(&root)).unwrap(), newer);
}

#[test_cache::test]
fn does_not_overwrite_a_file_that_cannot_be_read() {
    let (root, store) = store();
    fs::create_dir_all(file(&root)).unwrap();
    let sentence = format!(
        "Your progress could not be read. Make sure that {} is readable.",
        file(&root).display()
    );
    assert_eq!(store.read().unwrap_err().to_string(), sentence);
    assert_eq!(store.update(|_, _| ()).unwrap_err().to_string(), sentence);
    assert!(file(&root).is_dir());
}

#[test_cache::test]
fn concurrent_tools_lose_nothing() {
    let (root, store) = store();
    thread::scope(|scope| {
        for _ in 0..4 {
            let store = Store::with_clock(root.path(), || 1000);
            scope.spawn(move || {
                for _ in 0..25 {
                    store
                        .update(|progress, now| progress.one_more_hint("a/b", 1000, now))
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(store.read().unwrap().0.of("a/b").hints, 100);
}
