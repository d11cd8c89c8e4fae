//! Several answers to an exercise that is a function, behind one function that calls the selected one.
//!
//! The graders are then compiled once for all of these answers: most of what the compiler does for a grader, it does for
//! the futures that the grader builds around a call.
//!
//! ```text
//! mod solutions {                 // without the solution's own function
//!     pub fn fetch_all(client: &Client) -> impl Future<Output = Vec<Page>> {
//!         match crate::selected() {
//!             0 => Either::Left(wrong_a::fetch_all(client)),
//!             _ => Either::Right(wrong_b::fetch_all(client)),
//!         }
//!     }
//!     mod wrong_a { use super::*; pub async fn fetch_all(client: &Client) -> Vec<Page> { … } }
//!     mod wrong_b { use super::*; … }
//! }
//! ```

use std::ops::Range;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{FnArg, Item, ItemFn, ReturnType, Type, Visibility};

use super::reachable::{Words, blanked, name_of, reachable, type_of, words};

/// What `selected` reads: the number of the answer that is called.
pub(super) const VARIABLE: &str = "WORKBOOK_ANSWER";

/// The functions that a selection uses, for the root of the crate.
pub(super) fn root() -> String {
    format!(
        "fn selected() -> usize {{\n    \
         static SELECTED: std::sync::LazyLock<usize> = std::sync::LazyLock::new(|| {{\n        \
         let number = std::env::var(\"{VARIABLE}\").expect(\"an answer is selected\");\n        \
         number.parse().expect(\"it is a number\")\n    \
         }});\n    *SELECTED\n}}\n\n\
         fn called<T>(call: impl FnOnce() -> T) -> T {{\n    call()\n}}\n"
    )
}

/// The solutions, with a function in the place of the exercise that calls the selected answer. Each answer is a module: its
/// name, and its file relative to that of the solutions. `used` is what the grader uses.
///
/// `None` if the exercise is not a function, or its type cannot be written down here.
///
/// # Errors
///
/// If the solutions are not Rust.
pub(super) fn with_selection(
    solutions: &str,
    exercise: &str,
    answers: &[(String, String)],
    used: &Words,
) -> syn::Result<Option<String>> {
    let items = syn::parse_file(solutions)?.items;
    let function = items.iter().find_map(|item| match item {
        Item::Fn(function) if function.sig.ident == exercise => Some(function),
        _ => None,
    });
    let Some(function) = function else {
        return Ok(None);
    };
    let modules: Vec<_> = answers.iter().map(|(name, _)| name.as_str()).collect();
    let Some(selection) = selection(function, &modules) else {
        return Ok(None);
    };
    let selection = selection.to_string();
    let mut used = used.clone();
    used.extend(words(&selection));
    let others = blanked(solutions, [function.span().byte_range()]);
    let mut module = reachable(&others, &used, &[], |_| Words::new())?;
    module.push_str(&selection);
    for (name, file) in answers {
        module.push_str(&format!("\n#[path = \"{file}\"]\nmod {name};"));
    }
    Ok(Some(module))
}

/// The function that calls the function of the same name in the selected module.
fn selection(function: &ItemFn, modules: &[&str]) -> Option<TokenStream> {
    let mut signature = function.sig.clone();
    let mut arguments = Vec::new();
    for (number, input) in signature.inputs.iter_mut().enumerate() {
        let FnArg::Typed(input) = input else {
            return None;
        };
        let name = format_ident!("argument_{number}");
        *input.pat = syn::parse_quote!(#name);
        arguments.push(name);
    }
    let mut differ =
        matches!(&signature.output, ReturnType::Type(_, of) if matches!(**of, Type::ImplTrait(_)));
    if signature.asyncness.take().is_some() {
        let output: Type = match &signature.output {
            ReturnType::Default => syn::parse_quote!(()),
            // It cannot be an associated type.
            ReturnType::Type(_, of) if matches!(**of, Type::Never(_)) => return None,
            ReturnType::Type(_, of) => (**of).clone(),
        };
        signature.output = syn::parse_quote!(-> impl ::std::future::Future<Output = #output>);
        differ = true;
    }
    let name = &signature.ident;
    let arms = modules.iter().enumerate().map(|(number, module)| {
        let module = format_ident!("{module}");
        let call = quote!(#module::#name(#(#arguments),*));
        let value = if differ {
            // In a closure, so that what it needs on the stack is needed for one answer only: loom's threads have little.
            let value = one_of(call, number, 0..modules.len());
            quote!(crate::called(move || #value))
        } else {
            call
        };
        if number + 1 == modules.len() {
            quote!(_ => #value)
        } else {
            quote!(#number => #value)
        }
    });
    let visibility = &function.vis;
    Some(quote!(#visibility #signature { match crate::selected() { #(#arms),* } }))
}

/// The call as a value of the type that all calls in this range have together: a tree of `Either`.
fn one_of(call: TokenStream, number: usize, range: Range<usize>) -> TokenStream {
    if range.len() == 1 {
        return call;
    }
    let middle = range.start + range.len() / 2;
    if number < middle {
        let call = one_of(call, number, range.start..middle);
        quote!(::futures::future::Either::Left(#call))
    } else {
        let call = one_of(call, number, middle..range.end);
        quote!(::futures::future::Either::Right(#call))
    }
}

/// An answer as a module below the solutions: its own items, which begin at `start` of the `text`, and those of the
/// solutions' that use one of them. Lines keep their numbers.
///
/// `None` if the grader uses such an item directly: it would be the solution's.
///
/// # Errors
///
/// If the text is not Rust.
pub(super) fn module(
    text: &str,
    start: usize,
    exercise: &str,
    used: &Words,
) -> syn::Result<Option<String>> {
    let items = syn::parse_file(text)?.items;
    let (own, mut others): (Vec<_>, Vec<_>) = items
        .iter()
        .filter(|item| !matches!(item, Item::Use(_)))
        .partition(|item| item.span().byte_range().start >= start);
    let types: Words = items.iter().filter_map(type_of).collect();
    let mut defined: Words = own
        .iter()
        .filter_map(|item| defines(item, &types))
        .collect();
    let mut taken = Vec::new();
    loop {
        let (more, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(|item| {
            let words = words(&text[item.span().byte_range()]);
            !words.is_disjoint(&defined)
        });
        others = rest;
        if more.is_empty() {
            break;
        }
        defined.extend(more.iter().filter_map(|item| defines(item, &types)));
        taken.extend(more);
    }
    let is_seen = |item: &&&Item| {
        defines(item, &types).is_some_and(|name| name != exercise && used.contains(&name))
            && is_public(item)
    };
    if own.iter().chain(&taken).any(|item| is_seen(&item)) {
        return Ok(None);
    }
    // An implementation would be there twice if its type stays with the solutions.
    let twice = taken.iter().any(|item| match item {
        Item::Impl(item) => name_of(&item.self_ty).is_none_or(|name| !defined.contains(&name)),
        _ => false,
    });
    if twice {
        return Ok(None);
    }
    let uses = items
        .iter()
        .filter(|item| matches!(item, Item::Use(_)) && item.span().byte_range().start < start);
    let left_out = others.into_iter().chain(uses);
    let text = blanked(text, left_out.map(|item| item.span().byte_range()));
    // An inner doc comment is allowed only before all items.
    Ok(Some(format!(
        "use super::*; {}",
        text.replace("//!", "// ")
    )))
}

/// The name that an item defines, or has an implementation of.
fn defines(item: &Item, types: &Words) -> Option<String> {
    match item {
        Item::Const(item) => Some(item.ident.to_string()),
        Item::Fn(item) => Some(item.sig.ident.to_string()),
        Item::Impl(item) => name_of(&item.self_ty).filter(|name| types.contains(name)),
        Item::Macro(item) => item.ident.as_ref().map(ToString::to_string),
        Item::Mod(item) => Some(item.ident.to_string()),
        Item::Static(item) => Some(item.ident.to_string()),
        Item::Trait(item) => Some(item.ident.to_string()),
        other => type_of(other),
    }
}

fn is_public(item: &Item) -> bool {
    let visibility = match item {
        Item::Const(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Static(item) => &item.vis,
        Item::Struct(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        Item::Type(item) => &item.vis,
        // Of a type that may be public.
        Item::Impl(_) => return true,
        _ => return false,
    };
    !matches!(visibility, Visibility::Inherited)
}

#[cfg(test)]
mod tests {
    use super::{Words, module, with_selection};

    const SOLUTIONS: &str = "//! Solutions.\n\nuse std::time::Duration;\n\npub struct Page(u32);\n\nconst LIMIT: u32 = 3;\n\n\
        fn limit() -> u32 {\n    LIMIT\n}\n\npub async fn fetch(of: &str) -> Page {\n    Page(limit())\n}\n";

    fn used(words: &[&str]) -> Words {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    /// The solutions of which `left_out` is replaced by `own`, as a module.
    #[track_caller]
    fn answer(left_out: &str, own: &str, seen: &[&str]) -> Option<String> {
        let solutions = SOLUTIONS.replace(left_out, "");
        assert!(solutions.len() < SOLUTIONS.len(), "it is in the solutions");
        let text = format!("{solutions}{own}");
        module(&text, solutions.len(), "fetch", &used(seen)).expect("it is Rust")
    }

    const FETCH: &str = "pub async fn fetch(of: &str) -> Page {\n    Page(limit())\n}\n";

    #[test]
    fn an_answer_has_its_own_items_and_takes_the_others_from_the_solutions() {
        let text = answer(
            FETCH,
            "pub async fn fetch(_: &str) -> Page { Page(0) }",
            &["fetch", "Page"],
        );
        let text = text.expect("it can be a module");
        let words: Vec<_> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(
            words,
            [
                "use super::*; //  Solutions.",
                "pub async fn fetch(_: &str) -> Page { Page(0) }"
            ]
        );
    }

    #[test]
    fn what_uses_an_item_of_the_answer_comes_along() {
        let own = format!("const LIMIT: u32 = 4;\n{FETCH}");
        let solutions = SOLUTIONS
            .replace(FETCH, "")
            .replace("const LIMIT: u32 = 3;\n", "");
        let text = module(
            &format!("{solutions}{own}"),
            solutions.len(),
            "fetch",
            &used(&["fetch"]),
        );
        let text = text.expect("it is Rust").expect("it can be a module");
        assert!(text.contains("fn limit()"), "{text}");
        assert!(!text.contains("struct Page"), "{text}");
    }

    #[test]
    fn a_type_that_the_grader_uses_cannot_be_the_answers() {
        let own = "pub struct Page(u32);\npub async fn fetch(_: &str) -> Page { Page(0) }";
        assert_eq!(
            answer("pub struct Page(u32);", own, &["fetch", "Page"]),
            None
        );
    }

    #[test]
    fn the_selected_answer_is_called() {
        let answers = ["a", "b", "c"].map(|name| (name.to_owned(), format!("{name}.rs")));
        let text = with_selection(SOLUTIONS, "fetch", &answers, &used(&["Page"]));
        let text = text.expect("it is Rust").expect("it is a function");
        let file = syn::parse_file(&text).expect("it is Rust");
        let names: Vec<_> = file
            .items
            .iter()
            .map(|item| match item {
                syn::Item::Use(_) => "use".to_owned(),
                syn::Item::Struct(item) => item.ident.to_string(),
                syn::Item::Fn(item) => {
                    assert!(item.sig.asyncness.is_none());
                    item.sig.ident.to_string()
                }
                syn::Item::Mod(item) => item.ident.to_string(),
                _ => "other".to_owned(),
            })
            .collect();
        assert_eq!(names, ["use", "Page", "fetch", "a", "b", "c"]);
        let calls = text.split_whitespace().collect::<String>();
        for call in [
            "Left(a::fetch(argument_0))",
            "Right(::futures::future::Either::Left(b::fetch(argument_0)))",
        ] {
            assert!(calls.contains(call), "{calls}");
        }
    }

    #[test]
    fn only_functions_are_selected() {
        let answers = [("a".to_owned(), "a.rs".to_owned())];
        for (exercise, solutions) in [
            ("Page", SOLUTIONS),
            // This type can only be written as what a function returns.
            ("run", "pub async fn run() -> ! { loop {} }"),
        ] {
            let text = with_selection(solutions, exercise, &answers, &used(&[]));
            assert_eq!(text.expect("it is Rust"), None, "{exercise}");
        }
    }
}
