//! Parses a module into its items: their names and positions.

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

use crate::files;
use proc_macro2::{Delimiter, Group, LexError, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Ident, Type};

/// The maximal number of an item's tokens outside of its braces. Items that people write have far fewer.
const MAX_HEADER: usize = 1000;

/// The stack of the parser, which recurses for each nested token and needs up to 40 KB each time.
const STACK: usize = 128 << 20;

/// One item, with its attributes and doc comments.
pub struct Item {
    /// Items with the same key are counterparts in two modules. It is the name, or the header of an impl.
    pub key: String,
    /// The bytes of its text.
    pub range: Range<usize>,
    /// The name of the item, or of the type of an impl.
    pub name: String,
}

impl Item {
    /// Whether it belongs to `exercise`.
    pub fn is_of(&self, exercise: &str) -> bool {
        self.name == exercise
    }
}

/// The text of an exercise's items, including doc comments, in the order of the file, separated by
/// blank lines.
///
/// These are the function, struct, enum, trait or type called `exercise`, and the impls of
/// that type. `None` if there is none, or `text` cannot be parsed.
pub fn items_of(text: &str, exercise: &str) -> Option<String> {
    let items = items(text).ok()?;
    let texts: Vec<_> = items
        .into_iter()
        .filter(|item| item.is_of(exercise))
        .map(|item| &text[item.range])
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

/// The names of all named items of a module, in their order; empty if it cannot be parsed.
pub fn names_of(text: &str) -> Vec<String> {
    let names = items(text).unwrap_or_default().into_iter();
    names
        .map(|item| item.name)
        .filter(|name| !name.is_empty())
        .collect()
}

/// The name of the item that contains a line, counted from 1; `None` if no item does, or the text
/// cannot be parsed.
pub fn item_at(text: &str, line: usize) -> Option<String> {
    let mut items = items(text).ok()?.into_iter();
    let item = items.find(|item| {
        let first = files::line_of(text, item.range.start);
        (first..=files::line_of(text, item.range.end)).contains(&line)
    })?;
    Some(item.name)
}

/// The line of the first conflict marker of git, counted from 1.
pub fn conflict_marker(text: &str) -> Option<usize> {
    let marker = text.lines().position(|line| line.starts_with("<<<<<<< "))?;
    Some(marker + 1)
}

/// All items of a module, in its order.
///
/// The content of braces is ignored, so that an error inside a function does not hide other items.
///
/// # Errors
///
/// The line of the first syntax error, counted from 1.
///
/// # Panics
///
/// If the system cannot start another thread.
pub fn items(text: &str) -> Result<Vec<Item>, usize> {
    thread::scope(|scope| {
        let parser = thread::Builder::new().stack_size(STACK);
        let parser = parser.spawn_scoped(scope, || parse(text));
        let parser = parser.expect("the system can start a thread");
        parser.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn parse(text: &str) -> Result<Vec<Item>, usize> {
    let tokens: TokenStream = text
        .parse()
        .map_err(|error: LexError| error.span().start().line)?;
    let file: syn::File = syn::parse2(without_bodies(tokens)?).map_err(|error| {
        let at = error.span();
        // An error at the end of the text has no position.
        let at_end = at.byte_range().is_empty();
        let last = text.trim_end().lines().count();
        if at_end { last } else { at.start().line }
    })?;
    Ok(file.items.iter().map(Item::from).collect())
}

impl From<&syn::Item> for Item {
    fn from(item: &syn::Item) -> Self {
        let (name, key) = match item {
            syn::Item::Fn(item) => named(&item.sig.ident),
            syn::Item::Struct(item) => named(&item.ident),
            syn::Item::Enum(item) => named(&item.ident),
            syn::Item::Trait(item) => named(&item.ident),
            syn::Item::Type(item) => named(&item.ident),
            syn::Item::Impl(item) => {
                let interface = item.trait_.as_ref();
                let interface = interface.map(|(_, path, _)| path.to_token_stream().to_string());
                let of = item.self_ty.to_token_stream();
                (
                    type_name(&item.self_ty),
                    format!("impl {} for {of}", interface.unwrap_or_default()),
                )
            }
            other => (String::new(), other.to_token_stream().to_string()),
        };
        Self {
            key,
            range: item.span().byte_range(),
            name,
        }
    }
}

fn named(name: &Ident) -> (String, String) {
    (name.to_string(), name.to_string())
}

/// `Gate` for `Gate`, `super::Gate<T>` and `&mut Gate`; empty for a type without a name.
fn type_name(of: &Type) -> String {
    let mut of = of;
    while let Type::Reference(reference) = of {
        of = &reference.elem;
    }
    match of {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
    .unwrap_or_default()
}

/// The tokens without the content of their braces.
///
/// # Errors
///
/// The line of an item whose header is too long.
fn without_bodies(tokens: TokenStream) -> Result<TokenStream, usize> {
    let mut header = 0;
    let mut without_bodies = Vec::new();
    for token in tokens {
        let line = token.span().start().line;
        let token = match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                header = 0;
                let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
                empty.set_span(group.span());
                TokenTree::Group(empty)
            }
            token => {
                header += size(&token);
                if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';') {
                    header = 0;
                }
                token
            }
        };
        if header > MAX_HEADER {
            return Err(line);
        }
        without_bodies.push(token);
    }
    Ok(without_bodies.into_iter().collect())
}

/// The number of tokens in a token tree, counted up to the limit.
fn size(token: &TokenTree) -> usize {
    let mut size = 0;
    let mut left = vec![token.clone()];
    while let Some(token) = left.pop() {
        size += 1;
        if size > MAX_HEADER {
            break;
        }
        if let TokenTree::Group(group) = token {
            left.extend(group.stream());
        }
    }
    size
}

#[cfg(test)]
mod tests {
    use super::{MAX_HEADER, items, items_of};

    #[test]
    fn an_item_has_its_doc_comment_and_attributes() {
        let text = "use a::b;\n\n/// Counts.\n#[must_use]\npub fn count() -> u32 {\n    1\n}\n";
        let of = "/// Counts.\n#[must_use]\npub fn count() -> u32 {\n    1\n}";
        assert_eq!(items_of(text, "count").as_deref(), Some(of));
        assert_eq!(items_of(text, "b"), None);
    }

    #[test]
    fn a_type_has_its_impls() {
        let text = "struct Gate<T>(T);\nfn helper() {}\nimpl<T> Gate<T> {}\nimpl Drop for super::Gate<u8> {}\n\
                    impl From<Gate<u8>> for Other {}\nimpl Send for &Gate<u8> {}";
        let of = "struct Gate<T>(T);\n\nimpl<T> Gate<T> {}\n\nimpl Drop for super::Gate<u8> {}\n\n\
                  impl Send for &Gate<u8> {}";
        assert_eq!(items_of(text, "Gate").as_deref(), Some(of));
    }

    #[test]
    fn positions_are_right_after_non_ascii_characters_and_windows_line_endings() {
        let text = "\u{feff}// déjà vu — 早\r\nfn a() {}\r\n/// ü\r\nfn b() { \"\u{1f600}\" }\r\n";
        assert_eq!(items_of(text, "a").as_deref(), Some("fn a() {}"));
        let b = "/// ü\r\nfn b() { \"\u{1f600}\" }";
        assert_eq!(items_of(text, "b").as_deref(), Some(b));
    }

    #[test]
    fn an_error_in_a_body_hides_no_item() {
        let text = "fn a() { let = ; }\nfn b() {}";
        assert_eq!(items_of(text, "a").as_deref(), Some("fn a() { let = ; }"));
        assert_eq!(items_of(text, "b").as_deref(), Some("fn b() {}"));
    }

    #[test]
    fn reports_the_line_of_an_error_outside_of_bodies() {
        let line = |text: &str| items(text).err();
        assert_eq!(line("fn a() {}\n\nfn b() {\n"), Some(3));
        assert_eq!(line("fn a() {}\nfun b() {}\n"), Some(2));
        assert_eq!(line("fn a() {}\n\"never closed"), Some(2));
        assert_eq!(line("fn a() {}\n/// of nothing\n"), Some(2));
    }

    #[test]
    fn deep_nesting_does_not_overflow_the_stack() {
        let deep = [
            format!("type A = {}u8;", "&".repeat(100_000)),
            format!("const A: bool = {}true;", "!".repeat(100_000)),
            format!("type A = {}u8;", "Box<".repeat(100_000)),
            format!("type A = {}{};", "(".repeat(100_000), ")".repeat(100_000)),
            format!("fn a() {}{}", "{".repeat(100_000), "}".repeat(100_000)),
            format!("fn a() {{ {}1 }}", "!".repeat(100_000)),
        ];
        let parsed = deep.map(|text| items(&text).is_ok());
        assert_eq!(parsed, [false, false, false, false, true, true]);
        let most = MAX_HEADER - 10;
        assert!(items(&format!("type A = {}u8;", "&".repeat(most))).is_ok());
        assert!(items(&format!("const A: bool = {}true;", "!".repeat(most))).is_ok());
        let nested = format!("type A = {}{};", "(".repeat(most), ")".repeat(most));
        assert!(items(&nested).is_ok());
    }
}
