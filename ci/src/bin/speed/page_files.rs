//! The files that a browser loads with a page.

use anyhow::{Context, Result};

/// The page, its style sheets and scripts, and the modules that these import statically. `get` loads a file of the
/// server by its path.
pub fn of(page: &str, get: impl Fn(&str) -> Result<String>) -> Result<Vec<String>> {
    let mut files = vec![page.to_owned()];
    for name in linked(&get(page)?) {
        add(&mut files, resolve(page, name)?);
    }
    let mut next = 1;
    while let Some(file) = files.get(next).cloned() {
        next += 1;
        if file.ends_with(".js") {
            for name in imported(&get(&file)?) {
                add(&mut files, resolve(&file, name)?);
            }
        }
    }
    Ok(files)
}

fn add(files: &mut Vec<String>, file: String) {
    if !files.contains(&file) {
        files.push(file);
    }
}

/// The style sheets and scripts that a page links to.
fn linked(html: &str) -> impl Iterator<Item = &str> {
    ["href=\"", "src=\""]
        .into_iter()
        .flat_map(|attribute| html.split(attribute).skip(1))
        .filter_map(|rest| rest.split_once('"'))
        .map(|(name, _)| name)
        .filter(|name| [".css", ".js"].iter().any(|end| name.ends_with(end)))
}

/// The modules that a script imports statically, by relative names. A dynamic `import()` loads its module later.
fn imported(script: &str) -> impl Iterator<Item = &str> {
    script.lines().filter_map(|line| {
        let is_import = ["import ", "export ", "} "]
            .iter()
            .any(|begin| line.starts_with(begin));
        let name = line.trim_end_matches(';').strip_suffix('"')?;
        let (before, name) = name.rsplit_once('"')?;
        let is_static = before == "import " || before.ends_with(" from ");
        (is_import && is_static && name.starts_with('.')).then_some(name)
    })
}

/// The path of a file that another file refers to by a relative name.
fn resolve(file: &str, name: &str) -> Result<String> {
    let (folder, _) = file.rsplit_once('/').unwrap_or_default();
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => {
                path.pop().with_context(|| {
                    format!("{file} refers to {name}, which is outside the book")
                })?;
            }
            part => path.push(part),
        }
    }
    Ok(path.join("/"))
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::of;

    const FILES: &[(&str, &str)] = &[
        (
            "page.html",
            "<link rel=\"stylesheet\" href=\"css/a.css\"><a href=\"next.html\">Next</a>\
             <script type=\"module\" src=\"scripts/main.js\"></script>",
        ),
        (
            "scripts/main.js",
            "import { a } from \"./inner/a.js\";\nimport {\n  b,\n} from \"./b.js\";\nimport \"./inner/c.js\";\n",
        ),
        (
            "scripts/inner/a.js",
            "export { b } from \"../b.js\";\nconst later = () => import(\"./later.js\");\n",
        ),
        (
            "scripts/b.js",
            "const text = \"import { x } from './x.js'\";\n",
        ),
        ("scripts/inner/c.js", "import { a } from \"./a.js\";\n"),
    ];

    #[test]
    fn static_imports_are_followed_and_each_file_is_named_once() {
        let get = |path: &str| {
            let file = FILES.iter().find(|(name, _)| *name == path);
            Ok(file.context("no such file")?.1.to_owned())
        };
        assert_eq!(
            of("page.html", get).expect("every file is there"),
            [
                "page.html",
                "css/a.css",
                "scripts/main.js",
                "scripts/inner/a.js",
                "scripts/b.js",
                "scripts/inner/c.js",
            ]
        );
    }
}
