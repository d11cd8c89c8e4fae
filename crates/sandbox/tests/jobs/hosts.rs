//! Hosts that are killed or stopped while a job runs.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use procfs::process::Process;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Script, guard, script, wait_until};

/// Starts a host that runs a script under a time limit in seconds, and waits until the script has printed
/// "started".
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
fn killing_the_host_ends_its_job() {
    for text in [
        "echo started; sleep $NAP",
        "trap '' TERM HUP; (setsid sleep $NAP &); echo started; sleep $NAP",
        "(env -i setsid /bin/sleep $NAP &); echo started; exec >&- 2>&-; sleep $NAP",
    ] {
        let script = script(text);
        // The limit is longer than the test waits.
        let mut host = host_of(&script, text, "600");
        host.kill().unwrap();
        host.wait().unwrap();
        // This waits for the guard, too, whose environment has the nap.
        script.wait_until_gone();
    }
}

#[test_cache::test]
fn limits_are_enforced_while_the_host_is_stopped() {
    // Prints so much that the guard cannot write all of it.
    let text = "echo started; sleep 0.1; head -c 1000000 /dev/zero; sleep $NAP";
    let script = script(text);
    let mut host = host_of(&script, text, "2");
    let pid = Pid::from_child(&host);
    kill_process(pid, Signal::STOP).unwrap();
    wait_until("the limit is enforced", || {
        let stats = script
            .alive()
            .into_iter()
            .map(|pid| Process::new(pid)?.stat());
        // Only the host and its guard are left.
        stats.flatten().all(|stat| stat.comm == "guard")
    });
    // The host's output is not read, either.
    drop(host.stdout.take());
    kill_process(pid, Signal::CONT).unwrap();
    host.wait().unwrap();
    script.wait_until_gone();
}
