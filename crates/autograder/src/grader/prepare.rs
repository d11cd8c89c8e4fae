//! Parses a grader's files: finds the tests, and makes them public so that `main` can call them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Item, ItemFn, ItemMod, Lit, Meta, Visibility};

use crate::source::Source;

/// A grader that can be compiled.
#[derive(Debug)]
pub struct Prepared {
    /// Its root file.
    pub root: String,
    /// The names of its tests, in the order of the files: `fetch_all::downloads_overlap`.
    pub tests: Vec<String>,
    /// Its files, with the tests made public and a `main` that runs one of them.
    pub sources: Vec<Source>,
}

/// Prepares the file `root` and the modules that it declares.
pub(super) fn prepare(sources: &[Source], root: &str) -> Result<Prepared> {
    let mut prepared = Prepared {
        root: root.to_owned(),
        tests: Vec::new(),
        sources: Vec::new(),
    };
    prepared.file(sources, root, "")?;
    Ok(prepared)
}

/// A change to a text: the range and its replacement.
type Edit = (Range<usize>, String);

impl Prepared {
    /// The tests of one exercise.
    pub fn tests_of<'a>(&'a self, exercise: &'a str) -> impl Iterator<Item = &'a str> {
        let of_exercise = move |test: &&str| {
            test.split_once("::")
                .is_some_and(|(module, _)| module == exercise)
        };
        self.tests.iter().map(String::as_str).filter(of_exercise)
    }

    fn file(&mut self, sources: &[Source], file: &str, module: &str) -> Result<()> {
        let mut named = sources.iter().filter(|source| source.file == file);
        let source = named
            .next()
            .with_context(|| format!("{file} does not exist."))?;
        let mut text = String::from_utf8(source.text.clone())?;
        let parsed = syn::parse_file(&text);
        let mut edits = Vec::new();
        let mut modules = Vec::new();
        let parsed = parsed.with_context(|| format!("{file} cannot be parsed as Rust."))?;
        self.items(&parsed.items, module, &mut edits, &mut modules)?;
        // The parser keeps every file that it has parsed, and a long-running watcher parses the same files again
        // and again.
        proc_macro2::extra::invalidate_current_thread_spans();
        edits.sort_by_key(|(range, _)| range.start);
        for (range, new) in edits.into_iter().rev() {
            text.replace_range(range, &new);
        }
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        let below: Vec<(PathBuf, String)> = modules
            .into_iter()
            .map(|(path, module)| (folder.join(path), module))
            .collect();
        self.sources.push(Source::new(file, text));
        for (path, module) in below {
            self.file(sources, &path.to_string_lossy().replace('\\', "/"), &module)?;
        }
        Ok(())
    }

    fn items(
        &mut self,
        items: &[Item],
        module: &str,
        edits: &mut Vec<Edit>,
        modules: &mut Vec<(String, String)>,
    ) -> Result<()> {
        for item in items {
            match item {
                Item::Fn(function) => self.function(function, module, edits)?,
                Item::Mod(inner) => {
                    let name = format!("{module}{}::", inner.ident);
                    edits.extend(make_public(&inner.vis, inner.mod_token.span));
                    match &inner.content {
                        Some((_, items)) => self.items(items, &name, edits, modules)?,
                        None => modules.push((path_of(inner)?, name)),
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn function(&mut self, function: &ItemFn, module: &str, edits: &mut Vec<Edit>) -> Result<()> {
        let Some(test) = function.attrs.iter().find(|a| a.path().is_ident("test")) else {
            return Ok(());
        };
        let name = format!("{module}{}", function.sig.ident);
        let plain = function.attrs.iter().all(|attribute| {
            ["test", "cfg", "doc", "expect", "allow"]
                .iter()
                .any(|known| attribute.path().is_ident(known))
        });
        let has_plain_signature = function.sig.inputs.is_empty()
            && matches!(function.sig.output, syn::ReturnType::Default)
            && function.sig.asyncness.is_none();
        ensure!(
            plain && has_plain_signature,
            "The test `{name}` does not have the form `#[test] fn {}()`.",
            function.sig.ident
        );
        let range = test.span().byte_range();
        edits.push((range.clone(), " ".repeat(range.len())));
        edits.extend(make_public(&function.vis, function.sig.fn_token.span));
        self.tests.push(name);
        Ok(())
    }
}

fn make_public(visibility: &Visibility, before: proc_macro2::Span) -> Option<Edit> {
    let start = before.byte_range().start;
    matches!(visibility, Visibility::Inherited).then(|| (start..start, "pub ".to_owned()))
}

/// The file in `#[path = "gather/fetch_all.rs"]`. Graders must have this attribute: where the compiler looks for a
/// plain `mod` depends on the file that contains it.
fn path_of(module: &ItemMod) -> Result<String> {
    let path = |attribute: &Attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("path") => match &meta.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    match module.attrs.iter().find_map(path) {
        Some(path) => Ok(path),
        None => bail!(
            "`mod {};` needs an attribute #[path = \"..\"] that names its file.",
            module.ident
        ),
    }
}
