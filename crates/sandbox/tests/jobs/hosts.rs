//! Hosts that are killed or stopped while a job runs.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use procfs::process::Process;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Script, guard, script, wait_until};

/// Starts a host that runs a script for a number of seconds at most, and waits until the script has said
/// that it runs.
fn host_of(script: &Script, text: &str, seconds: &str) -> Child {
    let mut host = guard();
    host.args([seconds, "/bin/sh", "-c", text])
        .env("NAP", &script.nap);
    let mut host = host.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let stdout = host.stdout.as_mut().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");
    host
}

#[test_cache::test]
fn a_killed_host_takes_its_job_along() {
    for text in [
        "echo started; sleep $NAP",
        "trap '' TERM HUP; (setsid sleep $NAP &); echo started; sleep $NAP",
        "(env -i setsid /bin/sleep $NAP &); echo started; exec >&- 2>&-; sleep $NAP",
    ] {
        let script = script(text);
        // Longer than is waited for its end.
        let mut host = host_of(&script, text, "600");
        host.kill().unwrap();
        host.wait().unwrap();
        // Where it may be looked at, the guard's environment has the nap, too.
        script.wait_until_gone();
    }
}

#[test_cache::test]
fn a_stopped_host_does_not_keep_its_job_from_being_ended() {
    // Floods, so that the guard finds no place for the output.
    let text = "echo started; sleep 0.1; head -c 1000000 /dev/zero; sleep $NAP";
    let script = script(text);
    let mut host = host_of(&script, text, "2");
    let pid = Pid::from_child(&host);
    kill_process(pid, Signal::STOP).unwrap();
    wait_until("the limit is kept", || {
        let stats = script
            .alive()
            .into_iter()
            .map(|pid| Process::new(pid)?.stat());
        // Left are the host and its guard.
        stats.flatten().all(|stat| stat.comm == "guard")
    });
    // Nobody reads what the host prints, either.
    drop(host.stdout.take());
    kill_process(pid, Signal::CONT).unwrap();
    host.wait().unwrap();
    script.wait_until_gone();
}
