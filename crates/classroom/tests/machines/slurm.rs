//! `class/slurm.sbatch` on a real Slurm.

use std::fs;
use std::process::Output;

use crate::class::{Class, PROGRAM, repository, succeeds};
use crate::cluster::Cluster;

/// Runs the script with two parts.
fn script(cluster: &Cluster, class: &Class, output: &str, grade: &str) -> Output {
    let mut bash = cluster.command("bash");
    bash.current_dir(repository()).env("WORKBOOK_GRADE", grade);
    bash.args(["class/slurm.sbatch", "2"]);
    bash.arg(class.path(output)).arg(class.path("submissions"));
    bash.arg("--class").arg(class.path("class.toml"));
    bash.output().expect("bash is there")
}

#[test_cache::test]
fn a_job_array_gives_the_same_bytes_as_one_machine() {
    let Some(cluster) = Cluster::start() else {
        return eprintln!("skipped: Slurm (packages slurm-wlm and munge) is not installed");
    };
    let class = Class::new();
    class.grade("one");
    let grade = format!("{PROGRAM} grade");

    // No task succeeds.
    let failed = script(&cluster, &class, "marks", "false");
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    let message = String::from_utf8_lossy(&failed.stderr);
    assert!(
        message.contains("not graded: 1,2."),
        "{message}\n{}",
        cluster.logs()
    );

    succeeds(&script(&cluster, &class, "marks", &grade));
    class.are_the_same("one", "marks");

    // Only what is missing is submitted again.
    let log = |part: u32| class.path(&format!("marks/parts/slurm-{part}.log"));
    for part in [1, 2] {
        fs::remove_file(log(part)).expect("the task has written it");
    }
    fs::remove_file(class.path("marks/parts/2-of-2/results.json")).expect("it was written");
    succeeds(&script(&cluster, &class, "marks", &grade));
    assert_eq!([1, 2].map(|part| log(part).exists()), [false, true]);
    class.are_the_same("one", "marks");
}
