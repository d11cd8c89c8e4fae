//! The attribute `test_cache::test`, which is documented there.

use proc_macro::{Delimiter, Group, TokenStream, TokenTree};

/// See the crate `test_cache`.
#[proc_macro_attribute]
pub fn test(_: TokenStream, item: TokenStream) -> TokenStream {
    // The body is a function's last token, so there is no need to parse the others.
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let Some(TokenTree::Group(body)) = tokens.pop() else {
        return r#"compile_error!("`test_cache::test` must be on a function");"#
            .parse()
            .expect("this is valid Rust");
    };
    let mut once: TokenStream = "::test_cache::once".parse().expect("this is valid Rust");
    let mut closure: TokenStream = "||".parse().expect("this is valid Rust");
    closure.extend([TokenTree::Group(body)]);
    once.extend([TokenTree::Group(Group::new(
        Delimiter::Parenthesis,
        closure,
    ))]);
    let mut test: TokenStream = "#[::core::prelude::v1::test]"
        .parse()
        .expect("this is valid Rust");
    test.extend(tokens);
    test.extend([TokenTree::Group(Group::new(Delimiter::Brace, once))]);
    test
}
