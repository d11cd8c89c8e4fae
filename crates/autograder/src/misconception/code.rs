//! What an exercise's code does, as sets that do not depend on how its variables are named, in which order its items
//! are, and how its types are spelled.

use std::collections::BTreeSet;

use proc_macro2::Delimiter;

use super::tokens::{Module, Token, declared, words};

/// Names in which two answers that do the same may differ: they convert, collect and unwrap values.
const PLUMBING: &[&str] = &[
    "AcqRel",
    "Acquire",
    "Arc",
    "Box",
    "Clone",
    "Context",
    "Copy",
    "Cow",
    "Debug",
    "Default",
    "Err",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Future",
    "Into",
    "IntoFuture",
    "MAX",
    "MIN",
    "None",
    "Ok",
    "Option",
    "Ordering",
    "Output",
    "Pending",
    "Pin",
    "PoisonError",
    "Poll",
    "Rc",
    "Ready",
    "Relaxed",
    "Release",
    "Result",
    "Self",
    "Send",
    "SeqCst",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "Vec",
    "and_then",
    "as_mut",
    "as_ref",
    "as_str",
    "assert",
    "assert_eq",
    "bool",
    "chain",
    "clone",
    "cloned",
    "cmp",
    "collect",
    "contains_key",
    "copied",
    "debug_assert",
    "deref",
    "err",
    "expect",
    "extend",
    "false",
    "first",
    "flat_map",
    "format",
    "from",
    "from_fn",
    "get",
    "get_mut",
    "get_or_insert_with",
    "insert_with",
    "into",
    "into_inner",
    "into_iter",
    "is_empty",
    "is_err",
    "is_none",
    "is_ok",
    "is_some",
    "is_zero",
    "iter",
    "iter_mut",
    "last",
    "len",
    "load",
    "map",
    "map_err",
    "map_or",
    "max",
    "min",
    "new",
    "next",
    "ok",
    "or_else",
    "pin",
    "poll_fn",
    "pop",
    "pop_front",
    "println",
    "push",
    "push_back",
    "remove",
    "replace",
    "rev",
    "sort",
    "sort_by",
    "sort_by_key",
    "sort_unstable",
    "sort_unstable_by_key",
    "store",
    "str",
    "stream",
    "swap",
    "take",
    "task",
    "then",
    "then_some",
    "to_owned",
    "to_string",
    "to_vec",
    "true",
    "u32",
    "u64",
    "unreachable",
    "unwrap",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "usize",
    "vec",
    "with_capacity",
    "zip",
];

/// Plumbing whose place in the code matters.
const PLACED: &[&str] = &[
    "Err", "None", "Ok", "Pending", "Ready", "Some", "false", "first", "last", "max", "min", "pop",
    "remove", "replace", "rev", "swap", "true",
];

/// Names that count as the same.
const SYNONYMS: &[(&str, &str)] = &[
    ("BTreeMap", "HashMap"),
    ("BTreeSet", "HashSet"),
    ("downcast_ref", "downcast"),
    ("lock_owned", "lock"),
    ("wake_by_ref", "wake"),
];

/// Words that are names although nothing around them shows it.
const NAMES: &[&str] = &["await", "biased", "false", "i32", "true", "u16", "u8"];

/// Operators whose place matters.
const OPERATORS: &[&str] = &["!", "!=", "%", "+", "+=", "-", "-=", "<=", "==", ">=", "^="];

const KEYWORDS: &[&str] = &[
    "as", "async", "break", "const", "continue", "crate", "dyn", "else", "enum", "fn", "for", "if",
    "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self",
    "static", "struct", "super", "trait", "type", "unsafe", "use", "where", "while",
];

/// A kind of feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The name of a function, a method, a macro or a type.
    Name,
    /// A name, in the body of a loop.
    InLoop,
    /// Two names in the same statement.
    Together,
    /// Two names, one after the other.
    InOrder,
    /// A literal, an operator, or a name that is plumbing.
    Minor,
}

/// The code of one answer to an exercise.
#[derive(Debug, Default)]
pub(super) struct Code {
    pub features: BTreeSet<(Kind, String)>,
    /// Every word, also in signatures.
    pub words: BTreeSet<String>,
    /// All tokens.
    pub tokens: Vec<Token>,
}

impl Code {
    /// The code of an exercise in a module, with the items that it uses. `None` if the text is not Rust.
    pub fn of(module: &str, exercise: &str, others: &BTreeSet<&str>) -> Option<Self> {
        let module = Module::parse(module)?;
        let items = module.reached_from(exercise, others);
        let all: Vec<Token> = items.iter().flat_map(|item| item.tokens.clone()).collect();
        let mut reader = Reader {
            module: &module,
            own: declared(&all).into_iter().map(str::to_owned).collect(),
            code: Self::default(),
        };
        for item in &items {
            for token in &item.tokens {
                if let Token::Group(Delimiter::Brace, body) = token {
                    reader.body(body, false, None);
                }
            }
        }
        let mut code = reader.code;
        code.words = words(&all)
            .into_iter()
            .map(|word| module.name(word))
            .collect();
        code.tokens = all;
        Some(code)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.features.iter().filter(|(kind, _)| *kind == Kind::Name);
        names.map(|(_, name)| &**name)
    }
}

impl Module {
    /// What a word of this module is called elsewhere.
    fn name(&self, word: &str) -> String {
        let word = self.aliases.get(word).map_or(word, |name| name);
        let synonym = SYNONYMS.iter().find(|(other, _)| *other == word);
        synonym.map_or(word, |(_, name)| name).to_owned()
    }
}

struct Reader<'a> {
    module: &'a Module,
    /// The names that the answer declares itself.
    own: BTreeSet<String>,
    code: Code,
}

/// The content of one pair of braces.
struct Body {
    in_loop: bool,
    /// Whether the next braces are the body of a loop.
    before_loop: bool,
    statement: BTreeSet<String>,
    last: Option<String>,
}

impl Reader<'_> {
    /// Reads the content of braces, which follows the name `last`. Returns the last name in it.
    fn body(&mut self, tokens: &[Token], in_loop: bool, last: Option<String>) -> Option<String> {
        let mut body = Body {
            in_loop,
            before_loop: false,
            statement: BTreeSet::new(),
            last,
        };
        self.read(tokens, true, &mut body);
        self.end_statement(&mut body);
        body.last
    }

    fn read(&mut self, tokens: &[Token], is_statement: bool, body: &mut Body) {
        for (index, token) in tokens.iter().enumerate() {
            let next = tokens.get(index + 1);
            let next_is = |text: &str| next.is_some_and(|next| next.is(text));
            match token {
                Token::Group(Delimiter::Brace, inner) => {
                    let in_loop = body.in_loop || std::mem::take(&mut body.before_loop);
                    body.last = self.body(inner, in_loop, body.last.take());
                    if is_statement && ![".", "?", "else"].into_iter().any(next_is) {
                        self.end_statement(body);
                    }
                }
                Token::Group(_, inner) => self.read(inner, false, body),
                Token::Operator(operator)
                    if is_statement && [";", ",", "=>"].contains(&&**operator) =>
                {
                    self.end_statement(body);
                }
                Token::Word(word) => {
                    if ["loop", "while"].contains(&&**word) || (word == "for" && !next_is("<")) {
                        body.before_loop = true;
                    }
                    let before = index.checked_sub(1).map(|before| &tokens[before]);
                    if let Some(name) = self.name(word, before, &tokens[index + 1..]) {
                        let is_minor = PLUMBING.contains(&&*name);
                        if !is_minor || PLACED.contains(&&*name) {
                            self.add(name, is_minor, body);
                        }
                    }
                }
                Token::Number(number) => {
                    let digits = number.replace('_', "");
                    let end = digits.find(|c: char| !c.is_ascii_digit());
                    let number = &digits[..end.unwrap_or(digits.len())];
                    self.add(number.to_owned(), true, body);
                }
                Token::Operator(operator) if OPERATORS.contains(&&**operator) => {
                    self.add(operator.clone(), true, body);
                }
                Token::Operator(_) | Token::Text(_) => {}
            }
        }
    }

    /// The name that a word is; `None` for variables, fields, modules and what the answer declares itself.
    fn name(&self, word: &str, before: Option<&Token>, after: &[Token]) -> Option<String> {
        let name = self.module.name(word);
        if KEYWORDS.contains(&&*name) || self.own.contains(&name) {
            return None;
        }
        let next = after.first();
        let next_is = |text: &str| next.is_some_and(|next| next.is(text));
        let is_type = name.starts_with(|c: char| c.is_uppercase());
        let is_path = next_is("::");
        let has_types = is_path && after.get(1).is_some_and(|token| token.is("<"));
        if is_path && !is_type && !has_types {
            return None;
        }
        let is_call = next.is_some_and(|next| next.is_group(Delimiter::Parenthesis));
        let ends_path = before.is_some_and(|before| before.is("::"));
        let is_name =
            is_type || is_call || has_types || ends_path || next_is("!") || NAMES.contains(&&*name);
        is_name.then_some(name)
    }

    fn add(&mut self, name: String, is_minor: bool, body: &mut Body) {
        let features = &mut self.code.features;
        if let Some(last) = body.last.replace(name.clone()) {
            features.insert((Kind::InOrder, format!("{last} {name}")));
        }
        if is_minor {
            features.insert((Kind::Minor, name.clone()));
        } else {
            features.insert((Kind::Name, name.clone()));
            if body.in_loop || body.before_loop {
                features.insert((Kind::InLoop, name.clone()));
            }
        }
        body.statement.insert(name);
    }

    fn end_statement(&mut self, body: &mut Body) {
        let names = std::mem::take(&mut body.statement);
        for (index, first) in names.iter().enumerate() {
            for second in names.iter().skip(index + 1) {
                let pair = format!("{first} {second}");
                if body.in_loop {
                    self.code.features.insert((Kind::InLoop, pair.clone()));
                }
                self.code.features.insert((Kind::Together, pair));
            }
        }
    }
}
