//! The attribute that gives an async fn a lane of its own. See the crate `timeline`, which exports it.

mod expand;

use proc_macro::TokenStream;

/// Gives an `async fn` a lane of its own. A format string over the function's parameters names it.
///
/// The function becomes a plain one that returns `impl Future`, so that the lane begins at the call. As
/// usual, the body does not run before the first poll. Arguments may follow the format string, as in
/// `format!`: `#[timeline::lane("job {}", self.id)]`.
///
/// Parameters, results and the order in which arguments are dropped are those of the `async fn`. The names in a
/// pattern can be used in the lane's name, too.
///
/// # Cancel safety
///
/// That of the function's body.
#[proc_macro_attribute]
pub fn lane(arguments: TokenStream, function: TokenStream) -> TokenStream {
    expand::lane(arguments.into(), function.into())
        .unwrap_or_else(|error| error.into_compile_error())
        .into()
}
