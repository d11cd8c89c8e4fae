//! Which section of the appendix *Error messages* shows an error like this one.

/// An error that the appendix shows.
struct Shown {
    /// The code, or `""` for a message without one. (Lints have names instead of codes.)
    code: &'static str,
    /// What the message contains, in this order, with the names of the learner's program left out.
    parts: &'static [&'static str],
    /// The section: `error-messages-await.html#e0277-u32-is-not-a-future`.
    section: &'static str,
}

const fn shown(code: &'static str, parts: &'static [&'static str], section: &'static str) -> Shown {
    Shown {
        code,
        parts,
        section,
    }
}

/// The section that shows an error with this code and text, if there is one. What the section says about its own
/// program may not be the cause of this error, so it is a page to read and not an explanation.
pub fn section(code: Option<&str>, rendered: &str) -> Option<&'static str> {
    let code = code.filter(|code| code.starts_with('E')).unwrap_or("");
    let mut all = SHOWN.iter().filter(|shown| shown.code == code);
    all.find(|shown| contains_in_order(rendered, shown.parts))
        .map(|shown| shown.section)
}

fn contains_in_order(text: &str, parts: &[&str]) -> bool {
    let mut rest = Some(text);
    for part in parts {
        rest = rest.and_then(|rest| Some(rest.split_once(part)?.1));
    }
    rest.is_some()
}

/// In the order of the appendix, except that a message comes before those that its text also matches.
const SHOWN: &[Shown] = &[
    shown(
        "E0728",
        &["`await` is only allowed inside `async` functions and blocks"],
        "error-messages-await.html#e0728-await-is-only-allowed-inside-async-functions-and-blocks",
    ),
    shown(
        "E0752",
        &["`main` function is not allowed to be `async`"],
        "error-messages-await.html#e0752-main-function-is-not-allowed-to-be-async",
    ),
    shown(
        "",
        &["unused implementer of `Future` that must be used"],
        "error-messages-await.html#unused-implementer-of-future-that-must-be-used",
    ),
    shown(
        "E0277",
        &["` is not a future"],
        "error-messages-await.html#e0277-u32-is-not-a-future",
    ),
    shown(
        "E0308",
        &["expected `", "`, found future"],
        "error-messages-await.html#e0308-expected-u32-found-future",
    ),
    shown(
        "E0599",
        &[
            "no method named `",
            "` found for opaque type `impl Future<Output",
        ],
        "error-messages-await.html#e0599-no-method-named-len-found-for-opaque-type-impl-futureoutput--string",
    ),
    shown(
        "E0277",
        &[
            "the `?` operator can only be applied to values that implement `Try`",
            "cannot be applied to type `impl Future<Output",
        ],
        "error-messages-await.html#e0277-the--operator-can-only-be-applied-to-values-that-implement-try",
    ),
    shown(
        "E0277",
        &["is not an iterator"],
        "error-messages-await.html#e0277-is-not-an-iterator",
    ),
    shown(
        "E0599",
        &["no method named `next` found"],
        "error-messages-await.html#e0599-no-method-named-next-found",
    ),
    shown(
        "E0034",
        &["multiple applicable items in scope"],
        "error-messages-await.html#e0034-multiple-applicable-items-in-scope",
    ),
    shown(
        "E0733",
        &["recursion in an async fn requires boxing"],
        "error-messages-await.html#e0733-recursion-in-an-async-fn-requires-boxing",
    ),
    shown(
        "E0282",
        &[
            "type annotations needed",
            "of the type parameter `E` declared on the enum `Result`",
        ],
        "error-messages-types.html#e0282-type-annotations-needed",
    ),
    shown(
        "E0277",
        &["the `?` operator can only be used in an async block that returns `Result` or `Option`"],
        "error-messages-types.html#e0277-the--operator-can-only-be-used-in-an-async-block-that-returns-result-or-option",
    ),
    shown(
        "E0308",
        &["`if` and `else` have incompatible types"],
        "error-messages-types.html#e0308-if-and-else-have-incompatible-types",
    ),
    shown(
        "E0308",
        &["expected `async` block, found a different `async` block"],
        "error-messages-types.html#e0308-expected-async-block-found-a-different-async-block",
    ),
    shown(
        "E0271",
        &["to be a future that resolves to `()`, but it resolves to"],
        "error-messages-types.html#e0271-to-be-a-future-that-resolves-to--but-it-resolves-to",
    ),
    shown(
        "E0038",
        &["the trait `", "` is not dyn compatible"],
        "error-messages-types.html#e0038-the-trait-store-is-not-dyn-compatible",
    ),
    shown(
        "",
        &[
            "use of `async fn` in public traits is discouraged as auto trait bounds cannot be specified",
        ],
        "error-messages-types.html#use-of-async-fn-in-public-traits-is-discouraged-as-auto-trait-bounds-cannot-be-specified",
    ),
    shown(
        "E0277",
        &["cannot be unpinned"],
        "error-messages-types.html#e0277-cannot-be-unpinned",
    ),
    shown(
        "E0599",
        &["no method named `poll` found"],
        "error-messages-types.html#e0599-no-method-named-poll-found",
    ),
    shown(
        "E0277",
        &["Handler<_, _>` is not satisfied"],
        "error-messages-types.html#e0277-handler_-_-is-not-satisfied",
    ),
    shown(
        "E0373",
        &["async block may outlive the current function"],
        "error-messages-borrows.html#e0373-async-block-may-outlive-the-current-function",
    ),
    shown(
        "E0382",
        &["use of moved value"],
        "error-messages-borrows.html#e0382-use-of-moved-value",
    ),
    shown(
        "E0597",
        &["` does not live long enough"],
        "error-messages-borrows.html#e0597-path-does-not-live-long-enough",
    ),
    shown(
        "E0521",
        &["borrowed data escapes outside of function"],
        "error-messages-borrows.html#e0521-borrowed-data-escapes-outside-of-function",
    ),
    shown(
        "E0310",
        &["the parameter type `", "` may not live long enough"],
        "error-messages-borrows.html#e0310-the-parameter-type-f-may-not-live-long-enough",
    ),
    shown(
        "E0716",
        &["temporary value dropped while borrowed"],
        "error-messages-borrows.html#e0716-temporary-value-dropped-while-borrowed",
    ),
    shown(
        "E0499",
        &["cannot borrow `", "` as mutable more than once at a time"],
        "error-messages-borrows.html#e0499-cannot-borrow-total-as-mutable-more-than-once-at-a-time",
    ),
    shown(
        "E0502",
        &[
            "cannot borrow `",
            "` as mutable because it is also borrowed as immutable",
        ],
        "error-messages-borrows.html#e0502-cannot-borrow-list-as-mutable-because-it-is-also-borrowed-as-immutable",
    ),
    shown(
        "E0509",
        &[
            "cannot move out of type `",
            "`, which implements the `Drop` trait",
        ],
        "error-messages-borrows.html#e0509-cannot-move-out-of-type-session-which-implements-the-drop-trait",
    ),
    shown(
        "E0596",
        &[
            "cannot borrow `",
            "` as mutable, as it is not declared as mutable",
        ],
        "error-messages-borrows.html#e0596-cannot-borrow-rx-as-mutable-as-it-is-not-declared-as-mutable",
    ),
    shown(
        "",
        &["non-binding let on a synchronization lock"],
        "error-messages-borrows.html#non-binding-let-on-a-synchronization-lock",
    ),
    shown(
        "E0507",
        &[
            "cannot move out of `",
            "`, a captured variable in an `FnMut` closure",
        ],
        "error-messages-closures.html#e0507-cannot-move-out-of-path-a-captured-variable-in-an-fnmut-closure",
    ),
    shown(
        "",
        &["captured variable cannot escape `FnMut` closure body"],
        "error-messages-closures.html#captured-variable-cannot-escape-fnmut-closure-body",
    ),
    shown(
        "",
        &[
            "async closure does not implement `FnMut` because it captures state from its environment",
        ],
        "error-messages-closures.html#async-closure-does-not-implement-fnmut-because-it-captures-state-from-its-environment",
    ),
    shown(
        "",
        &["lifetime may not live long enough"],
        "error-messages-closures.html#lifetime-may-not-live-long-enough",
    ),
    shown(
        "",
        &[
            "future cannot be sent between threads safely",
            "the trait `Send` is not implemented for `std::sync::MutexGuard<",
        ],
        "error-messages-send.html#the-trait-send-is-not-implemented-for-stdsyncmutexguard_-u32",
    ),
    shown(
        "",
        &["future cannot be sent between threads safely"],
        "error-messages-send.html#future-cannot-be-sent-between-threads-safely",
    ),
    shown(
        "E0277",
        &["`(dyn ", "Error", "` cannot be sent between threads safely"],
        "error-messages-send.html#e0277-dyn-stderrorerror--static-cannot-be-sent-between-threads-safely",
    ),
    shown(
        "E0277",
        &[
            "` cannot be sent between threads safely",
            "within this `{closure@",
        ],
        "error-messages-send.html#e0277-rcstr-cannot-be-sent-between-threads-safely",
    ),
    shown(
        "E0277",
        &[
            "` cannot be sent between threads safely",
            "restricting type parameter `",
        ],
        "error-messages-send.html#e0277-f-cannot-be-sent-between-threads-safely",
    ),
    shown(
        "",
        &["implementation of `FnOnce` is not general enough"],
        "error-messages-send.html#implementation-of-fnonce-is-not-general-enough",
    ),
    shown(
        "",
        &["implementation of `Send` is not general enough"],
        "error-messages-send.html#implementation-of-send-is-not-general-enough",
    ),
    shown(
        "",
        &["higher-ranked lifetime error"],
        "error-messages-send.html#higher-ranked-lifetime-error",
    ),
    shown(
        "E0277",
        &["` cannot be sent between threads safely"],
        "error-messages.html#compiler-errors-send",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::{SHOWN, section};

    fn page(name: &str) -> String {
        let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src");
        fs::read_to_string(book.join(name)).expect("the page is there")
    }

    /// The sections of compiler errors to which the table of the appendix links, in its order.
    fn listed() -> Vec<String> {
        let appendix = page("error-messages.md");
        let (compiler, _) = appendix
            .split_once("## Panics")
            .expect("the compiler's come first");
        let rows = compiler.lines().filter(|line| line.starts_with("| "));
        let links = rows.filter_map(|row| row.split_once("](error-messages-"));
        links
            .map(|(_, link)| {
                let (link, _) = link.split_once(") |").expect("the link ends");
                format!("error-messages-{}", link.replacen(".md#", ".html#", 1))
            })
            .collect()
    }

    #[test]
    fn each_message_of_the_appendix_leads_to_its_own_section() {
        let listed = listed();
        let mut pages = listed.iter().map(|link| link.split('#').next().unwrap());
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        while let Some(name) = pages.find(|name| seen.insert(*name)) {
            let text = page(&name.replace(".html", ".md"));
            let sections = text.split("\n## ").skip(1);
            found.extend(sections.map(|text| {
                let (_, message) = text.split_once("\n```text\n").expect("a recorded message");
                let (message, _) = message.split_once("\n```\n").expect("the block ends");
                let code = message
                    .strip_prefix("error[")
                    .and_then(|rest| Some(rest.split_once(']')?.0));
                section(code, message).unwrap_or(message).to_owned()
            }));
        }
        assert_eq!(found, listed);
    }

    #[test]
    fn names_of_the_learner_make_no_difference() {
        let of = |code: &str, text: &str| section(Some(code), text).unwrap_or("none");
        let sections = [
            of("E0277", "error[E0277]: `Vec<Page>` is not a future\n"),
            of("E0308", "expected `Vec<String>`, found future"),
            of(
                "E0502",
                "cannot borrow `jobs` as mutable because it is also borrowed as immutable",
            ),
            of(
                "E0499",
                "cannot borrow `*self` as mutable more than once at a time",
            ),
            of("E0277", "`*mut u8` cannot be sent between threads safely"),
            of(
                "unused_must_use",
                "unused implementer of `Future` that must be used",
            ),
            of("E0308", "expected `u32`, found `String`"),
            of("E0599", "no method named `push` found for struct `String`"),
        ];
        let expected = [
            "error-messages-await.html#e0277-u32-is-not-a-future",
            "error-messages-await.html#e0308-expected-u32-found-future",
            "error-messages-borrows.html#e0502-cannot-borrow-list-as-mutable-because-it-is-also-borrowed-as-immutable",
            "error-messages-borrows.html#e0499-cannot-borrow-total-as-mutable-more-than-once-at-a-time",
            "error-messages.html#compiler-errors-send",
            "error-messages-await.html#unused-implementer-of-future-that-must-be-used",
            "none",
            "none",
        ];
        assert_eq!(sections, expected);
    }

    #[test]
    fn every_section_can_be_found() {
        let listed = listed();
        for shown in SHOWN {
            let is_listed = listed.iter().any(|link| link == shown.section);
            assert!(is_listed || shown.section == "error-messages.html#compiler-errors-send");
        }
    }
}
