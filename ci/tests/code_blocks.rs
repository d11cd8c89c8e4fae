//! Every Rust block of the book is a test here, extracted and named by skeptic.

/// Stands in for skeptic's runtime, which the generated tests call: that one knows editions up to
/// 2021, lets a block that never ends hang the build, and fails now and then with "Text file busy"
/// while its cache is cold.
mod skeptic {
    pub mod rt {
        use std::sync::LazyLock;

        use ci::finding;
        use ci::markdown::Page;
        use ci::program::Compiler;
        use ci::project::{Pages, here};
        use ci::proof::code_blocks;

        static COMPILER: LazyLock<Compiler> =
            LazyLock::new(|| Compiler::new().expect("the workspace is built and rustc is there"));

        static PAGES: LazyLock<Vec<Page>> =
            LazyLock::new(|| here().pages().expect("the pages are there"));

        pub fn run_test(_root: &str, _out: &str, _target: &str, test: &str) {
            test_cache::once(|| {
                // skeptic's template puts a newline in front of each program.
                let program = test.strip_prefix('\n').unwrap_or(test);
                let findings = code_blocks::check_program(&PAGES, &COMPILER, program);
                finding::require_none(&findings.expect("rustc is there"));
            });
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/code_blocks.rs"));
