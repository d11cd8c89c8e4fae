//! Which test a run belongs to: its chapter, its exercise, its name.

/// A test's name, by the convention of the graders: a crate for each chapter, a module for each exercise.
#[derive(Debug)]
pub(super) struct TestName {
    /// The chapter's module: `event_loop`.
    pub(super) chapter: String,
    /// The path without its crate: `fetch_all::downloads_overlap`.
    pub(super) path: String,
    /// The common beginning of the paths of the grader's source files.
    grader: String,
}

impl TestName {
    /// `closure` is the type name of the test's closure, for example
    /// `gather::fetch_all::downloads_overlap::{{closure}}`, and `grader` the file of the test as the compiler
    /// names it.
    ///
    /// The name comes from a type and not from the thread, because libtest runs the tests on its main thread
    /// if there is only one.
    pub(super) fn new(closure: &str, grader: &str) -> Self {
        let path = closure.split("::{{").next().unwrap_or(closure);
        let (chapter, test) = path.split_once("::").unwrap_or((path, path));
        let folder = format!("tests/{chapter}");
        let grader = match grader.find(&folder) {
            Some(at) => &grader[..at + folder.len()],
            None => grader,
        };
        Self {
            chapter: chapter.to_owned(),
            path: test.to_owned(),
            grader: grader.to_owned(),
        }
    }

    /// The module of the test.
    pub(super) fn exercise(&self) -> Option<&str> {
        let (modules, _test) = self.path.rsplit_once("::")?;
        modules.rsplit("::").next()
    }

    /// Whether `file` is a part of the grader and not the learner's.
    pub(super) fn is_grader(&self, file: &str) -> bool {
        file.starts_with(&self.grader)
    }
}

#[cfg(test)]
mod tests {
    use super::TestName;

    #[test]
    fn a_test_is_named_by_its_module_and_function() {
        let name = TestName::new(
            "event_loop::shop::fetch_all::overlaps::{{closure}}",
            "exercises/tests/event_loop/fetch_all.rs",
        );
        assert_eq!(name.path, "shop::fetch_all::overlaps");
        assert_eq!(name.exercise(), Some("fetch_all"));
    }

    #[test]
    fn a_test_outside_any_module_has_no_exercise() {
        let name = TestName::new("gather::overlaps::{{closure}}", "exercises/tests/gather.rs");
        assert_eq!((name.path.as_str(), name.exercise()), ("overlaps", None));
    }

    #[test]
    fn every_file_of_the_chapters_tests_belongs_to_the_grader() {
        let name = TestName::new(
            "gather::a::b::{{closure}}",
            "exercises/tests/gather/fetch_all.rs",
        );
        assert!(name.is_grader("exercises/tests/gather.rs"));
        assert!(name.is_grader("exercises/tests/gather/settle.rs"));
        assert!(!name.is_grader("exercises/src/gather.rs"));
    }
}
