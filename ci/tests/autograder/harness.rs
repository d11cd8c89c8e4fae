//! Answers that look for what the harness would print if they were right.

use autograder::verdict::State;

use crate::workbook::Workbook;

/// Prints every word that could be a key with the result, and exits as if the test had passed.
const PRINT_KEYS: &str = r#"
fn print_keys(bytes: &[u8]) {
    let words = bytes.split(|byte| !byte.is_ascii_hexdigit());
    for word in words.filter(|word| word.len() >= 32) {
        for start in [0, 32, word.len() - 32] {
            if let Some(key) = word.get(start..start + 32) {
                print!("\n{} passed\n", String::from_utf8_lossy(key));
            }
        }
    }
}

pub async fn double(_number: u32) -> u32 {
    look();
    std::process::exit(0)
}
"#;

const MEMORY: &str = r#"
fn look() {
    use std::io::{Read, Seek, SeekFrom};
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (range, _) = line.split_once(' ').unwrap();
        let (start, end) = range.split_once('-').unwrap();
        let address = |text| u64::from_str_radix(text, 16).unwrap();
        let (start, end) = (address(start), address(end));
        let mut bytes = Vec::new();
        if memory.seek(SeekFrom::Start(start)).is_ok() {
            let _ = (&memory).take((end - start).min(4 << 20)).read_to_end(&mut bytes);
        }
        print_keys(&bytes);
    }
}
"#;

const STANDARD_INPUT: &str = r#"
fn look() {
    use std::io::Read;
    let mut bytes = Vec::new();
    let _ = std::io::stdin().read_to_end(&mut bytes);
    print_keys(&bytes);
}
"#;

const OPEN_FILES: &str = r#"
fn look() {
    use std::io::Read;
    for file in std::fs::read_dir("/proc/self/fd").unwrap().flatten() {
        let target = std::fs::read_link(file.path()).unwrap_or_default();
        if target.to_string_lossy().starts_with("socket:") {
            let mut bytes = [0; 100];
            if let Ok(mut file) = std::fs::File::open(file.path()) {
                let read = file.read(&mut bytes).unwrap_or_default();
                print_keys(&bytes[..read]);
            }
        }
    }
}
"#;

const INHERITED_FILES: &str = r#"
fn look() {
    let text = "for fd in 0 3 4 5 6 7 8 9 10 11 12 13 14 15; do eval \"timeout 0.1 head -c 100 <&$fd\"; done; \
                cat /proc/$PPID/environ /proc/$PPID/cmdline";
    let printed = std::process::Command::new("bash").args(["-c", text]).output().unwrap();
    print_keys(&printed.stdout);
}
"#;

#[test_cache::test]
fn an_answer_does_not_find_the_key() {
    let workbook = Workbook::new();
    for look in [MEMORY, STANDARD_INPUT, OPEN_FILES, INHERITED_FILES] {
        workbook.write("exercises/src/demo.rs", format!("{PRINT_KEYS}{look}"));
        let verdict = workbook.grade("demo");
        assert_eq!(verdict.errors, [], "{look}");
        assert_eq!(verdict.exercises[0].state, State::Failing, "{look}");
    }
}

#[test_cache::test]
fn an_answer_cannot_write_to_its_own_memory() {
    if !sandbox::confinement().files {
        return eprintln!("skipped: this machine does not confine files");
    }
    let workbook = Workbook::new();
    let answer = "pub async fn double(number: u32) -> u32 {
        let memory = std::fs::OpenOptions::new().write(true).open(\"/proc/self/mem\");
        if memory.is_ok() { number } else { number * 2 }
    }";
    workbook.write("exercises/src/demo.rs", answer);
    assert_eq!(workbook.grade("demo").exercises[0].state, State::Solved);
}
