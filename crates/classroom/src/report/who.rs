//! What a student is called.

use maud::{Markup, html};

use super::text::line;
use crate::export::{Graded, GradedStudent};

/// No name is shown in more characters.
const LONGEST: usize = 40;

/// The name and the id, or whatever there is of the two. A student who gives no name has that in the list of students.
pub fn name(graded: &Graded, student: &GradedStudent) -> Markup {
    let who = &student.result.student;
    let listed = || {
        let row = graded.roster.as_ref()?.rows.get(student.row?)?;
        Some(&*row.name)
    };
    let said = Some(&*who.name).filter(|name| !name.trim().is_empty());
    let name = shortened(said.or_else(listed).unwrap_or_default());
    let [id, origin] = [&who.id, &student.result.origin].map(|text| shortened(text));
    let (name, id) = match (name.is_empty(), id.is_empty()) {
        (false, true) => (name, None),
        (false, false) => (name, Some(id)),
        (true, false) => (id, None),
        (true, true) => (origin, None),
    };
    html! {
        // A name in Hebrew must not reorder what is around it.
        bdi { (name) }
        @if let Some(id) = id { " " small { bdi { (id) } } }
    }
}

/// A name in a list of students.
pub fn shortened(name: &str) -> String {
    line(name, LONGEST)
}
