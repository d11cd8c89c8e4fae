use robotstxt::{RobotsParseHandler, parse_robotstxt};
use url::Url;

/// What is read of a `robots.txt`, in bytes. RFC 9309 asks for at least 500 KiB.
pub(crate) const MAX_ROBOTS: usize = 512 << 10;

/// Longer lines are left out. The parser slices lines of more than 16 KiB between the bytes of a character, and panics.
const MAX_LINE: usize = 8 << 10;

/// Further rules are left out, so that no host makes each check slow.
const MAX_RULES: usize = 5_000;

/// What a host lets a crawler visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rules {
    /// Everything: the host has no `robots.txt`.
    AllowAll,
    /// Nothing: the host could not say, because its `robots.txt` failed with a 5xx or without a response.
    DisallowAll,
    /// What its `robots.txt` says about this crawler.
    Some(Vec<Rule>),
}

/// A line of a `robots.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// How a path begins, with `*` for any characters, and `$` for the end.
    pub pattern: String,
    /// Whether such a path may be visited.
    pub allow: bool,
}

impl Rules {
    /// Reads what a `robots.txt` says about `agent`: the groups with this name, or else those with the name `*`.
    #[must_use]
    pub fn parse(body: &[u8], agent: &str) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}');
        let lines: Vec<_> = text
            .split(['\n', '\r'])
            .filter(|line| line.len() <= MAX_LINE)
            .collect();
        let mut groups = Groups::new(agent);
        parse_robotstxt(&lines.join("\n"), &mut groups);
        Self::Some(groups.named.unwrap_or(groups.general))
    }

    /// Whether `url` may be visited. The longest pattern counts, and of two that are equally long the one that allows.
    /// `/robots.txt` itself may always be visited.
    #[must_use]
    pub fn allow(&self, url: &Url) -> bool {
        let rules = match self {
            _ if url.path() == "/robots.txt" => return true,
            Self::AllowAll => return true,
            Self::DisallowAll => return false,
            Self::Some(rules) => rules,
        };
        let mut path = url.path().to_owned();
        if let Some(query) = url.query() {
            path = format!("{path}?{query}");
        }
        rules
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))
            .is_none_or(|rule| rule.allow)
    }
}

/// Whether a path begins like a pattern. Takes the first place for each part between two `*`, and never goes back, so the time
/// does not grow with the number of `*`. (The matcher of `robotstxt` takes seconds for 40 of them.)
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            match rest.split_once(middle) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
    }
    match (last, to_the_end) {
        (None, false) => true,
        (None, true) => rest.is_empty(),
        (Some(last), false) => rest.contains(last),
        (Some(last), true) => rest.ends_with(last),
    }
}

/// Collects the rules of the groups for one agent, and of those for all.
struct Groups<'a> {
    agent: &'a str,
    named: Option<Vec<Rule>>,
    general: Vec<Rule>,
    in_named: bool,
    in_general: bool,
    /// The group has rules, so the next `User-agent` begins another one.
    has_rules: bool,
}

impl<'a> Groups<'a> {
    fn new(agent: &'a str) -> Self {
        Self {
            agent,
            named: None,
            general: Vec::new(),
            in_named: false,
            in_general: false,
            has_rules: false,
        }
    }

    fn rule(&mut self, pattern: &str, allow: bool) {
        self.has_rules = true;
        let pattern = pattern.to_owned();
        let rule = Rule { pattern, allow };
        if rule.pattern.is_empty() {
            return; // an empty `Disallow` forbids nothing
        }
        if self.in_named {
            push(self.named.get_or_insert_default(), rule);
        } else if self.in_general {
            push(&mut self.general, rule);
        }
    }
}

fn push(rules: &mut Vec<Rule>, rule: Rule) {
    if rules.len() < MAX_RULES {
        rules.push(rule);
    }
}

impl RobotsParseHandler for Groups<'_> {
    fn handle_robots_start(&mut self) {}

    fn handle_robots_end(&mut self) {}

    fn handle_user_agent(&mut self, _line: u32, name: &str) {
        if self.has_rules {
            (self.in_named, self.in_general, self.has_rules) = (false, false, false);
        }
        let is_letter = |c: char| c.is_ascii_alphabetic() || c == '-' || c == '_';
        let end = name.find(|c| !is_letter(c)).unwrap_or(name.len());
        if name == "*" {
            self.in_general = true;
        } else if name[..end].eq_ignore_ascii_case(self.agent) {
            self.in_named = true;
            self.named.get_or_insert_default();
        }
    }

    fn handle_allow(&mut self, _line: u32, pattern: &str) {
        self.rule(pattern, true);
    }

    fn handle_disallow(&mut self, _line: u32, pattern: &str) {
        self.rule(pattern, false);
    }

    fn handle_sitemap(&mut self, _line: u32, _url: &str) {}

    fn handle_unknown_action(&mut self, _line: u32, _action: &str, _value: &str) {}
}

#[cfg(test)]
mod tests;
