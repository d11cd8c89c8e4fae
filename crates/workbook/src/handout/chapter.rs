//! A chapter's pages as Markdown for paper: outputs that would give a prediction away follow at the end of their section,
//! answers are collected, and exercises have their contract and room to write.

use autograder::manifest::Chapter;

use super::code::{self, escaped};
use super::parts::{self, Part};
use crate::contract::without_doc_links;

/// A question whose answer a page folds.
#[derive(Debug)]
pub struct Question {
    /// Its number in the chapter.
    pub number: usize,
    /// The page that asks it: `gather-exercises.md`.
    pub page: String,
    /// The answer, in Markdown.
    pub answer: String,
}

/// Writes the pages of one chapter, and counts its outputs and questions.
#[derive(Debug)]
pub struct ChapterWriter<'c> {
    chapter: &'c Chapter,
    /// Whether the answers are printed.
    with_answers: bool,
    outputs: usize,
    /// The questions so far.
    pub questions: Vec<Question>,
}

/// The attribute of an element that the contract of an exercise replaces.
pub const CONTRACT: &str = "data-contract";

impl<'c> ChapterWriter<'c> {
    /// A chapter of which nothing has been written.
    pub fn new(chapter: &'c Chapter, with_answers: bool) -> Self {
        Self {
            chapter,
            with_answers,
            outputs: 0,
            questions: Vec::new(),
        }
    }

    /// A page: `gather.md`.
    pub fn page(&mut self, file: &str, parts: Vec<Part>) -> String {
        let mut page = Vec::new();
        let mut covered = Vec::new();
        let mut exercise: Option<String> = None;
        // Where the paragraphs of a question may begin.
        let mut question: Option<usize> = None;
        let mut paragraph: Option<usize> = None;
        let mut asks = false;
        let mut parts = parts.into_iter().peekable();
        while let Some(part) = parts.next() {
            let asked = std::mem::take(&mut asks);
            match part {
                Part::Heading { level, text } => {
                    if level <= 2 {
                        page.append(&mut covered);
                    }
                    if level <= 3 {
                        page.extend(exercise.take().map(|name| self.room(&name)));
                    }
                    if let Some(name) = self.exercise_of(level, &text) {
                        exercise = Some(name);
                        page.push("<hr>".to_owned());
                    }
                    question = None;
                    page.push(format!("{} {text}", "#".repeat(level)));
                }
                Part::Code { info, lines } if info == "console" => {
                    let name = exercise
                        .as_ref()
                        .map(|exercise| format!("{}/{exercise}", self.slug()));
                    match name.filter(|name| lines == [format!("cargo workbook check {name}")]) {
                        Some(name) => page.push(format!("<div {CONTRACT}=\"{name}\"></div>")),
                        None => page.push(code::output("", &lines)),
                    }
                }
                Part::Code { info, lines } if is_program(&info) => {
                    page.push(code::program(&code::visible(&info, &lines)));
                    if asked && let Some(lines) = parts.next_if(is_output).and_then(lines_of) {
                        let (guess, output) = self.guess(&lines);
                        page.push(guess);
                        covered.push(output);
                    }
                }
                Part::Code { lines, .. } => page.push(code::output("", &lines)),
                Part::Answer(answer) => {
                    let number = self.question(file, answer);
                    if let Some(at) = question.take().or(paragraph) {
                        page[at].insert_str(0, &question_number(self.slug(), number));
                    }
                    page.push(self.room_for_answer(number));
                }
                Part::Text(text) => {
                    if parts.peek().is_none() && is_about_next_page(&text) {
                        continue;
                    }
                    asks = is_question(&text);
                    paragraph = Some(page.len());
                    if text.starts_with("**") {
                        question = paragraph;
                    }
                    page.push(text);
                }
            }
        }
        page.append(&mut covered);
        page.extend(exercise.map(|name| self.room(&name)));
        page.join("\n\n") + "\n"
    }

    /// The answers to the questions so far, as a page of their own.
    pub fn answers(&self) -> String {
        let mut page = format!("# Answers: {}\n", self.chapter.title);
        for question in &self.questions {
            let Question {
                number,
                page: file,
                answer,
            } = question;
            let slug = self.slug();
            page += &format!(
                "\n## Question {number} {{#answer-{slug}-{number}}}\n\n<p class=\"back\"><a href=\"{}#question-{slug}-{number}\">\
                 The question</a></p>\n",
                file.replace(".md", ".html"),
            );
            for part in parts::parts(answer) {
                page.push('\n');
                page += &match part {
                    Part::Heading { text, .. } => format!("**{text}**"),
                    Part::Code { info, lines } if is_program(&info) => {
                        code::program(&code::visible(&info, &lines))
                    }
                    Part::Code { lines, .. } => code::output("", &lines),
                    // A link to a place on the page of the question.
                    Part::Answer(text) | Part::Text(text) => {
                        text.replace("](#", &format!("]({file}#"))
                    }
                };
                page.push('\n');
            }
        }
        page
    }

    /// The room for a guess, and the output that is printed at the end of the section.
    fn guess(&mut self, lines: &[String]) -> (String, String) {
        self.outputs += 1;
        let (number, slug) = (self.outputs, self.slug());
        let guess = format!(
            "<p class=\"guess\">Your guess: <span></span> <a href=\"#output-{slug}-{number}\">Output {number}</a></p>"
        );
        let label =
            format!("<span class=\"covered\" id=\"output-{slug}-{number}\">Output {number}</span>");
        (guess, code::output(&label, lines))
    }

    fn slug(&self) -> &'c str {
        self.chapter.slug()
    }

    /// The exercise that a heading names: `` `fetch_all`: Download all paths concurrently {#fetch_all} ``.
    fn exercise_of(&self, level: usize, heading: &str) -> Option<String> {
        let (name, rest) = heading.strip_prefix('`')?.split_once('`')?;
        let is_exercise = level == 3 && rest.starts_with(": ");
        (is_exercise && self.minutes(name).is_some()).then(|| name.to_owned())
    }

    fn minutes(&self, name: &str) -> Option<u32> {
        let mut exercises = self.chapter.exercises.iter();
        let exercise = exercises.find(|exercise| exercise.name() == name)?;
        Some(exercise.minutes)
    }

    /// Room to write an exercise down, in keeping with the time that it takes.
    fn room(&self, name: &str) -> String {
        lines(3 + self.minutes(name).unwrap_or(0) / 6)
    }

    fn question(&mut self, file: &str, answer: String) -> usize {
        let number = self.questions.len() + 1;
        self.questions.push(Question {
            number,
            page: file.to_owned(),
            answer,
        });
        number
    }

    fn room_for_answer(&self, number: usize) -> String {
        let slug = self.slug();
        let place = if self.with_answers {
            format!(
                "<p class=\"back\"><a href=\"answers-{slug}.html#answer-{slug}-{number}\">Answer</a></p>\n\n"
            )
        } else {
            String::new()
        };
        place + &lines(2)
    }
}

/// Lines to write on.
fn lines(count: u32) -> String {
    let lines = "<i></i>".repeat(count as usize);
    format!("<div class=\"lines\" aria-hidden=\"true\">{lines}</div>")
}

fn question_number(slug: &str, number: usize) -> String {
    format!("<span class=\"number\" id=\"question-{slug}-{number}\">Question {number}.</span> ")
}

/// Whether a paragraph asks what the program after it prints. A page in a browser decides it in the same way.
fn is_question(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|character: char| !character.is_alphanumeric());
    let is_paragraph = !text.starts_with(['<', '|', '>', '-']);
    is_paragraph && (text.ends_with('?') || words.any(|word| ["guess", "predict"].contains(&word)))
}

/// Whether a paragraph at the end of a page says only where to read on.
fn is_about_next_page(text: &str) -> bool {
    ["Next", "[Next", "The [next"]
        .iter()
        .any(|start| text.starts_with(start))
}

fn is_program(info: &str) -> bool {
    let language = info.split(',').next();
    language.is_some_and(|language| ["rust", "python"].contains(&language))
}

fn is_output(part: &Part) -> bool {
    matches!(part, Part::Code { info, .. } if info == "text")
}

fn lines_of(part: Part) -> Option<Vec<String>> {
    match part {
        Part::Code { lines, .. } => Some(lines),
        _ => None,
    }
}

/// The contract of an exercise, the code that it starts from, and the command that grades it.
pub fn contract(name: &str, html: &str, signature: &str) -> String {
    let signature = without_doc_links(signature.trim_end());
    let signature: Vec<_> = signature.lines().collect();
    format!(
        "<div class=\"contract\">{html}{}</div><p class=\"command\"><code>cargo workbook check {}</code></p>",
        code::program(&code::with_whole_comments(&signature)),
        escaped(name)
    )
}
