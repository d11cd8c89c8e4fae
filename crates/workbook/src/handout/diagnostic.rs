//! Compile errors in a narrow column: labels and messages are broken, and what they point at stays above them.

/// The least room for a label beside what it points at, in characters. With less, the label is below that.
const LEAST_ROOM: usize = 20;

/// What a label's line is drawn with.
const DRAWN: &[char] = &[' ', '^', '-', '|', '_', '~', '+'];

/// The lines of compile errors with none longer than `width`; `None` if a line of code is longer, or they are none.
pub fn narrowed(lines: &[String], width: usize) -> Option<Vec<String>> {
    if !lines.iter().any(|line| line.contains(" --> ")) {
        return None;
    }
    let mut narrow = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let line = without_marker(line);
        if length(line) <= width {
            narrow.push(line.to_owned());
            continue;
        }
        match gutter(line) {
            None => narrow.extend(message(line, width)?),
            Some(gutter) => {
                let next = lines.get(number + 1).map_or("", String::as_str);
                narrow.extend(label(line, gutter, next, width)?);
            }
        }
    }
    Some(narrow)
}

/// A line of code without the book's comment that marks the error, which the program above has too.
fn without_marker(line: &str) -> &str {
    let code = line
        .split_once(" // error[")
        .filter(|_| gutter(line).is_some());
    code.filter(|(_, marker)| marker.ends_with(']'))
        .map_or(line, |(code, _)| code)
}

/// Where the bar on the left of code and labels is.
fn gutter(line: &str) -> Option<usize> {
    let (number, _) = line.split_once(" |")?;
    let is_number = number.chars().all(|c| c == ' ' || c.is_ascii_digit());
    is_number.then_some(number.len() + 1)
}

/// A message, and what belongs to it below its beginning.
fn message(line: &str, width: usize) -> Option<Vec<String>> {
    let text = line.trim_start();
    let indent = length(line) - length(text);
    let hang = if text.starts_with("= ") { 2 } else { 4 };
    let lines = broken(text, width.checked_sub(indent + hang)?)?;
    let lines = lines.into_iter().enumerate();
    let lines = lines.map(|(number, line)| {
        let hang = if number == 0 { 0 } else { hang };
        " ".repeat(indent + hang) + &line
    });
    Some(lines.collect())
}

/// A label beside or below what it points at.
fn label(line: &str, gutter: usize, next: &str, width: usize) -> Option<Vec<String>> {
    let (left, right) = line.split_at(gutter + 1);
    if left.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let start = gutter + 1 + right.find(|c| !DRAWN.contains(&c))?;
    let (drawn, text) = line.split_at(start);
    let is_beside = width.saturating_sub(start) >= LEAST_ROOM;
    let column = if is_beside {
        start
    } else {
        let drawn = drawn.trim_end();
        drawn.rfind([' ', '|']).map_or(start, |before| before + 1)
    };
    let room = width
        .checked_sub(column)
        .filter(|room| *room >= LEAST_ROOM)?;
    // The bars of labels further down go on.
    let bars = next.bytes().chain(std::iter::repeat(b' ')).take(column);
    let bars = bars.enumerate().map(|(at, byte)| match byte {
        b'|' => '|',
        _ if at == gutter => '|',
        _ => ' ',
    });
    let left: String = bars.collect();
    let mut lines = Vec::new();
    if !is_beside {
        lines.push(drawn.trim_end().to_owned());
    }
    for part in broken(text, room)? {
        let left = if lines.is_empty() { drawn } else { &left };
        lines.push(left.to_owned() + &part);
    }
    Some(lines)
}

/// Text in lines that are no longer than `room`.
fn broken(text: &str, room: usize) -> Option<Vec<String>> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        if length(word) > room {
            return None;
        }
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if length(line) + 1 + length(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    Some(lines)
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrow(text: &str, width: usize) -> Option<String> {
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        narrowed(&lines, width).map(|lines| lines.join("\n"))
    }

    #[test]
    fn labels_and_messages_are_broken_and_point_at_the_same_code() {
        let error = "\
error: future cannot be sent between threads safely
 --> src/main.rs:12:32
  |
2 |     spawn(handle(Rc::from(1), 2)); // error[not_send]
  |     ----- ^^^^^^^^^^^^^^^^^^^^^^ future returned by `handle` is not `Send`
  |     |
  |     required by a bound in this call of a function
  |
  = help: the trait `Send` is not implemented for `Rc<str>`";
        let expected = "\
error: future cannot be sent
    between threads safely
 --> src/main.rs:12:32
  |
2 |     spawn(handle(Rc::from(1), 2));
  |     ----- ^^^^^^^^^^^^^^^^^^^^^^
  |     |     future returned by
  |     |     `handle` is not `Send`
  |     |
  |     required by a bound in this
  |     call of a function
  |
  = help: the trait `Send` is not
    implemented for `Rc<str>`";
        assert_eq!(narrow(error, 38).as_deref(), Some(expected));
        let beside = "\
  |     ----- ^^^^^^^^^^^^^^^^^^^^^^ future returned by `handle`
  |     |                            is not `Send`
  |     |";
        let wide = narrow(error, 64).expect("it fits");
        assert!(wide.contains(beside), "{wide}");
    }

    #[test]
    fn code_is_never_broken() {
        let error = " --> src/main.rs:1:1\n  |\n1 | let a_long_name = another_name;\n  |     ^^^";
        assert_eq!(narrow(error, 34), None);
        assert_eq!(narrow(error, 35).as_deref(), Some(error));
        assert_eq!(narrow("├──┼──┤", 5), None);
    }
}
