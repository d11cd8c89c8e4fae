//! URLs are written in lowercase and without a last slash. Caught by `crawl::fetches_each_page_once`, which says "should be fetched".

impl Frontier {
    fn add(&mut self, links: Vec<String>) {
        for mut link in links {
            if let Some(fragment) = link.find('#') {
                link.truncate(fragment);
            }
            link = link.to_lowercase();
            if link.ends_with('/') {
                link.pop();
            }
            if self.found.len() < self.pages && self.found.insert(link.clone()) {
                self.waiting.push_back(link);
            }
        }
    }
}
