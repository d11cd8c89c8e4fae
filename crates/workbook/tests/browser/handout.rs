//! Handouts, read back from the PDFs that the tool has a browser print.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::ops::Range;
use std::sync::OnceLock;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};

use crate::clone::Clone;
use crate::driver::REQUIRED;

/// The pages that a chapter may take with its title and contents. The cheat sheet may take one more.
const MOST_PAGES: usize = 20;

/// The chapter with the longest core path.
const LONGEST: &str = "cancellation";

/// A handout that was printed.
struct Handout {
    bytes: Vec<u8>,
    document: Document,
    /// The bookmarks of the first level, each with its page. The first is the title.
    sections: Vec<(String, usize)>,
}

impl Handout {
    /// Prints a handout; `None` if there is no browser, after a message about that.
    fn print(arguments: &str) -> Option<Self> {
        let clone = Clone::new();
        let file = clone.root.join("handout.pdf");
        let _ = fs::remove_file(&file);
        let mut words = vec!["handout"];
        words.extend(arguments.split_whitespace());
        let output = clone.workbook(&words).output();
        let output = output.expect("the tool can be started");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        if stdout.starts_with("There is no browser") {
            let message = "Skipped: handouts, because Chromium is missing.";
            assert!(std::env::var_os(REQUIRED).is_none(), "{message}");
            let _ = writeln!(std::io::stderr(), "\n{message}\n");
            test_cache::skipped();
            return None;
        }
        assert!(output.status.success(), "{stdout}{stderr}");
        assert_eq!(stderr, "");
        let bytes = fs::read(&file).expect("the tool has written it");
        let document = Document::load_mem(&bytes).expect("a PDF");
        let bookmarks = document
            .get_toc()
            .expect("it has bookmarks")
            .toc
            .into_iter();
        let sections = bookmarks
            .filter(|bookmark| bookmark.level == 1)
            .map(|bookmark| (bookmark.title, bookmark.page))
            .collect();
        let handout = Self {
            bytes,
            document,
            sections,
        };
        let said = format!("with {} pages.", handout.pages());
        assert!(stdout.contains(&said), "{stdout}");
        Some(handout)
    }

    /// Two chapters with their answers, which are printed once for all tests.
    fn of_two_chapters() -> Option<&'static Self> {
        static TWO: OnceLock<Option<Handout>> = OnceLock::new();
        TWO.get_or_init(|| Self::print("gather errors gather --answers"))
            .as_ref()
    }

    fn pages(&self) -> usize {
        self.document.get_pages().len()
    }

    fn text(&self, page: usize) -> String {
        let page = u32::try_from(page).expect("a small number");
        self.document.extract_text(&[page]).expect("text")
    }

    /// The sections with their titles and pages, without the cover and the contents.
    fn chapters(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let ends = self.sections.iter().skip(1).map(|(_, page)| *page);
        let ends = ends.chain([self.pages() + 1]);
        let sections = self.sections.iter().zip(ends).skip(2);
        sections.map(|((title, page), end)| (&**title, *page..end))
    }

    fn dictionaries(&self) -> impl Iterator<Item = &Dictionary> {
        let objects = self.document.objects.values();
        objects.filter_map(|object| object.as_dict().ok())
    }

    fn follow<'d>(&'d self, dictionary: &'d Dictionary, key: &str) -> Option<&'d Object> {
        let value = dictionary.get(key.as_bytes()).ok()?;
        Some(self.document.dereference(value).expect("it is there").1)
    }
}

/// Text without its blanks, which a PDF need not have where words are apart.
fn dense(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test_cache::test]
fn a_handout_has_a_cover_contents_numbers_and_running_heads() {
    let Some(handout) = Handout::of_two_chapters() else {
        return;
    };
    assert_eq!(handout.sections[0].0, "The Async Rust Workbook");
    assert_eq!(handout.sections[1], ("Contents".to_owned(), 1));
    assert!(
        !dense(&handout.text(1)).ends_with('1'),
        "the cover has a number"
    );
    let contents: String = (1..handout.sections[2].1)
        .map(|page| dense(&handout.text(page)))
        .collect();
    let mut sections = 0;
    for (title, pages) in handout.chapters() {
        let title = dense(title);
        let entry = format!("{title}{}", pages.start);
        assert!(contents.contains(&entry), "{entry} is not in {contents}");
        for page in pages {
            let text = dense(&handout.text(page));
            assert!(text.contains(&title), "page {page} has no head: {text}");
            assert!(
                text.contains(&page.to_string()),
                "page {page} has no number"
            );
        }
        sections += 1;
    }
    // Two chapters, their answers, and the cheat sheet.
    assert_eq!(sections, 5);
}

#[test_cache::test]
fn references_name_the_pages_of_their_targets() {
    let Some(handout) = Handout::of_two_chapters() else {
        return;
    };
    let chapter = handout
        .chapters()
        .find(|(title, _)| title.starts_with("Gather"));
    let (_, pages) = chapter.expect("it is there");
    let texts: Vec<_> = pages
        .map(|page| (page, dense(&handout.text(page))))
        .collect();
    let (asked, text) = &texts[0];
    let (_, reference) = text.split_once("Output1(p.").expect("a guess");
    let (number, _) = reference.split_once(')').expect("a number");
    // The chapter's first output is on its first page, at the end of the section: the page has its label, too.
    assert_eq!(number, asked.to_string());
    assert_eq!(text.matches("Output1").count(), 2, "{text}");
}

#[test_cache::test]
fn the_fonts_are_embedded_and_have_every_glyph() {
    let Some(handout) = Handout::of_two_chapters() else {
        return;
    };
    let is_font = |dictionary: &&Dictionary| dictionary.has_type(b"Font");
    let mut embedded = 0;
    for font in handout.dictionaries().filter(is_font) {
        let Some(descriptor) = handout.follow(font, "FontDescriptor") else {
            // A composite font names another one, which is in this list too.
            let is_composite = font.get(b"DescendantFonts").is_ok();
            assert!(is_composite, "neither composite nor described: {font:?}");
            continue;
        };
        let descriptor = descriptor.as_dict().expect("a dictionary");
        let files = ["FontFile", "FontFile2", "FontFile3"];
        let is_embedded = files.iter().any(|key| descriptor.has(key.as_bytes()));
        assert!(is_embedded, "not embedded: {font:?}");
        embedded += 1;
    }
    assert!(embedded > 3, "{embedded} fonts");
    for (number, page) in handout.document.get_pages() {
        let content = handout.document.get_page_content(page);
        let content = Content::decode(&content).expect("operations");
        for operation in content.operations {
            for text in operation.operands.iter().flat_map(strings) {
                let has_notdef = text.chunks(2).any(|glyph| glyph == [0, 0]);
                assert!(!has_notdef, "page {number} has a character without a glyph");
            }
        }
    }
}

/// The strings that an operation shows.
fn strings(operand: &Object) -> Vec<&[u8]> {
    match operand {
        Object::String(text, _) => vec![text],
        Object::Array(parts) => parts.iter().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

#[test_cache::test]
fn a_screen_reader_finds_tags_a_title_and_descriptions_of_figures() {
    let Some(handout) = Handout::of_two_chapters() else {
        return;
    };
    let catalog = handout.document.catalog().expect("a catalog");
    let marked = handout.follow(catalog, "MarkInfo").expect("marked");
    let marked = marked.as_dict().and_then(|marked| marked.get(b"Marked"));
    assert_eq!(marked.and_then(Object::as_bool).ok(), Some(true));
    assert!(catalog.has(b"StructTreeRoot"));
    let language = catalog.get(b"Lang").and_then(Object::as_str);
    assert_eq!(language.ok(), Some(&b"en"[..]));
    let kinds: BTreeSet<_> = handout
        .dictionaries()
        .filter(|dictionary| dictionary.has_type(b"StructElem"))
        .filter_map(|element| element.get(b"S").and_then(Object::as_name).ok())
        .collect();
    for kind in [
        "H1", "H2", "H3", "P", "L", "LI", "Code", "Link", "Table", "Figure",
    ] {
        assert!(kinds.contains(kind.as_bytes()), "no {kind}");
    }
    let is_figure = |element: &&Dictionary| {
        let kind = element.get(b"S").and_then(Object::as_name);
        kind.is_ok_and(|kind| kind == b"Figure")
    };
    let figures = handout.dictionaries().filter(is_figure);
    let described = figures.filter(|figure| figure.has(b"Alt")).count();
    assert!(described > 10, "{described} figures have a description");
}

#[test_cache::test]
fn the_longest_chapter_takes_no_more_pages_than_a_chapter_may() {
    for paper in ["a4", "letter"] {
        let Some(handout) = Handout::print(&format!("{LONGEST} --paper {paper}")) else {
            return;
        };
        let pages = handout.pages();
        assert!(pages <= MOST_PAGES + 1, "{pages} pages of {paper}");
        // The first page has the title, the contents and the beginning of the chapter.
        let starts: Vec<_> = handout.sections.iter().map(|(_, page)| *page).collect();
        assert_eq!(starts[..3], [1, 1, 1]);
    }
}

#[test_cache::test]
fn no_other_chapter_is_longer_than_the_longest() {
    let Some(book) = Handout::print("") else {
        return;
    };
    let chapters: Vec<_> = book.chapters().collect();
    let (_, chapters) = chapters.split_last().expect("the cheat sheet");
    let length = |pages: &Range<usize>| pages.len();
    let longest = chapters
        .iter()
        .find(|(title, _)| title.to_lowercase().starts_with(LONGEST));
    let longest = longest.map(|(_, pages)| length(pages));
    let most = chapters.iter().map(|(_, pages)| length(pages)).max();
    assert_eq!(longest, most, "{chapters:?}");
}

#[test_cache::test]
fn answers_are_at_the_end_if_they_are_asked_for_and_the_cheat_sheet_is_last() {
    let Some(handout) = Handout::of_two_chapters() else {
        return;
    };
    let titles: Vec<_> = handout.chapters().map(|(title, _)| title).collect();
    let expected = [
        "Gather: join! and join_all",
        "Errors: partial failure, budgets and fallbacks",
        "Answers: Gather",
        "Answers: Errors",
        "Cheat sheet",
    ];
    assert_eq!(titles, expected);
    let last = handout.chapters().last().map(|(_, pages)| pages.len());
    assert_eq!(last, Some(1), "the pages of the cheat sheet");
    let Some(without) = Handout::print("gather") else {
        return;
    };
    let titles: Vec<_> = without.chapters().map(|(title, _)| title).collect();
    assert_eq!(titles, ["Gather: join! and join_all", "Cheat sheet"]);
    let all: String = (1..=without.pages())
        .map(|page| without.text(page))
        .collect();
    let all = dense(&all);
    for printed in [
        // The question, the contract, the minutes and the command of an exercise.
        "Whatislost?",
        "Ifallmirrorsfail,alltheirerrors,intheorderofmirrors",
        "15minutes.",
        "cargoworkbookcheckgather/fastest_mirror",
    ] {
        assert!(all.contains(printed), "{printed}");
    }
    for left_out in [
        // An answer, a hidden line, a deep dive.
        "Theresultsthathavearrivedbelong",
        "timeline::figure",
        "Deepdive",
    ] {
        assert!(!all.contains(left_out), "{left_out}");
    }
}

/// How many layers write text, and none that can be seen.
fn layers_without_text(document: &Document) -> usize {
    let streams = document.objects.values();
    let streams = streams.filter_map(|object| object.as_stream().ok());
    let texts = streams.filter_map(|stream| stream.get_plain_content().ok());
    texts
        .filter(|text| text.windows(5).any(|bytes| bytes == b"BT\nET"))
        .count()
}

#[test_cache::test]
fn the_same_handout_is_the_same_file() {
    let Some(first) = Handout::print("errors --paper letter") else {
        return;
    };
    let pages = first.document.get_pages();
    let page = first.document.get_dictionary(pages[&1]).expect("a page");
    let size = page.get(b"MediaBox").and_then(Object::as_array);
    let size: Vec<_> = size
        .expect("a size")
        .iter()
        .map(|side| side.as_float().ok())
        .collect();
    assert_eq!(size[2..], [Some(612.0), Some(792.0)]);
    let empty = layers_without_text(&first.document);
    assert_eq!(empty, 0, "layers with no text: their size may differ");
    let second = Handout::print("errors --paper letter").expect("there is a browser");
    let mut bytes = first.bytes.iter().zip(&second.bytes);
    if let Some(at) = bytes.position(|(one, other)| one != other) {
        let around = |bytes: &[u8]| {
            let around = bytes.get(at.saturating_sub(200)..at + 50);
            String::from_utf8_lossy(around.unwrap_or_default()).into_owned()
        };
        let (one, other) = (around(&first.bytes), around(&second.bytes));
        panic!("the two files differ at byte {at}:\n{one}\nand:\n{other}");
    }
    assert_eq!(first.bytes.len(), second.bytes.len());
}
