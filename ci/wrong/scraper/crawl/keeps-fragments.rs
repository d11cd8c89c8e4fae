//! URLs with different fragments are different pages. Caught by `crawl::a_fragment_is_no_other_page`, which says "differ in their fragment".

impl Frontier {
    fn add(&mut self, links: Vec<String>) {
        for link in links {
            if self.found.len() < self.pages && self.found.insert(link.clone()) {
                self.waiting.push_back(link);
            }
        }
    }
}
