//! Which libraries a program is compiled against: those of the exercises, or also those of the real programs in `projects`,
//! which are many, and are built when the first program needs them.

use proc_macro2::{TokenStream, TokenTree};

/// What the real programs add to the libraries of the exercises: the dependencies of the crate `project-libraries` that
/// `exercises` does not have.
const OF_PROJECTS: &[&str] = &[
    "axum",
    "chat",
    "orders",
    "plot",
    "proptest",
    "reqwest",
    "resilience",
    "scraper",
    "serde",
    "serde_json",
    "service",
    "sqlx",
    "tokio_tungstenite",
    "tower",
    "tracing_subscriber",
    "turmoil",
];

/// Deeper groups are not looked into, so that a hostile program cannot overflow the stack.
const MAX_DEPTH: usize = 100;

/// A set of libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LibrarySet {
    /// What answers and most programs may use: the dependencies of the crate `exercises`.
    Exercises,
    /// What programs about the real programs may use: the dependencies of the crate `project-libraries`.
    Projects,
}

impl LibrarySet {
    /// The smallest set that has every crate that a program names in a path or in a `use`. Words in comments and texts do
    /// not count.
    pub fn needed_by(program: &str) -> Self {
        // A program that is not made of tokens does not compile with any libraries.
        let tokens: TokenStream = program.parse().unwrap_or_default();
        if names_one_of_projects(tokens, MAX_DEPTH) {
            Self::Projects
        } else {
            Self::Exercises
        }
    }

    /// The crate whose dependencies are the set.
    pub(super) fn package(self) -> &'static str {
        match self {
            Self::Exercises => "exercises",
            Self::Projects => "project-libraries",
        }
    }

    /// The arguments with which cargo builds the set.
    ///
    /// The test of the library `exercises` is built because cargo then builds all dev-dependencies, too. `workspace-hack`
    /// gives them the features that they have in the tool, so that what cargo has compiled for the tool is not compiled
    /// again.
    pub(super) fn build_arguments(self) -> &'static [&'static str] {
        match self {
            Self::Exercises => &[
                "test",
                "--no-run",
                "--message-format=json",
                "-p",
                "exercises",
                "-p",
                "workspace-hack",
                "--features",
                "exercises/loom",
                "--lib",
            ],
            Self::Projects => &[
                "build",
                "--message-format=json",
                "-p",
                "project-libraries",
                "-p",
                "workspace-hack",
            ],
        }
    }

    /// The folders of the workspace from which the set is built.
    pub(super) fn sources(self) -> &'static [&'static str] {
        match self {
            Self::Exercises => &["crates/grading", "crates/timeline"],
            Self::Projects => &[
                "crates/grading",
                "crates/timeline",
                "crates/plot",
                "projects",
            ],
        }
    }

    /// The file that remembers what cargo has built, in the target folder.
    pub(super) fn stored_as(self) -> &'static str {
        match self {
            Self::Exercises => "workbook/libraries.json",
            Self::Projects => "workbook/project-libraries.json",
        }
    }
}

fn names_one_of_projects(tokens: TokenStream, depth: usize) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    (0..tokens.len()).any(|n| match &tokens[n] {
        TokenTree::Group(group) => depth > 0 && names_one_of_projects(group.stream(), depth - 1),
        TokenTree::Ident(word) => {
            let (before, after) = (&tokens[..n], &tokens[n + 1..]);
            let in_use = match before {
                [.., TokenTree::Ident(word)] => word == "use",
                [.., TokenTree::Ident(word), first, _] => word == "use" && is_colon(first),
                _ => false,
            };
            (in_use || starts_with_colons(after) && !continues_a_path(before))
                && OF_PROJECTS.contains(&word.to_string().as_str())
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

fn starts_with_colons(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [first, second, ..] if is_colon(first) && is_colon(second))
}

/// Whether what comes next is inside a path: `a::` comes before it, and not a path's own `::`.
fn continues_a_path(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(word), first, second] if is_colon(first) && is_colon(second) => {
            word != "use"
        }
        [.., TokenTree::Punct(punct), first, second] if is_colon(first) && is_colon(second) => {
            punct.as_char() == '>'
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{LibrarySet, OF_PROJECTS};

    #[track_caller]
    fn assert_needs(expected: LibrarySet, program: &str) {
        assert_eq!(LibrarySet::needed_by(program), expected, "{program}");
    }

    #[test]
    fn a_program_that_names_a_crate_of_the_projects_needs_their_libraries() {
        for program in [
            "use axum::Router; fn main() {}",
            "use reqwest; fn main() {}",
            "use reqwest as http;",
            "use {sqlx::Row, tokio::time};",
            "fn main() { let x = scraper::Site::new(); }",
            "#[derive(serde::Serialize)] struct Message;",
            "use ::tower::Service;",
            "use ::reqwest;",
        ] {
            assert_needs(LibrarySet::Projects, program);
        }
    }

    #[test]
    fn a_word_that_is_no_crate_needs_nothing() {
        for program in [
            "fn main() { let orders = 1; println!(\"{orders}\"); }",
            "// use axum::Router;\nfn main() {}",
            "fn main() { println!(\"use sqlx::Row\"); }",
            "mod upstream { pub mod chat { pub fn say() {} } } fn main() { upstream::chat::say(); }",
            "struct Page { scraper: u8 }",
            "fn main( {",
        ] {
            assert_needs(LibrarySet::Exercises, program);
        }
    }

    #[test]
    fn groups_without_end_do_not_overflow_the_stack() {
        let program = format!("{}axum::Router{}", "(".repeat(5000), ")".repeat(5000));
        assert_needs(LibrarySet::Exercises, &program);
    }

    #[test]
    fn the_list_is_what_the_projects_add_to_the_exercises() {
        let of = |manifest: &str| {
            let manifest: toml::Table = manifest.parse().expect("it is TOML");
            let tables =
                ["dependencies", "dev-dependencies"].map(|name| manifest.get(name).cloned());
            let tables = tables.into_iter().flatten();
            let names = tables.flat_map(|table| table.as_table().cloned().unwrap_or_default());
            names
                .map(|(name, _)| name.replace('-', "_"))
                .collect::<Vec<_>>()
        };
        let exercises = of(include_str!("../../../../exercises/Cargo.toml"));
        let mut added = of(include_str!("../../../../projects/libraries/Cargo.toml"));
        added.retain(|name| !exercises.contains(name));
        added.sort_unstable();
        assert_eq!(added, OF_PROJECTS);
    }
}
