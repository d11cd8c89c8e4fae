//! From `async fn` to a function that returns a future with a lane.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::{
    Error, FnArg, Item, ItemFn, LitStr, Pat, PatType, ReturnType, Token, TraitItemFn, Type,
    parse_quote,
};

pub(crate) fn lane(arguments: TokenStream, function: TokenStream) -> syn::Result<TokenStream> {
    let name = Name::parse(arguments)?;
    let mut function = async_fn(function)?;
    let keyword = function.sig.asyncness.take();

    let parameters = Parameters::move_out_of(&mut function, &name);
    let (binds, for_name) = (&parameters.binds, &parameters.for_name);
    let format = &name.format;
    let result = returned(&function.sig.output);
    let hint = inference_hint(&result);
    let body = &function.block.stmts;
    let brace = function.block.brace_token.span.join();
    let output = quote_spanned!(keyword.span()=> -> impl ::core::future::Future<Output = #result>);
    function.sig.output = syn::parse2(output)?;

    let (attributes, visibility, signature) = (&function.attrs, &function.vis, &function.sig);
    let block = quote_spanned! {brace=> {
        let __lane = ::timeline::expansion::LaneHandle::create(|| {
            #for_name
            ::timeline::expansion::name(::core::format_args!(#format))
        });
        ::timeline::expansion::in_lane(__lane, async move {
            #binds
            #hint
            #(#body)*
        })
    }};
    Ok(quote! { #(#attributes)* #visibility #signature #block })
}

fn async_fn(tokens: TokenStream) -> syn::Result<ItemFn> {
    const NOT_ASYNC: &str =
        "this attribute needs an `async fn`; give any other future a lane with `.in_lane(\"...\")`";
    if let Ok(declared) = syn::parse2::<TraitItemFn>(tokens.clone())
        && let (Some(keyword), None) = (declared.sig.asyncness, &declared.default)
    {
        let no_body = "a lane records a function's body, and this function has none";
        return Err(Error::new(keyword.span(), no_body));
    }
    if let Ok(Item::Fn(function)) = syn::parse2(tokens.clone()) {
        return match function.sig.asyncness {
            Some(_) => Ok(function),
            None => Err(Error::new(function.sig.fn_token.span(), NOT_ASYNC)),
        };
    }
    // A syntax error inside an async fn is a better error than that it is not one.
    match syn::parse2::<Item>(tokens.clone()) {
        Ok(other) => Err(Error::new(other.span(), NOT_ASYNC)),
        Err(_) => syn::parse2(tokens),
    }
}

/// The format string and its arguments, handed to `format!` as they are.
struct Name {
    format: TokenStream,
}

impl Name {
    fn parse(arguments: TokenStream) -> syn::Result<Self> {
        let parser = |input: syn::parse::ParseStream<'_>| {
            let missing = "a lane needs a name: #[timeline::lane(\"fetch {page}\")]";
            let name: LitStr = input
                .parse()
                .map_err(|error| Error::new(error.span(), missing))?;
            if input.is_empty() {
                return Ok(Self {
                    format: quote!(#name),
                });
            }
            input.parse::<Token![,]>()?;
            let rest: TokenStream = input.parse()?;
            Ok(Self {
                format: quote!(#name, #rest),
            })
        };
        parser.parse2(arguments)
    }

    /// Whether the format string or its arguments mention a name that the pattern binds.
    fn mentions(&self, pattern: &Pat) -> bool {
        let mut words = Vec::new();
        words_of(self.format.clone(), &mut words);
        let mut bound = Vec::new();
        words_of(pattern.to_token_stream(), &mut bound);
        bound.iter().any(|name| words.contains(name))
    }
}

/// The identifiers in tokens, and those after a `{` in their literals.
fn words_of(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(word) => words.push(word.to_string()),
            TokenTree::Group(group) => words_of(group.stream(), words),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let places = text.split('{').skip(1);
                let is_word = |c: char| c.is_alphanumeric() || c == '_';
                let names = places.filter_map(|place| place.split(|c| !is_word(c)).next());
                words.extend(names.map(str::to_owned));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// How the parameters are moved into the future.
struct Parameters {
    /// Moves each of them into the future, in order. There they are dropped in reverse order, whether they are
    /// used or not.
    binds: TokenStream,
    /// Binds the names of patterns by reference, for the lane's name.
    for_name: TokenStream,
}

impl Parameters {
    fn move_out_of(function: &mut ItemFn, name: &Name) -> Self {
        let mut binds = TokenStream::new();
        let mut for_name = TokenStream::new();
        for (index, parameter) in function.sig.inputs.iter_mut().enumerate() {
            match parameter {
                FnArg::Receiver(receiver) => {
                    let this = receiver.self_token;
                    binds.extend(quote!(let _ = &#this;));
                }
                FnArg::Typed(PatType { pat, .. }) => {
                    let (argument, pattern) = simplify(pat, index);
                    binds.extend(bind(&argument, &pattern, name.mentions(&pattern)));
                    if !is_plain_name(&pattern) && !matches!(pattern, Pat::Wild(_)) {
                        let seen = by_reference(&pattern);
                        for_name.extend(quote!(#[allow(unused_variables)] let #seen = &#argument;));
                    }
                }
            }
        }
        Self { binds, for_name }
    }
}

/// Leaves a plain name in the signature. Returns that name and the original pattern.
fn simplify(pat: &mut Pat, index: usize) -> (syn::Ident, Pat) {
    let pattern = pat.clone();
    let argument = match &pattern {
        Pat::Ident(name) if is_plain_name(&pattern) => name.ident.clone(),
        _ => format_ident!("__argument_{index}", span = Span::call_site()),
    };
    *pat = parse_quote!(#argument);
    (argument, pattern)
}

/// Whether the pattern is a name or `mut` and a name.
fn is_plain_name(pattern: &Pat) -> bool {
    matches!(pattern, Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none())
}

/// Moves a parameter into the future. One that the lane's name mentions is used, even if the body does not use it.
fn bind(argument: &syn::Ident, pattern: &Pat, is_in_name: bool) -> TokenStream {
    let mut allow = quote!(#[allow(clippy::redundant_locals, clippy::let_unit_value)]);
    if is_in_name {
        allow.extend(quote!(#[allow(unused_variables)]));
    }
    if is_plain_name(pattern) {
        quote!(#allow let #pattern = #argument;)
    } else {
        quote!(#allow let #argument = #argument; #allow let #pattern = #argument;)
    }
}

/// The pattern that matches a reference to the value: without `&`, `ref` and `mut`.
fn by_reference(pattern: &Pat) -> TokenStream {
    fn plain(tokens: TokenStream) -> TokenStream {
        tokens
            .into_iter()
            .filter(|token| match token {
                TokenTree::Ident(word) => word != "ref" && word != "mut",
                TokenTree::Punct(sign) => sign.as_char() != '&',
                _ => true,
            })
            .map(|token| match token {
                TokenTree::Group(group) => {
                    let inside = plain(group.stream());
                    TokenTree::Group(Group::new(group.delimiter(), inside))
                }
                other => other,
            })
            .collect()
    }
    plain(pattern.to_token_stream())
}

fn returned(output: &ReturnType) -> Type {
    match output {
        ReturnType::Default => parse_quote!(()),
        // `!` is allowed only as a function's return type.
        ReturnType::Type(_, result) if matches!(**result, Type::Never(_)) => {
            parse_quote!(<fn() -> ! as ::timeline::expansion::Returns>::Result)
        }
        ReturnType::Type(_, result) => (**result).clone(),
    }
}

/// An async block has no declared return type, unlike an async fn. This code, which never runs, tells the
/// compiler the type. It is left out for types that cannot be written in a `let`.
fn inference_hint(result: &Type) -> TokenStream {
    if has_impl_trait(result.to_token_stream()) {
        return TokenStream::new();
    }
    quote! {
        #[allow(
            unreachable_code,
            clippy::diverging_sub_expression,
            clippy::empty_loop,
            clippy::let_unit_value,
            clippy::needless_return
        )]
        if false {
            let __result: #result = loop {};
            return __result;
        }
    }
}

fn has_impl_trait(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "impl",
        TokenTree::Group(group) => has_impl_trait(group.stream()),
        _ => false,
    })
}

#[cfg(test)]
mod tests;
