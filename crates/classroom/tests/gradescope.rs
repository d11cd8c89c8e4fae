//! What `grade --pack gradescope` writes, run in folders laid out as Gradescope's, without Docker.

#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, UNIX_EPOCH};

use serde_json::Value;
use tempfile::TempDir;
use zip::ZipArchive;

#[path = "../../workbook/tests/support/executable.rs"]
mod executable;

use executable::make_executable;

/// One exercise of each of two chapters counts. The second has a test that students do not have.
const CLASS: &str = "title = \"Two chapters\"\n\
    [[exercises]]\nname = \"event-loop/sum_with_yields\"\npoints = 2\n\
    [[exercises]]\nname = \"gather/fetch_all\"\npoints = 3\n";

const HIDDEN: &str = "#[test]\nfn never_tells() {\n    assert_eq!(1, 2, \"a secret\");\n}\n";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Gradescope's folder `/autograder`.
struct Root {
    folder: TempDir,
}

impl Root {
    /// With the pack in it, and with the libraries that cargo has built for this repository.
    fn new() -> Self {
        let root = Self {
            folder: tempfile::tempdir().expect("a folder can be created"),
        };
        root.write("pack/class.toml", CLASS);
        root.write("pack/hidden/gather/fetch_all.rs", HIDDEN);
        let mut pack = Command::new(env!("CARGO_BIN_EXE_classroom"));
        pack.args(["grade", "--pack", "gradescope", "--class"])
            .arg(root.path("pack/class.toml"))
            .arg("--graders")
            .arg(root.path("pack/hidden"))
            .arg("--output")
            .arg(root.path("pack"));
        let packed = pack.current_dir(repository()).output().expect("it starts");
        assert!(packed.status.success(), "{packed:?}");
        root.unpack();
        root.link_libraries();
        root
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    /// Unpacks the zip file as `unzip` does.
    fn unpack(&self) {
        let file = File::open(self.path("pack/autograder.zip")).expect("it was written");
        let mut zip = ZipArchive::new(file).expect("it is a zip file");
        let source = self.path("source");
        zip.extract(&source).expect("writable");
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).expect("it is whole");
            let path = source.join(entry.name().expect("UTF-8").as_ref());
            let file = File::options().append(true).open(&path);
            // The beginning of time for a zip file. Cargo builds what is newer than its libraries.
            let first = UNIX_EPOCH + Duration::from_secs(10 * 365 * 24 * 60 * 60);
            file.and_then(|file| file.set_modified(first))
                .expect("writable");
            if entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0) {
                make_executable(&path);
            }
        }
        let script = self.path("run_autograder");
        fs::copy(source.join("run_autograder"), &script)
            .expect("it is in the root of the zip file");
        make_executable(&script);
    }

    /// Links what cargo has compiled, so that the test need not compile it again. Cargo replaces libraries and writes into the
    /// other files, which are copied.
    fn link_libraries(&self) {
        let own = self.path("source/workbook/target/debug");
        fs::create_dir_all(own.join("deps")).expect("writable");
        let built = Path::new(env!("CARGO_BIN_EXE_classroom"));
        let built = built.parent().expect("it lies in a folder");
        let script = "cp -a .fingerprint build \"$0\"/ && cd deps \
            && find . -name '*.d' -print0 | xargs -0 cp -a -t \"$0/deps\" \
            && find . \\( -name '*.rlib' -o -name '*.rmeta' -o -name '*.so' \\) -print0 | xargs -0 cp -al -t \"$0/deps\"";
        let mut link = Command::new("bash");
        link.args(["-c", script]).arg(&own).current_dir(built);
        assert!(link.status().expect("bash is there").success());
    }

    fn script(&self, script: &Path) -> Command {
        let mut command = Command::new(script);
        command.current_dir(self.folder.path());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO") && text != "CARGO_HOME" || text == "RUST_BACKTRACE" {
                command.env_remove(name);
            }
        }
        command
            .env("AUTOGRADER_ROOT", self.folder.path())
            // What is killed leaves temporary files behind.
            .env("TMPDIR", self.folder.path())
            .env("CARGO_NET_OFFLINE", "true");
        command
    }

    fn set_up(&self) {
        let ran = self.script(&self.path("source/setup.sh")).output();
        let ran = ran.expect("it starts");
        assert!(
            ran.status.success(),
            "{}{}",
            String::from_utf8_lossy(&ran.stdout),
            String::from_utf8_lossy(&ran.stderr)
        );
    }

    /// Submits solutions of these chapters.
    fn submit(&self, modules: &[&str]) {
        let submission = self.path("submission");
        let _ = fs::remove_dir_all(&submission);
        fs::create_dir_all(&submission).expect("writable");
        for module in modules {
            let file = format!("{module}.rs");
            let solution = repository().join("solutions/src").join(&file);
            fs::copy(solution, submission.join(&file)).expect("there is a solution");
        }
    }

    fn run(&self) -> Value {
        let ran = self.script(&self.path("run_autograder")).output();
        let ran = ran.expect("it starts");
        assert!(ran.status.success(), "{ran:?}");
        self.results().expect("it was written")
    }

    /// The results, which are JSON whenever they are there.
    fn results(&self) -> Option<Value> {
        let text = fs::read_to_string(self.path("results/results.json")).ok()?;
        let parsed = serde_json::from_str(&text);
        Some(parsed.unwrap_or_else(|error| panic!("{error}: {text}")))
    }
}

fn scores(results: &Value) -> Vec<f64> {
    let tests = results["tests"].as_array().expect("a list");
    let scores = tests.iter().map(|test| test["score"].as_f64());
    scores.map(|score| score.expect("a number")).collect()
}

#[test_cache::test]
fn grades_a_submission_as_gradescope_starts_it() {
    let root = Root::new();
    root.set_up();

    root.submit(&["event_loop"]);
    let results = root.run();
    assert_eq!(results["score"], 2.0, "{results:#}");
    assert_eq!(scores(&results), [2.0, 0.0]);
    assert_eq!(results["output"], "");
    assert_eq!(
        results["tests"][1]["output"],
        "This chapter was not submitted."
    );

    // Killed as soon as one chapter has been graded, which is known then.
    fs::remove_dir_all(root.path("results")).expect("it is there");
    root.submit(&["event_loop", "gather"]);
    let partial = killed_after(&root, |results| scores(results) == [2.0, 0.0]);
    let output = partial["output"].as_str().expect("text");
    assert!(output.contains("have not been graded yet"), "{output}");

    // The solution fails the hidden test, of which the student learns only that.
    let results = root.run();
    assert_eq!(scores(&results), [2.0, 0.0], "{results:#}");
    let text = results.to_string();
    assert!(text.contains("not in the workbook"), "{text}");
    assert!(
        !text.contains("a secret") && !text.contains("never_tells"),
        "{text}"
    );
}

/// Starts the autograder and kills it, with all that it has started, as soon as the results are as wanted.
fn killed_after(root: &Root, is_wanted: impl Fn(&Value) -> bool) -> Value {
    let mut script = root.script(&root.path("run_autograder"));
    let script = script.stdout(Stdio::null()).process_group(0).spawn();
    let mut script = script.expect("it starts");
    let start = Instant::now();
    while !root.results().is_some_and(|results| is_wanted(&results)) {
        assert!(
            start.elapsed() < Duration::from_secs(300),
            "{:?}",
            root.results()
        );
        let ended = script.try_wait().expect("it is our child");
        assert_eq!(ended, None, "it ended first: {:?}", root.results());
        std::thread::yield_now();
    }
    let group = format!("-{}", script.id());
    let killed = Command::new("kill").args(["-KILL", "--", &group]).status();
    assert!(killed.is_ok_and(|status| status.success()));
    script.wait().expect("it is our child");
    root.results().expect("it is there")
}

/// There are results even if nothing could be started.
#[test]
fn results_are_there_after_a_failure() {
    let folder = tempfile::tempdir().expect("a folder can be created");
    let root = Root { folder };
    root.write("run_autograder", include_str!("../src/pack/run_autograder"));
    make_executable(&root.path("run_autograder"));
    let results = root.run();
    assert_eq!(results["score"], 0);
    let output = results["output"].as_str().expect("text");
    assert!(output.contains("tell your teacher"), "{output}");
}
