//! Parts that are graded on several machines, and put together.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use classroom::run::Run;
use classroom::shard::Shard;
use classroom::store::Store;

use crate::fake::Class;

fn class() -> Class {
    let names: Vec<_> = (0..20).map(|number| format!("student-{number}")).collect();
    let answers: Vec<_> = (0..20)
        .map(|number| format!("answer {}, {}", number % 4, ["right", "wrong"][number % 2]))
        .collect();
    let answers: Vec<_> = names
        .iter()
        .zip(&answers)
        .map(|(name, answer)| (&**name, &**answer))
        .collect();
    Class::of(&answers)
}

/// Grades these parts, each to a folder of its own.
fn parts(class: &Class, shards: &[Shard]) -> Vec<PathBuf> {
    let graded = shards.iter().enumerate().map(|(index, shard)| {
        let folder = class
            .folder
            .path()
            .join(format!("part-{index}-of-{}", shard.of));
        class.fake.machine.fetch_add(1, Ordering::Relaxed);
        let (run, _) = class
            .grade_part(*shard, &Store::in_output(&folder))
            .expect("graded");
        run.write(&folder).expect("writable");
        folder
    });
    graded.collect()
}

fn all_of(of: u32) -> Vec<Shard> {
    (1..=of).map(|number| Shard { number, of }).collect()
}

#[test]
fn parts_give_the_same_bytes_as_one_run() {
    let class = class();
    let one = parts(&class, &[Shard::WHOLE]).remove(0);
    let mut folders = parts(&class, &all_of(3));
    folders.reverse();
    let merged = class.folder.path().join("merged");
    let store = Store::in_output(&merged);
    let run = Run::merge(&folders, &store).expect("all are there");
    run.write(&merged).expect("writable");
    let text = |folder: &PathBuf| fs::read_to_string(folder.join("results.json")).expect("written");
    assert!(text(&one) == text(&merged), "{}", text(&merged));
    for id in run
        .results
        .iter()
        .flat_map(|result| result.verdicts.values())
    {
        let chapter = store.read(id).expect("readable");
        assert!(chapter.is_some(), "the verdict {id} is missing");
        assert_eq!(chapter, Store::in_output(&one).read(id).expect("readable"));
    }
}

#[test]
fn missing_and_unfitting_parts_are_named() {
    let class = class();
    let mut shards = all_of(4);
    shards.push(Shard { number: 1, of: 2 });
    shards.push(Shard { number: 1, of: 4 });
    let folders = parts(&class, &shards);
    let merge = |which: &[usize]| {
        let folders: Vec<_> = which.iter().map(|&index| folders[index].clone()).collect();
        let store = Store::in_output(&class.folder.path().join("merged"));
        Run::merge(&folders, &store)
            .expect_err("they do not fit")
            .to_string()
    };
    assert!(merge(&[0, 2]).contains("missing: 2/4, 4/4"));
    assert!(merge(&[0, 1, 2, 3, 4]).contains("do not fit together"));
    assert!(merge(&[0, 1, 2, 3, 5]).contains("are the same part"));
    let nothing = class.folder.path().join("nothing");
    let error = Run::merge(&[nothing], &class.store()).expect_err("there is none");
    assert!(error.to_string().contains("results.json"), "{error}");
}
