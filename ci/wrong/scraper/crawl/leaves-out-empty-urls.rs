//! An empty URL is no page. Caught by `crawl::fetches_each_page_once`, which says "should be fetched".

impl Frontier {
    fn add(&mut self, links: Vec<String>) {
        for mut link in links {
            if let Some(fragment) = link.find('#') {
                link.truncate(fragment);
            }
            if link.is_empty() {
                continue;
            }
            if self.found.len() < self.pages && self.found.insert(link.clone()) {
                self.waiting.push_back(link);
            }
        }
    }
}
