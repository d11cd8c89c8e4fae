//! What a handout needs to know of the PDF that a browser writes, and to change in it.
//!
//! Chromium writes PDF 1.4 with a plain table of objects. Where a browser writes something else, the handout has no page
//! numbers in its contents and links.

use std::collections::BTreeMap;
use std::str;

/// The keys of the times at which the document was made.
const TIMES: [&[u8]; 2] = [b"/CreationDate (", b"/ModDate ("];

/// The PDF without the times at which it was made, so that the same handout is the same file.
pub fn without_times(mut pdf: Vec<u8>) -> Vec<u8> {
    for key in TIMES {
        let Some(start) = find(&pdf, key) else {
            continue;
        };
        if let Some(length) = find(&pdf[start..], b")") {
            // Offsets in the file stay as they are.
            pdf[start..=start + length].fill(b' ');
        }
    }
    pdf
}

/// The pages of a PDF.
#[derive(Debug, PartialEq)]
pub struct Pages {
    /// How many there are.
    pub count: usize,
    /// The page of each place in the document that links lead to, counted from 1.
    pub places: BTreeMap<String, usize>,
}

/// The pages of a PDF; `None` if it has another form.
pub fn pages(pdf: &[u8]) -> Option<Pages> {
    let pdf = Pdf { bytes: pdf };
    let catalog = pdf.object(pdf.number_after(pdf.trailer()?, "/Root ")?)?;
    let mut pages = Vec::new();
    pdf.add_pages(pdf.number_after(catalog, "/Pages ")?, &mut pages, 0)?;
    let destinations = pdf.object(pdf.number_after(catalog, "/Dests ")?)?;
    // <</name [7 0 R /XYZ 6 827 0]
    let entries = destinations.split('/').filter_map(|entry| {
        let (name, place) = entry.split_once('[')?;
        let page = pages
            .iter()
            .position(|page| Some(*page) == first_number(place))?;
        Some((unescaped(name.trim()), page + 1))
    });
    Some(Pages {
        places: entries.collect(),
        count: pages.len(),
    })
}

struct Pdf<'p> {
    bytes: &'p [u8],
}

/// Trees of pages are far less deep.
const MAX_DEPTH: usize = 16;

impl<'p> Pdf<'p> {
    /// The table of objects and what follows it.
    fn table(&self) -> Option<&'p [u8]> {
        let start = rfind(self.bytes, b"startxref")?;
        let offset = first_number(text(&self.bytes[start + b"startxref".len()..]))?;
        self.bytes.get(offset..)?.strip_prefix(b"xref")
    }

    fn trailer(&self) -> Option<&'p str> {
        let table = self.table()?;
        Some(text(&table[find(table, b"trailer")?..]))
    }

    /// The text of an object, up to its stream if it has one.
    fn object(&self, number: usize) -> Option<&'p str> {
        let table = text(self.table()?);
        // A section `0 N`, and then an entry of twenty bytes for each object.
        let mut lines = table.trim_start().splitn(2, '\n');
        let first = lines.next()?.trim();
        let entries = lines.next()?;
        let entry = entries.get(number * 20..number * 20 + 20)?;
        if !first.starts_with("0 ") || !entry.contains(" n") {
            return None;
        }
        let object = text(self.bytes.get(first_number(entry)?..)?);
        let (head, body) = object.split_once(" obj")?;
        let end = ["\nendobj", "\nstream"]
            .iter()
            .filter_map(|end| body.find(end));
        (first_number(head)? == number).then(|| &body[..end.min().unwrap_or(body.len())])
    }

    fn number_after(&self, text: &str, key: &str) -> Option<usize> {
        first_number(text.split_once(key)?.1)
    }

    /// Adds the pages below a node of the tree, in order.
    fn add_pages(&self, node: usize, pages: &mut Vec<usize>, depth: usize) -> Option<()> {
        let object = self.object(node)?;
        let Some((_, kids)) = object.split_once("/Kids").filter(|_| depth < MAX_DEPTH) else {
            pages.push(node);
            return Some(());
        };
        let (_, kids) = kids.split_once('[')?;
        for kid in kids.split(']').next()?.split('R') {
            if let Some(kid) = first_number(kid) {
                self.add_pages(kid, pages, depth + 1)?;
            }
        }
        Some(())
    }
}

/// The start of some bytes as text, up to the first that is none.
fn text(bytes: &[u8]) -> &str {
    match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// The number that some text begins with.
fn first_number(text: &str) -> Option<usize> {
    let text = text.trim_start();
    let end = text.find(|character: char| !character.is_ascii_digit());
    text[..end.unwrap_or(text.len())].parse().ok()
}

/// A name in which `#2d` stands for `-`.
fn unescaped(name: &str) -> String {
    let mut parts = name.split('#');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.get(..2).map(|digits| u8::from_str_radix(digits, 16)) {
            Some(Ok(byte)) => {
                bytes.push(byte);
                bytes.extend(&part.as_bytes()[2..]);
            }
            _ => bytes.extend(part.as_bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .rposition(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PDF of three pages with the places `one-stream` and `two-b`.
    fn pdf() -> Vec<u8> {
        let objects = [
            "<</Type /Catalog\n/Pages 2 0 R\n/Dests 7 0 R>>",
            "<</Type /Pages\n/Count 3\n/Kids [3 0 R 6 0 R]>>",
            "<</Type /Pages\n/Count 2\n/Kids [4 0 R 5 0 R]>>",
            "<</Type /Page>>",
            "<</Type /Page>>",
            "<</Type /Page>>",
            "<</one-stream [4 0 R /XYZ 6 827 0]\n/two#2db [6 0 R /XYZ 6 792.4 0]>>",
            "<</CreationDate (D:20261130171142+00'00')\n/ModDate (D:20261130171142+00'00')>>",
        ];
        let mut pdf = b"%PDF-1.4\n%\xd3\xeb\xe9\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for (number, object) in objects.iter().enumerate() {
            table += &format!("{:010} 00000 n \n", pdf.len());
            pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).bytes());
        }
        let start = pdf.len();
        pdf.extend(table.bytes());
        pdf.extend(format!("trailer\n<</Size 9\n/Root 1 0 R>>\nstartxref\n{start}\n%%EOF").bytes());
        pdf
    }

    #[test]
    fn the_pages_of_places_are_read_from_the_tree_of_pages() {
        let expected = Pages {
            count: 3,
            places: BTreeMap::from([("one-stream".to_owned(), 1), ("two-b".to_owned(), 3)]),
        };
        assert_eq!(pages(&pdf()), Some(expected));
    }

    #[test]
    fn a_pdf_of_another_form_has_no_pages() {
        let pdf = pdf();
        for length in [0, 8, pdf.len() / 2, pdf.len() - 40] {
            assert_eq!(pages(&pdf[..length]), None);
        }
        let stream = String::from_utf8_lossy(&pdf).replace("xref\n0", "9 0 obj");
        assert_eq!(pages(stream.as_bytes()), None);
    }

    #[test]
    fn times_are_removed_and_nothing_moves() {
        let before = pdf();
        let after = without_times(before.clone());
        assert_eq!(before.len(), after.len());
        assert!(!String::from_utf8_lossy(&after).contains("D:2026"));
        assert_eq!(pages(&after), pages(&before));
        assert_eq!(without_times(after.clone()), after);
    }
}
