//! Every link inside the book leads somewhere: mdBook builds the book, and every `href` and `src`
//! of the pages it made is looked up among their files and ids. So is every page that a grader's
//! report or a hint sends the learner to, and every one that `grading` itself does. What the README and
//! CONTRIBUTING link to is in the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
};
use pulldown_cmark::Tag::{Image, Link};
use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser};

use crate::markdown::Page;
use crate::project::Pages;
use crate::{Finding, Project};
use autograder::files::{self, line_of};
use autograder::manifest::Manifest;
use workbook::book::build_into;

/// Files that mdBook makes beside the pages, and that link to every page once more.
const GENERATED: &[&str] = &["print.html", "404.html", "toc.html", "index.html"];

/// What is read in the repository, not in the book.
const IN_THE_REPOSITORY: &[&str] = &["README.md", "CONTRIBUTING.md"];

/// Builds the book and follows every link of every page.
///
/// # Errors
///
/// If mdBook cannot build the book.
pub fn check(project: &Project) -> Result<Vec<Finding>> {
    let folder = tempfile::tempdir()?;
    build_into(project, folder.path())?;
    let mut rendered = BTreeMap::new();
    for path in files::below(folder.path(), "html")? {
        let name = path
            .strip_prefix(folder.path())?
            .to_string_lossy()
            .replace('\\', "/");
        rendered.insert(name, Html::read(&files::read(&path)?));
    }
    let mut findings = Vec::new();
    for page in project.pages()? {
        findings.extend(undefined(&page));
        let name = page.file.trim_start_matches("src/").replace(".md", ".html");
        let Some(html) = rendered.get(&name).filter(|_| !GENERATED.contains(&&*name)) else {
            continue;
        };
        for target in &html.targets {
            if let Some(fault) = follow(target, &name, &rendered, folder.path()) {
                let written = target.replace(".html", ".md");
                let place = page
                    .text
                    .find(&written)
                    .or_else(|| page.text.find(target.as_str()));
                let line = line_of(&page.text, place.unwrap_or(0));
                findings.push(Finding::new(&page.file, line, fault));
            }
        }
    }
    for file in IN_THE_REPOSITORY {
        if project.path(file).is_file() {
            findings.extend(lost_files(project, file)?);
        }
    }
    let graders = project.files("exercises/tests", "rs")?;
    for file in graders
        .into_iter()
        .chain(project.files("crates/grading/src", "rs")?)
    {
        let text = project.read(&file)?;
        for (place, target) in read_on(&text) {
            if let Some(fault) = follow(target, "index.html", &rendered, folder.path()) {
                findings.push(Finding::new(&file, line_of(&text, place), fault));
            }
        }
    }
    findings.extend(hints(project, &|target| {
        follow(target, "index.html", &rendered, folder.path())
    })?);
    Ok(findings)
}

/// The links of hints that lead nowhere, each at its exercise.
fn hints(project: &Project, follow: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Finding>> {
    let manifest = project.manifest()?;
    let mut findings = Vec::new();
    for exercise in manifest
        .chapters
        .iter()
        .flat_map(|chapter| &chapter.exercises)
    {
        for event in exercise.hints.iter().flat_map(|hint| Parser::new(hint)) {
            if let Event::Start(Link { dest_url, .. }) = event
                && let Some(fault) = follow(&dest_url.replace(".md", ".html"))
            {
                let line = manifest.line_of(&exercise.name);
                findings.push(Finding::new(Manifest::FILE, line, fault));
            }
        }
    }
    Ok(findings)
}

/// Links by an undefined name, `[text][name]`: mdBook shows them with their brackets.
fn undefined(page: &Page) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lost = |link: BrokenLink<'_>| {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            let message = format!("`{}` is defined nowhere.", &page.text[link.span.clone()]);
            let line = line_of(&page.text, link.span.start);
            findings.push(Finding::new(&page.file, line, message));
        }
        None
    };
    Parser::new_with_broken_link_callback(&page.text, Options::all(), Some(lost)).for_each(drop);
    findings
}

/// What a file of the repository links to and is not there.
fn lost_files(project: &Project, file: &str) -> Result<Vec<Finding>> {
    let text = project.read(file)?;
    let mut findings = Vec::new();
    for (event, range) in Parser::new(&text).into_offset_iter() {
        let (Event::Start(Link { dest_url, .. }) | Event::Start(Image { dest_url, .. })) = event
        else {
            continue;
        };
        let path = dest_url.split('#').next().unwrap_or_default();
        if !dest_url.starts_with("https://") && !project.path(path).exists() {
            let message = format!("`{dest_url}` leads to no file of the repository.");
            findings.push(Finding::new(file, line_of(&text, range.start), message));
        }
    }
    Ok(findings)
}

/// Where a grader's reports say to read on, the strings `"gather.html#join_all"` wherever they stand, and at which
/// byte.
fn read_on(grader: &str) -> impl Iterator<Item = (usize, &str)> {
    grader.match_indices(".html").filter_map(|(place, _)| {
        let begin = grader[..place].rfind('"')? + 1;
        let end = place + grader[place..].find('"')?;
        let target = &grader[begin..end];
        let is_link = !target.contains(char::is_whitespace) && !target.contains(['{', '/']);
        is_link.then_some((begin, target))
    })
}

/// What is wrong with a link, if anything.
fn follow(
    target: &str,
    from: &str,
    rendered: &BTreeMap<String, Html>,
    folder: &Path,
) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        let secure = target.starts_with("https://") || target.starts_with("mailto:");
        return (!secure).then(|| format!("`{target}` does not begin with `https`."));
    }
    let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
    let here = Path::new(from).parent().unwrap_or(Path::new(""));
    let page = if path.is_empty() {
        from.to_owned()
    } else {
        resolve(here, path)
    };
    let Some(html) = rendered.get(&page) else {
        let exists = folder.join(&page).exists();
        return (!exists).then(|| format!("`{target}` leads to no page or file of the book."));
    };
    let found = fragment.is_empty() || html.ids.contains(fragment);
    (!found).then(|| {
        let near = nearest(fragment, &html.ids).map(|id| format!(" Did you mean `#{id}`?"));
        format!(
            "`{target}`: {page} has no heading or id `{fragment}`.{}",
            near.unwrap_or_default()
        )
    })
}

fn resolve(folder: &Path, path: &str) -> String {
    let mut parts: Vec<_> = folder
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part.to_owned()),
        }
    }
    parts.join("/")
}

fn nearest<'a>(wanted: &str, ids: &'a BTreeSet<String>) -> Option<&'a String> {
    let alike = |id: &String| similar::TextDiff::from_chars(wanted, id.as_str()).ratio();
    let best = ids.iter().max_by(|a, b| alike(a).total_cmp(&alike(b)))?;
    (alike(best) > 0.6).then_some(best)
}

/// The ids of a page, and where its `<main>` leads. The rest was made by mdBook.
#[derive(Debug, Default)]
struct Html {
    ids: BTreeSet<String>,
    targets: BTreeSet<String>,
}

impl Html {
    fn read(text: &str) -> Self {
        let reader = Tokenizer::new(Reader::default(), Default::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(text));
        let _ = reader.feed(&input);
        reader.end();
        reader.sink.html.into_inner()
    }
}

#[derive(Default)]
struct Reader {
    html: std::cell::RefCell<Html>,
    in_main: std::cell::Cell<bool>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(Tag {
            kind, name, attrs, ..
        }) = token
        else {
            return TokenSinkResult::Continue;
        };
        if &*name == "main" {
            self.in_main.set(kind == TagKind::StartTag);
        }
        let mut html = self.html.borrow_mut();
        for attribute in attrs {
            let value = attribute.value.to_string();
            match &*attribute.name.local {
                "id" => drop(html.ids.insert(value)),
                "href" | "src" if self.in_main.get() => drop(html.targets.insert(value)),
                _ => {}
            }
        }
        TokenSinkResult::Continue
    }
}
