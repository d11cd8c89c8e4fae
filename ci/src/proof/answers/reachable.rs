//! Leaves out of a module what one exercise does not use: the other exercises of the chapter, and what only they need.
//!
//! Each wrong answer is compiled together with a copy of the chapter's solutions and of its grader, so what is left out
//! here is left out a thousand times.

use std::collections::BTreeSet;
use std::ops::Range;

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Item, ItemMod, ItemUse, Lit, Meta, Type, UseTree};

/// The words of a text. Whatever is used in it is one of them.
pub(super) type Words = BTreeSet<String>;

/// The words of Rust code, without those in comments. Those in strings count: `format!` takes names from them.
pub(super) fn words(code: &str) -> Words {
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let words = lines.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.map(str::to_owned).collect()
}

/// An item, and when it is kept.
struct Candidate {
    /// It is kept if one of these is used.
    names: Vec<String>,
    /// What it uses, if it is kept.
    uses: Words,
    /// It is kept in any case.
    always: bool,
    /// Where it is, in bytes.
    range: Range<usize>,
}

/// The module with the items that are used, directly or through others, by `used`; lines keep their numbers. Items of the
/// names in `without` are left out. `words_of` returns the words of the file of a module that is declared here.
///
/// Items are recognised by their names alone, so some are kept that nothing uses.
///
/// # Errors
///
/// If the text is not Rust.
pub(super) fn reachable(
    text: &str,
    used: &Words,
    without: &[&str],
    words_of: impl Fn(&ItemMod) -> Words,
) -> syn::Result<String> {
    let items = syn::parse_file(text)?.items;
    let modules: Words = items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(module) => Some(module.ident.to_string()),
            _ => None,
        })
        .collect();
    let types: Words = items.iter().filter_map(type_of).collect();
    let candidates = items
        .iter()
        .map(|item| Candidate::of(item, text, &modules, &types, &words_of));
    let (without, mut left): (Vec<_>, Vec<_>) = candidates.partition(|candidate| {
        let mut names = candidate.names.iter();
        names.any(|name| without.contains(&&**name))
    });
    let mut used = used.clone();
    loop {
        let (kept, unused): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|item| item.is_used(&used));
        left = unused;
        if kept.is_empty() {
            break;
        }
        used.extend(kept.into_iter().flat_map(|item| item.uses));
    }
    let left_out = without.into_iter().chain(left);
    Ok(blanked(text, left_out.map(|candidate| candidate.range)))
}

/// The text with spaces in these places, so that all others stay where they are.
pub(super) fn blanked(text: &str, places: impl IntoIterator<Item = Range<usize>>) -> String {
    let mut blanked = text.to_owned();
    for place in places {
        let bytes = text[place.clone()].bytes();
        let blank: String = bytes
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        blanked.replace_range(place, &blank);
    }
    blanked
}

impl Candidate {
    fn of(
        item: &Item,
        text: &str,
        modules: &Words,
        types: &Words,
        words_of: impl Fn(&ItemMod) -> Words,
    ) -> Self {
        let range = item.span().byte_range();
        let mut uses = words(&text[range.clone()]);
        let name = match item {
            Item::Const(item) => Some(item.ident.to_string()),
            Item::Fn(item) => Some(item.sig.ident.to_string()),
            Item::Impl(item) => name_of(&item.self_ty).filter(|name| types.contains(name)),
            Item::Macro(item) => item.ident.as_ref().map(ToString::to_string),
            Item::Mod(item) => {
                uses.extend(words_of(item));
                Some(item.ident.to_string())
            }
            Item::Static(item) => Some(item.ident.to_string()),
            Item::Trait(item) => Some(item.ident.to_string()),
            Item::Use(item) => return Self::of_use(item, modules, uses, range),
            other => type_of(other),
        };
        Self {
            always: name.is_none(),
            names: name.into_iter().collect(),
            uses,
            range,
        }
    }

    /// What is imported from another crate stays: a trait may be used without its name. What is imported from a module
    /// of this file goes with the module.
    fn of_use(item: &ItemUse, modules: &Words, uses: Words, range: Range<usize>) -> Self {
        let module = match &item.tree {
            UseTree::Path(path) if path.ident != "self" => Some(path.ident.to_string()),
            UseTree::Path(path) => path
                .tree
                .to_token_stream()
                .into_iter()
                .next()
                .map(|t| t.to_string()),
            _ => None,
        };
        let local = module.is_some_and(|module| modules.contains(&module));
        Self {
            always: !local,
            names: uses
                .iter()
                .filter(|word| *word != "use" && *word != "self")
                .cloned()
                .collect(),
            uses: if local { uses } else { Words::new() },
            range,
        }
    }

    fn is_used(&self, used: &Words) -> bool {
        self.always || self.names.iter().any(|name| used.contains(name))
    }
}

/// The type that an item defines.
pub(super) fn type_of(item: &Item) -> Option<String> {
    match item {
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// `Gate` for `Gate`, `super::Gate<T>` and `&mut Gate`.
pub(super) fn name_of(of: &Type) -> Option<String> {
    match of {
        Type::Reference(reference) => name_of(&reference.elem),
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

/// The file that a module's `path` attribute names.
pub(super) fn path_of(module: &ItemMod) -> Option<String> {
    module
        .attrs
        .iter()
        .find_map(|attribute| match &attribute.meta {
            Meta::NameValue(meta) if meta.path.is_ident("path") => match &meta.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(path),
                    ..
                }) => Some(path.value()),
                _ => None,
            },
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::{Words, reachable};

    /// What stays, and what is left out.
    #[track_caller]
    fn check(kept: &[&str], left_out: &[&str]) {
        let text = |items: &[&str]| items.join("\n\n");
        let whole = text(&[kept, left_out].concat());
        let used = Words::from(["fetch".to_owned()]);
        let words_of = |_: &_| Words::from(["LIMIT".to_owned()]);
        let reached = reachable(&whole, &used, &["other"], words_of).expect("it is Rust");
        assert_eq!(reached.trim_end(), text(kept));
        assert_eq!(reached.lines().count(), whole.lines().count());
    }

    #[test]
    fn what_an_item_uses_stays() {
        check(
            &[
                "fn fetch() { helper(CASES) }",
                "fn helper<T>(_: T) { println!(\"{NAME}\") }",
                "const CASES: u32 = 1;",
                "const NAME: &str = \"a\";",
            ],
            &[
                "/// It calls `fetch`.\nfn unused() {}",
                "static UNUSED: u32 = 1;",
            ],
        );
    }

    #[test]
    fn implementations_go_with_their_types() {
        check(
            &[
                "fn fetch() -> Page { Page }",
                "struct Page;",
                "impl Drop for Page { fn drop(&mut self) {} }",
            ],
            &[
                "struct Pool;",
                "impl Pool {}",
                "impl Drop for Pool { fn drop(&mut self) {} }",
            ],
        );
        check(
            &["impl<T> Shown for T {}", "impl Shown for Vec<u8> {}"],
            &[],
        );
    }

    #[test]
    fn imports_go_with_the_modules_of_the_file() {
        check(
            &[
                "use futures::FutureExt;",
                "use jobs::Jobs;",
                "mod jobs;",
                "fn fetch(_: Jobs) {}",
                "const LIMIT: u32 = 1;",
            ],
            &[],
        );
        check(
            &["use futures::FutureExt;"],
            &["use jobs::Jobs;", "mod jobs;"],
        );
    }

    #[test]
    fn other_exercises_are_left_out_although_they_are_mentioned() {
        check(&["fn fetch() { other() }"], &["mod other;"]);
    }
}
