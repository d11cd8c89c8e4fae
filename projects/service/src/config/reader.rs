//! Takes settings by name, and collects what is wrong with them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

use super::{Config, Mistakes};

/// Where a value comes from is in the messages; the value itself is only there if its parser puts it there.
struct Entry {
    value: String,
    origin: String,
}

pub(super) struct Reader {
    entries: BTreeMap<String, Entry>,
    mistakes: Vec<String>,
}

impl Reader {
    pub(super) fn new<N, V>(vars: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let (mut variables, mut mistakes) = (BTreeMap::new(), Vec::new());
        for (name, value) in vars {
            let Ok(name) = name.into().into_string() else {
                continue;
            };
            if !name.starts_with("SERVICE_") {
                continue;
            }
            match value.into().into_string() {
                Ok(value) => {
                    let origin = String::new();
                    variables.insert(name, Entry { value, origin });
                }
                Err(_) => mistakes.push(format!("{name}: is not UTF-8")),
            }
        }
        let mut reader = Self {
            entries: BTreeMap::new(),
            mistakes,
        };
        if let Some(path) = variables.remove("SERVICE_CONFIG") {
            reader.read_file(&path.value);
        }
        reader.entries.extend(variables);
        reader
    }

    /// Lines of the form `NAME = value`. Blank lines and lines that begin with `#` are comments.
    fn read_file(&mut self, path: &str) {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return self.mistake(format!("SERVICE_CONFIG: {path}: {error}")),
        };
        for (index, line) in text.lines().enumerate() {
            let (line, origin) = (line.trim(), format!(" ({path}:{})", index + 1));
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((name, value)) = line.split_once('=') else {
                // What the line says may be a secret.
                self.mistake(format!("{path}:{}: is not `NAME = value`", index + 1));
                continue;
            };
            let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
            let entry = Entry { value, origin };
            if let Some(first) = self.entries.insert(name.clone(), entry) {
                self.mistake(format!("{name}: is set twice{}", first.origin));
            }
        }
    }

    /// The value of a setting, or `default`. An empty value is the default, too.
    pub(super) fn read<T>(
        &mut self,
        name: &str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (value, origin) = match self.entries.remove(name) {
            Some(entry) if !entry.value.is_empty() => (entry.value, entry.origin),
            _ => (default.to_owned(), String::new()),
        };
        let parsed = parse(&value);
        parsed
            .map_err(|reason| self.mistake(format!("{name}: {reason}{origin}")))
            .ok()
    }

    pub(super) fn required<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.read(name, "", |value| match value {
            "" => Err("is required".to_owned()),
            value => parse(value),
        })
    }

    pub(super) fn mistake(&mut self, message: String) {
        self.mistakes.push(message);
    }

    /// What nothing has read is a mistake: its name is misspelled, perhaps.
    pub(super) fn finish(mut self, config: Option<Config>) -> Result<Config, Mistakes> {
        for (name, entry) in self.entries {
            let message = format!("{name}: there is no such setting{}", entry.origin);
            self.mistakes.push(message);
        }
        match config {
            Some(config) if self.mistakes.is_empty() => Ok(config),
            _ => Err(Mistakes(self.mistakes)),
        }
    }
}
