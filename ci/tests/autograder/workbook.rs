//! A small workbook with two chapters, each with one exercise that has two tests. Tests write answers into it.

use std::fs;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use autograder::library::Libraries;
use autograder::originals::Originals;
use autograder::verdict::{ChapterVerdict, State};
use autograder::{Autograder, Project, target_folder};
use ci::program::Compiler;
use sandbox::{Cancel, Guards, Runner};
use tempfile::TempDir;

/// The libraries that answers may use. Cargo has built them for these tests.
static LIBRARIES: LazyLock<Libraries> = LazyLock::new(|| {
    let compiler = Compiler::new().expect("the workspace is built");
    compiler.libraries().clone()
});

const MANIFEST: &str = r#"
[[chapter]]
slug = "demo"
title = "Demo"
[[chapter.exercise]]
name = "double"
title = "Twice a number"
minutes = 5
teaches = "what an async fn returns"
hints = ["There is an operator for that."]

[[chapter]]
slug = "other"
title = "Other"
[[chapter.exercise]]
name = "triple"
title = "Three times a number"
minutes = 5
teaches = "the same"
hints = ["There is an operator for that."]
"#;

pub const STUB: &str = "/// Twice the number.
pub async fn double(number: u32) -> u32 {
    todo!()
}
";

/// A folder with a workbook, and a separate target folder below cargo's.
pub struct Workbook {
    pub project: Project,
    target: TempDir,
    _folder: TempDir,
}

impl Workbook {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be created");
        let target = tempfile::tempdir_in(target_folder().expect("tests are in a target folder"))
            .expect("the target folder is writable");
        let workbook = Self {
            project: Project::at(folder.path()),
            target,
            _folder: folder,
        };
        workbook.write(
            "Cargo.toml",
            "[workspace]\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n",
        );
        workbook.write("exercises/exercises.toml", MANIFEST);
        workbook.write(
            "exercises/src/lib.rs",
            "//! Answers.\npub mod demo;\npub mod other;\n",
        );
        for (module, function, factor) in [("demo", "double", 2), ("other", "triple", 3)] {
            let stub = STUB.replace("double", function);
            workbook.write(&format!("exercises/stubs/{module}.rs"), &stub);
            workbook.write(&format!("exercises/src/{module}.rs"), &stub);
            let grader = GRADER
                .replace("demo", module)
                .replace("double", function)
                .replace("FACTOR", &factor.to_string());
            workbook.write(&format!("exercises/tests/{module}.rs"), &grader);
        }
        workbook.lock();
        workbook
    }

    /// Removes a file or a folder of the autograder's cache.
    pub fn forget(&self, cached: &str) {
        let path = self.target.path().join("workbook").join(cached);
        let removed = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
        removed.expect(cached);
    }

    /// Writes a file into the autograder's cache.
    pub fn write_cached(&self, file: &str, text: &str) {
        fs::write(self.target.path().join("workbook").join(file), text).expect("writable");
    }

    /// Makes the current graders the originals.
    pub fn lock(&self) {
        let originals = Originals::of(&self.project).expect("the graders exist");
        self.write(Originals::FILE, originals.text());
    }

    /// Writes a file.
    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.project.path(file);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    pub fn autograder(&self) -> Autograder {
        self.autograder_with(Arc::new(guards()))
    }

    /// The autograder with another runner.
    pub fn autograder_with(&self, runner: Arc<dyn Runner>) -> Autograder {
        Autograder::open(self.project.clone(), self.target.path().to_owned(), runner)
            .expect("the manifest is valid")
            .with_libraries(
                LIBRARIES
                    .only(&["futures", "grading", "timeline", "tokio"])
                    .expect("built"),
            )
    }

    /// Grades a chapter, and returns the state of its exercise.
    pub fn state(&self, chapter: &str) -> State {
        self.grade(chapter).exercises[0].state
    }

    /// Grades a chapter.
    pub fn grade(&self, chapter: &str) -> ChapterVerdict {
        self.autograder()
            .grade(chapter, None, &Cancel::default(), &mut |_| {})
            .expect("only the answer can be at fault")
    }
}

/// What runs the compiler and the answers, unless a test has a runner of its own.
pub fn guards() -> Guards {
    Guards::of_cores(|| Command::new(env!("CARGO_BIN_EXE_ci-guard")))
}

const GRADER: &str = r#"//! Grades the chapter `demo`.

use grading::{Failure, check, grade};

mod double {
    use super::*;
    use exercises::demo::double;

    #[test]
    fn of_one() {
        is_right(1);
    }

    #[test]
    fn of_many() {
        (2..5).for_each(is_right);
    }

    fn is_right(number: u32) {
        grade(async || {
            let seen = double(number).await;
            check(seen == number * FACTOR, || {
                Failure::new(format!("{number} times FACTOR came out as {seen}."))
                    .usually("that it is not multiplied.")
            });
        });
    }
}
"#;
