//! Programs that try to reach what is not theirs.

use std::fs;
use std::path::Path;

use sandbox::{Confinement, Ended, Job, Limit, confinement};

use crate::support::{Script, compile, guards, script, with_each_runner};

/// Runs a confined script in a folder of its own, beside a folder `$OUTSIDE` with a file.
fn confined(script: &Script, folder: &Path) -> Job {
    let (own, outside) = (folder.join("own"), folder.join("outside"));
    fs::create_dir_all(&own).unwrap();
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("file"), "content").unwrap();
    let job = script.job().env("OUTSIDE", outside);
    job.folder(own).confined()
}

/// Each line fails, or does something outside of the folder.
const WRITES: &[&str] = &[
    "echo x > $OUTSIDE/new",
    ": > $OUTSIDE/file",
    "echo x >> $OUTSIDE/file",
    "rm $OUTSIDE/file",
    "mv $OUTSIDE/file $OUTSIDE/moved",
    "mv $OUTSIDE/file .",
    "touch f && mv f $OUTSIDE/f",
    "touch g && ln g $OUTSIDE/g",
    "ln -s / $OUTSIDE/link",
    "mkdir $OUTSIDE/folder",
    "mkfifo $OUTSIDE/pipe",
    "ln -s $OUTSIDE link && echo x > link/new",
    "ln -s $OUTSIDE/file link2 && echo x > link2",
    "cd $OUTSIDE && echo x > new",
    "echo x > /proc/self/root$OUTSIDE/new",
];

/// The names and the contents of the files in a folder.
fn content(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let mut content: Vec<_> = entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read_to_string(entry.path()).unwrap_or_default())
        })
        .collect();
    content.sort();
    content
}

#[test_cache::test]
fn a_confined_program_writes_only_to_its_folder() {
    if !confinement().files {
        return eprintln!("skipped: this machine does not confine files");
    }
    for text in WRITES {
        let script = script(&format!("({text}) || exit 7"));
        with_each_runner(|runner| {
            let folder = tempfile::tempdir().unwrap();
            let job = confined(&script, folder.path());
            let before = content(&folder.path().join("outside"));
            let ran = script.run_job(runner, &job);
            assert_eq!(ran.finished.ended, Ended::Exit(7), "{text}: {ran:?}");
            assert_eq!(content(&folder.path().join("outside")), before, "{text}");
        });
    }
}

#[test_cache::test]
fn a_confined_program_does_in_its_folder_what_it_wants() {
    let text = "
        set -e
        mkdir a b; echo x > a/f; mv a/f b/g; ln b/g c; ln -s c d; mkfifo e; : > c; rm -r a e
        echo x > /dev/null; t=$(mktemp); test -e $(basename $t); exit 7";
    let script = script(text);
    with_each_runner(|runner| {
        let folder = tempfile::tempdir().unwrap();
        let ran = script.run_job(runner, &confined(&script, folder.path()));
        assert_eq!(ran.finished.ended, Ended::Exit(7), "{ran:?}");
    });
}

#[test_cache::test]
fn a_confined_program_cannot_hide_memory_in_files() {
    if !confinement().files {
        return eprintln!("skipped: this machine does not confine files");
    }
    let name = format!("/dev/shm/sandbox-test-{}", std::process::id());
    let script = script(&format!("head -c 1000000 /dev/zero > {name} || exit 7"));
    with_each_runner(|runner| {
        let folder = tempfile::tempdir().unwrap();
        let ran = script.run_job(runner, &confined(&script, folder.path()));
        assert_eq!(ran.finished.ended, Ended::Exit(7), "{ran:?}");
        assert!(!Path::new(&name).exists());
    });
}

/// Each fails, or leaves an object in the kernel.
const OBJECTS: &[&str] = &[
    "ipcmk --shmem 100000000",
    "ipcmk --queue",
    "ipcmk --semaphore 3",
];

#[test_cache::test]
fn a_confined_program_leaves_nothing_in_the_kernel() {
    if !confinement().ipc {
        return eprintln!("skipped: this machine does not filter system calls");
    }
    for text in OBJECTS {
        // It is there: it can say what there is.
        let script = script(&format!(
            "ipcs > /dev/null || exit 3; {text} && exit 4; exit 7"
        ));
        with_each_runner(|runner| {
            let folder = tempfile::tempdir().unwrap();
            let ran = script.run_job(runner, &confined(&script, folder.path()));
            assert_eq!(ran.finished.ended, Ended::Exit(7), "{text}: {ran:?}");
        });
    }
}

#[test_cache::test]
fn a_confined_program_cannot_kill_its_guard_to_leave_a_process_behind() {
    let Confinement { signals: true, .. } = confinement() else {
        return eprintln!("skipped: this machine does not confine signals");
    };
    // Neither its environment, nor its group, nor its parent says that the process belongs to the job.
    let text =
        "env -i setsid -f sleep $NAP; kill -9 $PPID && exit 7; kill -STOP $PPID && exit 8; exit 3";
    let script = script(text);
    let folder = tempfile::tempdir().unwrap();
    let ran = script.run_job(&guards(), &confined(&script, folder.path()));
    assert_eq!(ran.finished.ended, Ended::Exit(3), "{ran:?}");
    assert_eq!(ran.finished.left_behind, 1);
}

const LIMIT: u64 = 10 << 20;

/// Each takes more than the limit, and in no file more than it.
const FILES: &[&str] = &[
    "for n in 1 2 3 4; do head -c 4000000 /dev/zero > $n; done",
    "mkdir -p a/b/c; for n in 1 2 3 4; do head -c 4000000 /dev/zero > a/b/c/$n; done",
    "exec 3> a 4> b; rm a b; head -c 6000000 /dev/zero >&3; head -c 6000000 /dev/zero >&4",
    "n=0; while [ $n -lt 3000 ]; do : > $n; n=$((n + 1)); done",
    "for n in 1 2 3 4; do (exec 3> $n; rm $n; head -c 4000000 /dev/zero >&3; sleep $NAP) & done",
];

#[test_cache::test]
fn stops_a_program_that_writes_too_much() {
    for text in FILES {
        let script = script(&format!("{text}\nsleep $NAP")).limits(|limits| limits.files = LIMIT);
        with_each_runner(|runner| {
            let folder = tempfile::tempdir().unwrap();
            let job = script.job().folder(folder.path());
            let ran = script.run_job(runner, &job);
            let limit = Ended::LimitExceeded(Limit::Files);
            assert_eq!(ran.finished.ended, limit, "{text}: {ran:?}");
        });
    }
}

#[test_cache::test]
fn a_single_file_above_the_limit_is_reported_as_such() {
    // The system's limit is set when the program has started.
    let text =
        "until [ \"$(ulimit -f)\" != unlimited ]; do :; done; exec head -c 20000000 /dev/zero > a";
    let script = script(text).limits(|limits| limits.files = LIMIT);
    with_each_runner(|runner| {
        let folder = tempfile::tempdir().unwrap();
        let ran = script.run_job(runner, &script.job().folder(folder.path()));
        assert_eq!(ran.finished.ended, Ended::LimitExceeded(Limit::Files));
    });
}

#[test_cache::test]
fn counts_memory_that_is_used_like_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile(
        folder.path(),
        "use std::{ffi::c_char, fs::File, io::Write, os::fd::FromRawFd};
        unsafe extern \"C\" { safe fn memfd_create(name: *const c_char, flags: u32) -> i32; }
        fn main() {
            let memory = || unsafe { File::from_raw_fd(memfd_create(c\"m\".as_ptr(), 0)) };
            let mut all = [memory(), memory(), memory()];
            all.iter_mut().for_each(|file| file.write_all(&[1; 6 << 20]).unwrap());
            std::thread::sleep(std::time::Duration::from_secs(50));
        }",
    );
    let script = script("exec $PROGRAM").limits(|limits| limits.files = LIMIT);
    with_each_runner(|runner| {
        let ran = script.run_job(runner, &script.job().env("PROGRAM", &program));
        assert_eq!(ran.finished.ended, Ended::LimitExceeded(Limit::Files));
    });
}
