//! The book's search finds topics, identifiers and error messages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::visit::{Visit, visit};

/// What readers type, and the beginnings of the titles of the pages that teach it.
const TOPICS: &[(&str, &[&str])] = &[
    ("JoinSet", &["JoinSet and structured concurrency"]),
    ("waker", &["Futures and wakers"]),
    ("Pin", &["Why futures need Pin", "Using pin!"]),
    ("Send bound", &["The Send bound"]),
    ("'static", &["The 'static bound"]),
    ("join", &["Gather: join!", "Build join!"]),
    (
        "select",
        &[
            "Racing futures: a first look at select!",
            "select! in depth",
        ],
    ),
    ("blocking", &["Blocking the event loop", "Blocking work"]),
    (
        "panic in a task",
        &[
            "A panic in a task",
            "Tasks: spawn, JoinHandle, abort",
            "Task pitfalls",
        ],
    ),
    ("abort", &["Tasks: spawn, JoinHandle, abort"]),
    ("bulkhead", &["Bulkheads, batching and pools"]),
    ("rate limiter", &["Rate limiters"]),
    (
        "backpressure",
        &["Queues: bounded mpsc channels and backpressure"],
    ),
    (
        "graceful shutdown",
        &[
            "Graceful shutdown of a server",
            "Graceful shutdown of a service",
        ],
    ),
    (
        "CancellationToken",
        &["abort, CancellationToken and trees of tasks"],
    ),
    (
        "cancellation token",
        &["abort, CancellationToken and trees of tasks"],
    ),
    ("cancel safety", &["Cancel safety"]),
    ("oneshot", &["oneshot, broadcast, watch"]),
    ("RwLock", &["RwLock, shards", "Locks: std::sync::Mutex"]),
    (
        "deadlock",
        &["Deadlocks, starvation and convoys", "Channel deadlocks"],
    ),
    ("spawn_blocking", &["Blocking the event loop"]),
];

/// How many hits for a topic a reader looks at.
const LOOKED_AT: usize = 2;

/// What occurs in code and outputs, as it is there or as a reader may type it.
const IDENTIFIERS: &[&str] = &[
    "join_next",
    "try_recv",
    "E0277",
    "while let",
    "borrow_and_update",
    "JOINSET",
    "select!",
    "'static",
    "tokio::spawn",
    "join_ne",
];

/// Messages of compilers and libraries that pages quote, as a reader may paste them.
const MESSAGES: &[&str] = &[
    "there is no reactor running",
    "implementation of `FnOnce` is not general enough",
    "cannot be unpinned",
    "all branches are disabled and there is no else branch",
    "recursion in an async fn requires boxing",
    "`Rc<str>` cannot be sent between threads safely",
    "error[E0716]: temporary value dropped while borrowed",
    "there is no reactor running, must be called from the context of a Tokio 1.x runtime",
];

/// Pages that answer no question about the book's subject.
const NOT_SEARCHED: &[&str] = &["plan.html", "progress.html"];

#[test_cache::test]
fn one_of_the_first_two_hits_is_on_the_page_that_teaches_the_topic() {
    visit(&[], async |visit| {
        visit.open_search("glossary.html").await;
        let sections = visit.sections();
        let titles = page_titles(&sections);
        let queries: Vec<_> = TOPICS.iter().map(|(query, _)| *query).collect();
        let mut missed = Vec::new();
        for ((query, wanted), hits) in TOPICS.iter().zip(visit.search(&queries).await) {
            let first: Vec<_> = hits
                .iter()
                .take(LOOKED_AT)
                .map(|hit| &titles[hit.page()])
                .collect();
            let is_wanted = |title: &&String| wanted.iter().any(|begin| title.starts_with(begin));
            if !first.iter().any(is_wanted) {
                missed.push(format!("{query}: {first:?} instead of {wanted:?}"));
            }
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    });
}

#[test_cache::test]
fn the_first_five_sections_for_an_identifier_contain_it() {
    visit(&[], async |visit| {
        visit.open_search("glossary.html").await;
        let sections = visit.sections();
        for (identifier, hits) in IDENTIFIERS.iter().zip(visit.search(IDENTIFIERS).await) {
            assert!(!hits.is_empty(), "{identifier} is not found");
            for hit in hits.iter().take(5) {
                assert!(
                    sections[hit.url()].contains(identifier),
                    "{identifier} is not in {}",
                    hit.url()
                );
            }
        }
    });
}

#[test_cache::test]
fn the_first_hits_for_a_pasted_message_quote_it() {
    visit(&[], async |visit| {
        visit.open_search("glossary.html").await;
        let sections = visit.sections();
        for (message, hits) in MESSAGES.iter().zip(visit.search(MESSAGES).await) {
            let quoting = sections
                .values()
                .filter(|section| section.contains(message));
            let count = quoting.count();
            assert!(count > 0, "no page quotes {message:?} any more");
            for hit in hits.iter().take(count.min(3)) {
                let section = &sections[hit.url()];
                assert!(section.contains(message), "{message}: {}", hit.url());
            }
            assert!(hits.len() >= count.min(3), "{message}: {hits:?}");
        }
    });
}

#[test_cache::test]
fn every_name_in_a_heading_or_in_the_glossary_is_found() {
    visit(&[], async |visit| {
        visit.open_search("glossary.html").await;
        let sections = visit.sections();
        let names = names(&visit.clone.root.join("src"));
        assert!(names.len() > 150, "{names:?}");
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let mut missed = Vec::new();
        for (name, hits) in names.iter().zip(visit.search(&names).await) {
            let is_in_a_heading = sections
                .values()
                .any(|section| contains(&section.heading, name));
            let is_found = hits.iter().take(3).any(|hit| {
                let section = &sections[hit.url()];
                let place = if is_in_a_heading {
                    &section.heading
                } else {
                    &section.text
                };
                contains(place, name)
            });
            if !is_found {
                let first: Vec<_> = hits.iter().take(3).map(Hit::url).collect();
                missed.push(format!("{name}: {first:?}"));
            }
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    });
}

#[test_cache::test]
fn the_pages_about_the_book_itself_are_not_searched() {
    visit(&[], async |visit| {
        visit.open_search("glossary.html").await;
        for page in ["plan.html", "progress.html"] {
            assert!(visit.clone.root.join("book").join(page).is_file(), "{page}");
        }
        let queries = [
            "The chapters to come",
            "Your progress",
            "chapters",
            "progress",
        ];
        for hits in visit.search(&queries).await {
            let about: Vec<_> = hits
                .iter()
                .filter(|hit| NOT_SEARCHED.contains(&hit.page()))
                .collect();
            assert!(about.is_empty(), "{about:?}");
        }
    });
}

/// A hit as the page shows it.
#[derive(Debug, Deserialize)]
struct Hit(String);

impl Hit {
    /// `tasks.html#abort`
    fn url(&self) -> &str {
        &self.0
    }

    /// `tasks.html`
    fn page(&self) -> &str {
        self.0.split('#').next().unwrap_or_default()
    }
}

/// A section of a page.
struct Section {
    heading: String,
    text: String,
    is_page: bool,
}

impl Section {
    fn contains(&self, part: &str) -> bool {
        contains(&self.heading, part) || contains(&self.text, part)
    }
}

/// Whether a text contains another one, whatever their case. Pages show code without the backticks around it.
fn contains(text: &str, part: &str) -> bool {
    let plain = |text: &str| {
        let words: Vec<_> = text.split_whitespace().collect();
        let text = words.join(" ").replace('’', "'").replace('`', "");
        text.to_lowercase()
    };
    plain(text).contains(&plain(part))
}

/// The titles of the pages.
fn page_titles(sections: &BTreeMap<String, Section>) -> BTreeMap<&str, String> {
    sections
        .iter()
        .filter(|(_, section)| section.is_page)
        .map(|(url, section)| {
            let page = url.split('#').next().unwrap_or_default();
            (page, section.heading.replace('’', "'"))
        })
        .collect()
}

/// What is in code font in the headings of the pages and at the beginning of the glossary's entries.
fn names(pages: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(pages).expect("readable");
    let paths = files.map(|file| file.expect("readable").path());
    let pages = paths.filter(|path| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        path.extension().is_some_and(|extension| extension == "md")
            && !["SUMMARY", "plan", "progress"].contains(&&*stem)
    });
    let mut names = BTreeSet::new();
    for page in pages {
        let text = fs::read_to_string(page).expect("readable");
        let mut is_in_block = false;
        for line in text.lines() {
            is_in_block ^= line.starts_with("```");
            let entry = line
                .strip_prefix("**")
                .and_then(|line| line.split_once("**"));
            let named = match entry {
                Some((term, _)) => term,
                None if line.starts_with('#') => line,
                None => continue,
            };
            if !is_in_block {
                let code = code_spans(named).into_iter();
                names.extend(code.filter(|name| has_letters(name)).map(str::to_owned));
            }
        }
    }
    names
}

/// What is between as many backticks as before it: a message that has backticks itself is between two.
fn code_spans(mut text: &str) -> Vec<&str> {
    let mut spans = Vec::new();
    while let Some(start) = text.find('`') {
        let rest = text[start..].trim_start_matches('`');
        let quotes = &text[start..text.len() - rest.len()];
        let Some((code, after)) = rest.split_once(quotes) else {
            break;
        };
        spans.push(code.trim());
        text = after;
    }
    spans
}

fn has_letters(name: &str) -> bool {
    name.chars().any(char::is_alphabetic)
}

impl Visit {
    /// Enters these queries into the search box, one after the other, and returns the hits for each.
    async fn search(&self, queries: &[&str]) -> Vec<Vec<Hit>> {
        let script = "const [queries, done] = arguments;
                      const field = document.getElementById('mdbook-searchbar');
                      const status = document.getElementById('mdbook-searchresults-header');
                      const ask = async (query) => {
                        field.value = query;
                        field.dispatchEvent(new Event('input'));
                        while (!status.textContent.includes(`for '${query}'`)) {
                          await new Promise((resolve) => setTimeout(resolve));
                        }
                        return [...document.querySelectorAll('#mdbook-searchresults > li > a')]
                          .map(({ pathname, hash }) => pathname.slice(1) + hash);
                      };
                      (async () => {
                        const hits = [];
                        for (const query of queries) hits.push(await ask(query));
                        done(hits);
                      })();";
        let mut hits = Vec::new();
        // In parts, because a driver waits for a script only for a while.
        for some in queries.chunks(10) {
            let arguments = vec![json!(some)];
            let asked = self.browser.client.execute_async(script, arguments).await;
            let found: Vec<_> = serde_json::from_value(asked.expect("the search responds"))
                .expect("a list of addresses for each query");
            hits.extend(found);
        }
        hits
    }

    /// The sections of the book that can be searched, by their address, from the index that mdBook has written.
    fn sections(&self) -> BTreeMap<String, Section> {
        let index = search_index(&self.clone.root.join("book"));
        let urls = index["doc_urls"].as_array().expect("addresses");
        let documents = &index["index"]["documentStore"]["docs"];
        let mut pages = BTreeSet::new();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let sections = urls.iter().enumerate().map(|(number, url)| {
            let document = &documents[number.to_string()];
            let url = text(url);
            let page = url.split('#').next().unwrap_or_default().to_owned();
            let section = Section {
                heading: text(&document["title"]),
                text: text(&document["body"]),
                is_page: pages.insert(page),
            };
            (url, section)
        });
        sections.collect()
    }
}

/// What `searchindex.js` defines. It is JSON in a string in single quotes.
fn search_index(book: &Path) -> Value {
    let files = fs::read_dir(book).expect("the book was built");
    let mut names = files.map(|file| file.expect("readable").path());
    let file = names.find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("searchindex") && name.ends_with(".js")
    });
    let script = fs::read_to_string(file.expect("there is an index")).expect("readable");
    let (_, json) = script.split_once("JSON.parse('").expect("a call");
    let (json, _) = json.rsplit_once("')").expect("its end");
    let json = json.replace("\\'", "'").replace("\\\\", "\\");
    serde_json::from_str(&json).expect("JSON")
}
