//! What is in a bundle.

use std::fs;

use crate::small::{Entries, Small, entries, succeeds};

fn text(entries: &Entries, name: &str) -> String {
    let (_, bytes) = &entries[&format!("async-rust-workbook/{name}")];
    String::from_utf8(bytes.clone()).expect("text")
}

#[test_cache::test]
fn the_commit_is_in_it_with_stubs_and_nothing_else_of_the_checkout() {
    let small = Small::new();
    for file in [
        "exercises/src/demo.rs",
        "exercises/src/own_helper.rs",
        ".workbook/progress.json",
        "target/debug/secret",
        "notes.txt",
    ] {
        small.write(&format!("workbook/{file}"), "secret\n");
    }
    small.write("workbook/src/demo.md", "# Changed\n");
    let output = succeeds(small.bundle(&[]));
    let entries = entries(&small.path("out.tar.gz"));

    assert_eq!(text(&entries, "exercises/src/demo.rs"), "stub\n");
    assert_eq!(text(&entries, "src/demo.md"), "# Demo\n");
    assert_eq!(text(&entries, "odd \u{fc}\n\"name\" "), "odd\n");
    assert_eq!(text(&entries, "link"), "src/demo.md");
    assert!(text(&entries, "book/index.html").contains("Demo"));
    let config = text(&entries, ".cargo/config.toml");
    assert!(config.starts_with("[alias]\n") && config.contains("directory = \"vendor\""));
    let executable = entries.iter().filter(|(_, (mode, _))| *mode == 0o755);
    let executable: Vec<_> = executable.map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        executable,
        ["async-rust-workbook/script", "async-rust-workbook/start.sh"]
    );
    assert!(text(&entries, "README.txt").contains("sh start.sh\r\n"));
    assert!(!text(&entries, "README.txt").contains('@'));
    // `"$@"` hands the arguments on.
    assert!(
        !text(&entries, "start.sh")
            .replace("\"$@\"", "")
            .contains('@')
    );
    for (name, (_, bytes)) in &entries {
        let content = String::from_utf8_lossy(bytes);
        for word in ["secret", "/tmp/", env!("CARGO_MANIFEST_DIR")] {
            assert!(!content.contains(word), "{name} contains {word}");
        }
        assert!(
            !name.contains(".git/") && !name.contains(".workbook/"),
            "{name}"
        );
    }

    // What a teacher may expect in it is named, and the answers are not.
    let warning = String::from_utf8_lossy(&output.stderr).replace('\n', " ");
    assert!(
        warning.contains("not in the bundle: src/demo.md, notes.txt. Commit"),
        "{warning}"
    );
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        printed.contains("out.tar.gz: 0.") && printed.contains("crates"),
        "{printed}"
    );
    assert_eq!(
        fs::read_to_string(small.path("workbook/exercises/src/demo.rs")).expect("it is there"),
        "secret\n"
    );
}

#[test_cache::test]
fn the_same_commit_gives_the_same_bytes() {
    let (one, other) = (Small::new(), Small::new());
    for small in [&one, &other] {
        succeeds(small.bundle(&[]));
    }
    let read = |small: &Small| fs::read(small.path("out.tar.gz")).expect("it was written");
    assert!(read(&one) == read(&other), "the bytes differ");
}

#[test_cache::test]
fn a_handout_is_added() {
    let small = Small::new();
    small.write("my class.pdf", "%PDF-1.7\n");
    let (handout, out) = (small.path("my class.pdf"), small.path("out.tar.gz"));
    let paths = [&handout, &out].map(|path| path.to_str().expect("UTF-8"));
    let [handout, out] = paths;
    succeeds(small.bundle(&["--handout", handout, "-o", out]));
    let entries = entries(&small.path("out.tar.gz"));
    assert_eq!(text(&entries, "handout.pdf"), "%PDF-1.7\n");
    assert!(text(&entries, "README.txt").contains("handout.pdf"));
}

#[test_cache::test]
fn a_stick_gets_the_script_and_the_instructions_as_well() {
    let small = Small::new();
    fs::create_dir(small.path("stick")).expect("writable");
    let stick = small.path("stick");
    succeeds(small.bundle(&["--output", stick.to_str().expect("UTF-8")]));
    assert_eq!(
        small.names("stick"),
        ["README.txt", "start.sh", "workbook-bundle.tar.gz"]
    );
    let entries = entries(&small.path("stick/workbook-bundle.tar.gz"));
    let on_stick = fs::read_to_string(small.path("stick/start.sh")).expect("text");
    assert_eq!(on_stick, text(&entries, "start.sh"));
}
