//! The program, as a reader starts it.

use std::process::Command;

fn output(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_resilience"))
        .args(arguments)
        .output()
        .expect("the program starts");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("it prints text")
}

#[test]
fn the_demo_recovers_after_the_incident() {
    let text = output(&[]);
    assert!(text.contains("the circuit breaker is open"), "{text}");
    let last = text.lines().last().unwrap_or_default();
    assert!(last.contains("200 OK"), "{text}");
}

#[test]
fn the_simulation_prints_the_same_for_the_same_seed() {
    let first = output(&["simulate", "--seed", "7"]);
    assert_eq!(first, output(&["simulate", "--seed", "7"]));
    assert!(first.contains("naive retries"), "{first}");
}
