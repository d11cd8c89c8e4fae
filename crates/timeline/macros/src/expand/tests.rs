use quote::quote;

use super::lane;

fn error(arguments: proc_macro2::TokenStream, function: proc_macro2::TokenStream) -> String {
    lane(arguments, function)
        .expect_err("this has no lane")
        .to_string()
}

#[test]
fn only_an_async_fn_has_a_lane() {
    assert_eq!(
        error(
            quote!("fetch"),
            quote!(
                fn fetch() {}
            )
        ),
        "only an `async fn` has a lane; give any other future one with `.in_lane(\"...\")`"
    );
}

#[test]
fn a_lane_needs_a_name() {
    for arguments in [quote!(), quote!(fetch), quote!(1)] {
        assert_eq!(
            error(
                arguments,
                quote!(
                    async fn fetch() {}
                )
            ),
            "a lane needs a name: #[timeline::lane(\"fetch {page}\")]"
        );
    }
}

#[test]
fn nothing_but_a_function_has_a_lane() {
    assert_eq!(
        error(
            quote!("fetch"),
            quote!(
                struct Fetch;
            )
        ),
        "only an `async fn` has a lane; give any other future one with `.in_lane(\"...\")`"
    );
}

#[test]
fn a_function_without_a_body_has_no_lane() {
    assert_eq!(
        error(
            quote!("fetch"),
            quote!(
                async fn fetch();
            )
        ),
        "a lane is where a body runs: this function has none"
    );
}
