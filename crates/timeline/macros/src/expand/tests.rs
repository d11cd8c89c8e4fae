use quote::quote;

use super::lane;

fn error(arguments: proc_macro2::TokenStream, function: proc_macro2::TokenStream) -> String {
    lane(arguments, function)
        .expect_err("this cannot have a lane")
        .to_string()
}

#[test]
fn only_an_async_fn_can_have_a_lane() {
    assert_eq!(
        error(
            quote!("fetch"),
            quote!(
                fn fetch() {}
            )
        ),
        "this attribute needs an `async fn`; give any other future a lane with `.in_lane(\"...\")`"
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
fn only_a_function_can_have_a_lane() {
    assert_eq!(
        error(
            quote!("fetch"),
            quote!(
                struct Fetch;
            )
        ),
        "this attribute needs an `async fn`; give any other future a lane with `.in_lane(\"...\")`"
    );
}

#[test]
fn a_function_without_a_body_cannot_have_a_lane() {
    assert_eq!(
        error(
            quote!("fetch"),
            quote!(
                async fn fetch();
            )
        ),
        "a lane records a function's body, and this function has none"
    );
}
