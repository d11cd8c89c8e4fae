//! Reads a grader's files: finds the tests, and makes them public so that one can be called.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Item, ItemFn, ItemMod, Lit, Meta, Visibility};

use super::Prepared;
use crate::Source;

/// The file `root` of these, and the modules that it names.
pub(super) fn prepare(sources: &[Source], root: &str) -> Result<Prepared> {
    let mut prepared = Prepared {
        root: root.to_owned(),
        tests: Vec::new(),
        sources: Vec::new(),
    };
    prepared.file(sources, root, "")?;
    Ok(prepared)
}

/// A change to a text: what stands in the range is replaced.
type Edit = (Range<usize>, String);

impl Prepared {
    fn file(&mut self, sources: &[Source], file: &str, module: &str) -> Result<()> {
        let mut named = sources.iter().filter(|source| source.file == file);
        let source = named
            .next()
            .with_context(|| format!("{file} is missing."))?;
        let mut text = String::from_utf8(source.text.clone())?;
        let parsed = syn::parse_file(&text);
        let mut edits = Vec::new();
        let mut modules = Vec::new();
        let parsed = parsed.with_context(|| format!("{file} is not Rust."))?;
        self.items(&parsed.items, module, &mut edits, &mut modules)?;
        // The parser remembers every file it has read, and a watcher reads the same ones all day.
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
        let takes_and_gives_nothing = function.sig.inputs.is_empty()
            && matches!(function.sig.output, syn::ReturnType::Default)
            && function.sig.asyncness.is_none();
        ensure!(
            plain && takes_and_gives_nothing,
            "The test `{name}` is more than a plain `#[test] fn {}()`.",
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

/// The file in `#[path = "gather/fetch_all.rs"]`. Graders name it: where a bare `mod` looks depends on
/// the file it stands in.
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
            "`mod {};` does not say its file: write #[path = \"..\"] above it.",
            module.ident
        ),
    }
}
