//! Bytes come through as they are.

use sandbox::{Cancel, Ended, Job, Output};

use crate::support::{each, script, wide};

#[test_cache::test]
fn all_bytes_in_and_out() {
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(1 << 20).collect();
    let job = Job::new("/bin/cat", wide()).stdin(bytes.clone());
    each(|runner| {
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
fn input_that_nobody_reads() {
    let script = script("exit 3");
    let job = script.job().stdin(vec![b'x'; 1 << 20]);
    each(|runner| {
        let ran = script.run_job(runner, &job);
        assert_eq!(ran.finished.ended, Ended::Exit(3));
    });
}

#[test_cache::test]
fn no_input() {
    let script = script("cat; exit 3");
    each(|runner| {
        script.ends(runner, Ended::Exit(3));
    });
}

#[test_cache::test]
fn bytes_that_are_no_text_are_replaced() {
    let script = script(r"printf 'a\377b'");
    each(|runner| {
        assert_eq!(script.ends(runner, Ended::Exit(0)).stdout, "a\u{fffd}b");
    });
}
