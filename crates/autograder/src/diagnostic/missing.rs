//! Explains errors about a crate or a feature that is missing. A program has no Cargo.toml that could add it.

use crate::library::Libraries;

/// What the compiler says about a crate that is missing.
const NO_CRATE: &[&str] = &[
    "you might be missing a crate named `",
    "can't find crate for `",
    "use of unresolved module or unlinked crate `",
];

/// What the compiler says about an item that a feature would turn on.
const NO_FEATURE: &str = "the item is gated behind the `";

/// Explains an error, if something is missing.
pub fn explain(rendered: &str, libraries: &Libraries) -> Option<String> {
    if rendered.contains("conflict marker") || rendered.contains("diff marker") {
        return Some(
            "Git could not merge two versions, and has left both. Keep one version of each place, and delete the lines that \
             begin with `<<<<<<<`, `=======` and `>>>>>>>`."
                .to_owned(),
        );
    }
    if let Some(feature) = after(rendered, NO_FEATURE) {
        return Some(of_feature(feature, rendered, libraries));
    }
    let missing = NO_CRATE.iter().find_map(|words| after(rendered, words))?;
    let names: Vec<_> = libraries.names().collect();
    (!names.contains(&missing)).then(|| {
        format!(
            "The crate `{missing}` is not available here. You can use these: {}.",
            names.join(", ")
        )
    })
}

fn of_feature(feature: &str, rendered: &str, libraries: &Libraries) -> String {
    let is_named = |name: &&str| {
        let package = name.replace('_', "-");
        [
            format!("in `{name}`"),
            format!("/{package}-"),
            format!("> {package}-"),
        ]
        .iter()
        .any(|words| rendered.contains(words))
    };
    let library = libraries.names().find(is_named);
    let Some(library) = library else {
        return format!("The feature `{feature}` of this crate is not turned on here.");
    };
    let on = libraries.features(library).join(", ");
    if on.is_empty() {
        return format!("The feature `{feature}` of `{library}` is not turned on here.");
    }
    format!("The feature `{feature}` of `{library}` is not turned on here. These are: {on}.")
}

/// The text between `words` and the next backtick.
fn after<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(words)?;
    rest.split('`').next()
}

#[cfg(test)]
mod tests {
    use super::explain;
    use crate::library::Libraries;

    #[test]
    fn names_what_there_is() {
        let libraries = Libraries::named(&["futures", "tokio", "tokio_util"]);
        let of = |rendered: &str| explain(rendered, &libraries).unwrap_or_default();
        let all = "The crate `rand` is not available here. You can use these: futures, tokio, tokio_util.";
        assert_eq!(
            of("  = help: you might be missing a crate named `rand`\n"),
            all
        );
        assert_eq!(of("error[E0463]: can't find crate for `rand`\n"), all);
        let gated = "could not find `io` in `tokio_util`\n | -- the item is gated behind the `io` feature\n";
        assert_eq!(
            of(gated),
            "The feature `io` of `tokio_util` is not turned on here."
        );
        assert_eq!(
            of("use of unresolved module or unlinked crate `tokio`\n"),
            ""
        );
        assert_eq!(of("error[E0308]: mismatched types\n"), "");
    }
}
