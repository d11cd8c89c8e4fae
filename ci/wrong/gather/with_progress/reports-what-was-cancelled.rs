//! A destructor reports the downloads that were cancelled. Caught by `with_progress::reports_nothing_after_a_drop`, which says "that were cancelled".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    struct Rest<'a, R: FnMut(usize, &str)> {
        left: Vec<&'a str>,
        done: usize,
        report: R,
    }
    impl<R: FnMut(usize, &str)> Drop for Rest<'_, R> {
        fn drop(&mut self) {
            for path in std::mem::take(&mut self.left) {
                self.done += 1;
                (self.report)(self.done, path);
            }
        }
    }
    let mut rest = Rest {
        left: paths.to_vec(),
        done: 0,
        report,
    };
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((index, outcome)) = downloads.next().await {
        outcomes.push((index, outcome));
        rest.done += 1;
        let at = rest
            .left
            .iter()
            .position(|path| *path == paths[index])
            .unwrap();
        rest.left.remove(at);
        let done = rest.done;
        (rest.report)(done, paths[index]);
    }
    in_input_order(outcomes)
}
