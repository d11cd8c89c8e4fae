//! Standard input and output pass bytes through unchanged.

use sandbox::{Cancel, Ended, Job, Output};

use crate::support::{script, wide, with_each_runner};

#[test_cache::test]
fn passes_all_bytes_through_unchanged() {
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(1 << 20).collect();
    let job = Job::new("/bin/cat", wide()).stdin(bytes.clone());
    with_each_runner(|runner| {
        let mut printed = Vec::new();
        let take = &mut |output| {
            if let Output::Stdout(bytes) = output {
                printed.extend(bytes);
            }
        };
        let finished = runner.run(&job, &Cancel::default(), take).unwrap();
        assert_eq!(finished.ended, Ended::Exit(0));
        assert!(printed == bytes, "{} bytes came back", printed.len());
    });
}

#[test_cache::test]
fn ignores_input_that_the_program_does_not_read() {
    let script = script("exit 3");
    let job = script.job().stdin(vec![b'x'; 1 << 20]);
    with_each_runner(|runner| {
        let ran = script.run_job(runner, &job);
        assert_eq!(ran.finished.ended, Ended::Exit(3));
    });
}

#[test_cache::test]
fn standard_input_is_empty_by_default() {
    let script = script("cat; exit 3");
    with_each_runner(|runner| {
        script.expect_end(runner, Ended::Exit(3));
    });
}

#[test_cache::test]
fn replaces_bytes_that_are_not_utf8() {
    let script = script(r"printf 'a\377b'");
    with_each_runner(|runner| {
        assert_eq!(
            script.expect_end(runner, Ended::Exit(0)).stdout,
            "a\u{fffd}b"
        );
    });
}
