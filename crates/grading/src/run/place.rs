//! Where a test stands: its chapter, its exercise, its name.

/// A test, by the convention of the graders: a crate for each chapter, a module for each exercise.
#[derive(Debug)]
pub(super) struct Place {
    /// The chapter's module: `event_loop`.
    pub(super) chapter: String,
    /// The test without its crate: `fetch_all::downloads_overlap`.
    pub(super) test: String,
    /// What the paths of the grader's source files begin with.
    grader: String,
}

impl Place {
    /// `closure`: the type name of the test's closure, `gather::fetch_all::downloads_overlap::{{closure}}`
    /// say. `grader`: the file of the test as the compiler names it.
    ///
    /// The name comes from a type and not from the thread, for libtest runs the tests on its main
    /// thread if there is one thread only.
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
            test: test.to_owned(),
            grader: grader.to_owned(),
        }
    }

    /// The module of the test.
    pub(super) fn exercise(&self) -> Option<&str> {
        let (modules, _test) = self.test.rsplit_once("::")?;
        modules.rsplit("::").next()
    }

    /// Whether `file` is a part of the grader, and no learner's.
    pub(super) fn is_grader(&self, file: &str) -> bool {
        file.starts_with(&self.grader)
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_test_is_named_by_its_module_and_function() {
        let place = Place::new(
            "event_loop::shop::fetch_all::overlaps::{{closure}}",
            "exercises/tests/event_loop/fetch_all.rs",
        );
        assert_eq!(place.test, "shop::fetch_all::overlaps");
        assert_eq!(place.exercise(), Some("fetch_all"));
    }

    #[test]
    fn a_test_outside_any_module_has_no_exercise() {
        let place = Place::new("gather::overlaps::{{closure}}", "exercises/tests/gather.rs");
        assert_eq!((place.test.as_str(), place.exercise()), ("overlaps", None));
    }

    #[test]
    fn every_file_of_the_chapter_is_the_grader() {
        let place = Place::new(
            "gather::a::b::{{closure}}",
            "exercises/tests/gather/fetch_all.rs",
        );
        assert!(place.is_grader("exercises/tests/gather.rs"));
        assert!(place.is_grader("exercises/tests/gather/settle.rs"));
        assert!(!place.is_grader("exercises/src/gather.rs"));
    }
}
