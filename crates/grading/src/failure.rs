//! What a failed check tells the learner.

/// The report of a failed [`check`](crate::check).
///
/// It holds the three things that help someone who is stuck: what was expected and what was seen, in one
/// sentence with numbers; what that usually means; and where the book explains it.
///
/// ```
/// use grading::Failure;
///
/// let failure = Failure::new("Three downloads of 100 ms each should take 100 ms together; they took 300 ms.")
///     .usually("each download was awaited before the next one was started.")
///     .read("gather.html#join_all");
/// assert_eq!(
///     failure.to_string(),
///     "\
/// Three downloads of 100 ms each should take 100 ms together; they took 300 ms.
/// This usually means each download was awaited before the next one was started.
/// Read on: book/gather.html#join_all
/// "
/// );
/// ```
///
/// Displayed, it is the report without a timeline, at most 80 columns wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub(crate) seen: String,
    pub(crate) usually: Option<String>,
    pub(crate) read: Option<String>,
}

impl Failure {
    /// `seen` is one whole sentence that says what was expected and what was seen.
    pub fn new(seen: impl Into<String>) -> Self {
        Self {
            seen: seen.into(),
            usually: None,
            read: None,
        }
    }

    /// `meaning` completes a sentence that begins with "This usually means".
    #[must_use]
    pub fn usually(mut self, meaning: impl Into<String>) -> Self {
        self.usually = Some(meaning.into());
        self
    }

    /// As [`usually`](Failure::usually), if there is a meaning to tell.
    #[must_use]
    pub fn usually_if(mut self, meaning: Option<&str>) -> Self {
        self.usually = meaning.map(str::to_owned);
        self
    }

    /// `page` is where the book explains it, for example `gather.html#join_all`. The report names the file
    /// that `cargo workbook` builds from it.
    #[must_use]
    pub fn read(mut self, page: impl Into<String>) -> Self {
        self.read = Some(page.into());
        self
    }
}
