//! A small workbook in a temporary folder, and the tool in it with a fake grader.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const MANIFEST: &str = r#"
[[chapter]]
slug = "demo"
title = "Demo"

[[chapter.exercise]]
name = "double"
title = "Twice a number"
minutes = 5
teaches = "what an async fn returns"
hints = ["There is an operator for that.", "`number * 2`"]

[[chapter.exercise]]
name = "triple"
title = "Three times a number"
minutes = 10
teaches = "the same"
hints = ["There is an operator for that."]

[[chapter]]
slug = "other-one"
title = "The other one"

[[chapter.exercise]]
name = "half"
title = "Half a number"
minutes = 15
teaches = "the same"
hints = ["There is an operator for that."]
"#;

/// The workbook. Its chapter `demo` has the exercises `double` and `triple`; `other-one` has `half`.
pub struct Workbook {
    folder: TempDir,
}

impl Workbook {
    pub fn new() -> Self {
        let workbook = Self {
            folder: tempfile::tempdir().expect("a temporary folder can be created"),
        };
        workbook.write("book.toml", "[book]\ntitle = \"Demo\"\n");
        workbook.write("src/SUMMARY.md", "# Summary\n\n- [Demo](demo.md)\n");
        workbook.write("src/demo.md", "# Demo\n");
        workbook.write("exercises/exercises.toml", MANIFEST);
        workbook.write(
            "exercises/src/lib.rs",
            "pub mod demo;\npub mod other_one;\n",
        );
        for folder in ["exercises/src", "exercises/stubs"] {
            workbook.write(&format!("{folder}/demo.rs"), &demo("todo!()", "todo!()"));
            workbook.write(
                &format!("{folder}/other_one.rs"),
                &function("half", "todo!()"),
            );
        }
        workbook.write(
            "solutions/src/demo.rs",
            &demo("number * 2 // right", "number * 3 // right"),
        );
        workbook
    }

    /// Replaces the bodies of `double` and `triple`.
    pub fn answer(&self, double: &str, triple: &str) {
        self.write("exercises/src/demo.rs", &demo(double, triple));
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect(file)
    }

    /// The tool in this workbook.
    pub fn tool(&self) -> Command {
        let mut tool = Command::new(env!("CARGO_BIN_EXE_stand-in"));
        tool.current_dir(self.folder.path()).stdin(Stdio::null());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            tool.env_remove(variable);
        }
        tool
    }
}

fn demo(double: &str, triple: &str) -> String {
    format!(
        "//! Demo.\n\n{}\n{}",
        function("double", double),
        function("triple", triple)
    )
}

fn function(name: &str, body: &str) -> String {
    format!("/// A number.\npub async fn {name}(number: u32) -> u32 {{\n    {body}\n}}\n")
}
