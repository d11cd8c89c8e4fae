//! Takes a module apart into its items and their tokens.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Deeper groups are taken for empty ones, so that a hostile answer cannot overflow the stack.
const MAX_DEPTH: usize = 100;

/// Operators of several characters. `>>` is none of them, because it also ends two lists of types.
const OPERATORS: &[&str] = &[
    "=>", "->", "::", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "^=", "..",
    "..=",
];

/// The keywords that a name is declared with.
const DECLARES: &[&str] = &[
    "fn", "struct", "enum", "type", "const", "static", "trait", "mod",
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    Number(String),
    Text(String),
    Operator(String),
    Group(Delimiter, Vec<Token>),
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        matches!(self, Self::Word(own) | Self::Operator(own) if own == text)
    }

    pub fn is_group(&self, of: Delimiter) -> bool {
        matches!(self, Self::Group(delimiter, _) if *delimiter == of)
    }
}

/// One item of a module.
#[derive(Debug)]
pub(super) struct Item {
    /// Its name, or the header of an impl. Items with the same key are counterparts.
    key: String,
    /// Its name, or the name of the type of an impl.
    name: String,
    pub tokens: Vec<Token>,
}

/// The items of a module.
#[derive(Debug)]
pub(super) struct Module {
    items: Vec<Item>,
    /// `Plain` to `Mutex` for `use std::sync::Mutex as Plain`.
    pub aliases: BTreeMap<String, String>,
}

impl Module {
    /// Of several items with the same key, only the first counts: a wrong answer followed by the solution is the
    /// solution with the items of the wrong answer. `None` if the text is not Rust.
    pub fn parse(text: &str) -> Option<Self> {
        let stream: TokenStream = text.parse().ok()?;
        let tokens = tokens(stream, 0);
        let is_last = |token: &Token| token.is(";") || token.is_group(Delimiter::Brace);
        let (mut items, mut aliases) = (Vec::<Item>::new(), BTreeMap::new());
        for tokens in tokens.split_inclusive(is_last) {
            if tokens.iter().any(|token| token.is("use")) {
                let words = words(tokens);
                for window in words.windows(3) {
                    if window[1] == "as" {
                        aliases.insert(window[2].to_owned(), window[0].to_owned());
                    }
                }
            } else if let Some((key, name)) = identity(tokens)
                && items.iter().all(|item| item.key != key)
            {
                let tokens = tokens.to_vec();
                items.push(Item { key, name, tokens });
            }
        }
        Some(Self { items, aliases })
    }

    /// The items of an exercise, and those that they use, without the other exercises.
    pub fn reached_from(&self, exercise: &str, others: &BTreeSet<&str>) -> Vec<&Item> {
        let mut names = BTreeSet::from([exercise]);
        let mut left: Vec<&Item> = self.items.iter().collect();
        left.retain(|item| item.name == exercise || !others.contains(&*item.name));
        let mut reached = Vec::new();
        loop {
            let used: Vec<_> = left
                .extract_if(.., |item| names.contains(&*item.name))
                .collect();
            if used.is_empty() {
                return reached;
            }
            for item in &used {
                names.extend(words(&item.tokens));
            }
            reached.extend(used);
        }
    }
}

/// The names that these tokens declare, at any depth.
pub(super) fn declared(tokens: &[Token]) -> BTreeSet<&str> {
    let words = words(tokens);
    let declarations = words.windows(2).filter(|pair| DECLARES.contains(&pair[0]));
    declarations.map(|pair| pair[1]).collect()
}

/// All words, at any depth.
pub(super) fn words(tokens: &[Token]) -> Vec<&str> {
    let words = tokens.iter().flat_map(|token| match token {
        Token::Word(word) => vec![&**word],
        Token::Group(_, tokens) => words(tokens),
        _ => Vec::new(),
    });
    words.collect()
}

/// The key and the name of an item that has one.
fn identity(tokens: &[Token]) -> Option<(String, String)> {
    for (index, token) in tokens.iter().enumerate() {
        let rest = &tokens[index + 1..];
        if token.is("impl") {
            let header = outside_of_angles(rest);
            let name = (*header.last()?).to_owned();
            return Some((format!("impl {}", header.join(" ")), name));
        }
        let is_const_fn = token.is("const") && rest.first().is_some_and(|next| next.is("fn"));
        if let Token::Word(word) = token
            && DECLARES.contains(&&**word)
            && !is_const_fn
        {
            let name = words(rest).into_iter().find(|word| *word != "mut")?;
            return Some((name.to_owned(), name.to_owned()));
        }
    }
    None
}

/// The words of an impl's header, without what is in angle brackets: `Drop for Gate` for `<T> Drop for Gate<T>`.
fn outside_of_angles(header: &[Token]) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for token in header {
        match token {
            Token::Operator(operator) if operator == "<" => depth += 1,
            Token::Operator(operator) if operator == ">" => depth = depth.saturating_sub(1),
            Token::Word(word) if word == "where" => break,
            Token::Word(word) if depth == 0 => found.push(&**word),
            _ => {}
        }
    }
    found
}

/// The tokens without attributes, doc comments and lifetimes.
fn tokens(stream: TokenStream, depth: usize) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        tokens.push(match tree {
            TokenTree::Ident(word) => Token::Word(word.to_string()),
            TokenTree::Literal(literal) => {
                let literal = literal.to_string();
                if literal.starts_with(|c: char| c.is_ascii_digit()) {
                    Token::Number(literal)
                } else {
                    Token::Text(literal)
                }
            }
            TokenTree::Group(group) => {
                let inner = if depth < MAX_DEPTH {
                    self::tokens(group.stream(), depth + 1)
                } else {
                    Vec::new()
                };
                Token::Group(group.delimiter(), inner)
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                trees.next();
                continue;
            }
            TokenTree::Punct(punct) => {
                let mut operator = punct.as_char().to_string();
                while let Some(TokenTree::Punct(next)) = trees.peek() {
                    let longer = format!("{operator}{}", next.as_char());
                    if !OPERATORS.contains(&&*longer) {
                        break;
                    }
                    operator = longer;
                    trees.next();
                }
                Token::Operator(operator)
            }
        });
        let is_attribute = match &*tokens {
            [.., hash, group] => hash.is("#") && group.is_group(Delimiter::Bracket),
            _ => false,
        };
        if is_attribute {
            tokens.truncate(tokens.len() - 2);
        } else if tokens.len() >= 3 {
            // `#![…]`
            let at = tokens.len() - 3;
            if tokens[at].is("#")
                && tokens[at + 1].is("!")
                && tokens[at + 2].is_group(Delimiter::Bracket)
            {
                tokens.truncate(at);
            }
        }
    }
    tokens
}
