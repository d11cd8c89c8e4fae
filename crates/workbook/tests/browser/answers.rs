//! The learner's file, changed on the page and on disk: neither text is lost.

use serde_json::json;

use crate::exercises::{CARD, PAGE, RIGHT, on_disk, type_in_editor};
use crate::visit::{Visit, visit};

const CHOICE: &str = ".answer-choice";

#[test_cache::test]
fn a_conflict_shows_both_versions_and_loses_neither() {
    visit(&["409"], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        type_in_editor(visit, "// typed in the page\n").await;
        visit.save_elsewhere();
        visit.reads(CHOICE, "saved in an editor").await;
        visit.reads(CHOICE, "typed in the page").await;
        visit.press(CARD, "Check").await;
        visit.reads(".answer-message", "Not saved").await;
        assert!(!on_disk(visit).contains("typed in the page"));

        visit.press(CHOICE, "Keep your version").await;
        visit.until_on_disk("typed in the page").await;
        assert!(!on_disk(visit).contains("saved in an editor"));
        visit.press(CARD, "Restore the version from disk").await;
        visit.press(CARD, "Check").await;
        visit.until_on_disk("saved in an editor").await;
    });
}

#[test_cache::test]
fn the_typed_text_can_be_restored_after_taking_the_version_on_disk() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        type_in_editor(visit, "// typed in the page\n").await;
        visit.save_elsewhere();
        visit.press(CHOICE, "Take the version on disk").await;
        visit.until_in_editor("saved in an editor").await;
        assert!(!visit.in_editor().await.contains("typed in the page"));
        visit.press(CARD, "Restore your version").await;
        visit.until_in_editor("typed in the page").await;
        assert!(!on_disk(visit).contains("typed in the page"));
        // This can be undone, too.
        visit.press(CARD, "Restore your version").await;
        visit.until_in_editor("saved in an editor").await;
    });
}

#[test_cache::test]
fn a_page_that_missed_a_change_does_not_overwrite_it() {
    visit(&["409"], async |visit| {
        visit.prepare_to_drop_events().await;
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        type_in_editor(visit, "// typed in the page\n").await;
        visit.browser.js("window.dropsEvents = true").await;
        visit.save_elsewhere();
        visit.press(CARD, "Check").await;
        visit.reads(".answer-message", "Not saved").await;
        visit.reads(CHOICE, "saved in an editor").await;
        assert!(!on_disk(visit).contains("typed in the page"));
    });
}

#[test_cache::test]
fn an_unchanged_editor_follows_the_file() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        type_in_editor(visit, "").await;
        visit.save_elsewhere();
        visit.until_in_editor("saved in an editor").await;
        visit
            .reads(".answer-message", "The file has changed on disk")
            .await;
    });
}

#[test_cache::test]
fn unsaved_text_survives_a_reload() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        type_in_editor(visit, "// typed in the page\n").await;
        visit.open(PAGE).await;
        visit.press(CARD, "Edit here (unsaved changes)").await;
        visit.reads(".answer-message", "have been restored").await;
        visit.press(CARD, "Check").await;
        visit.until_on_disk("typed in the page").await;
    });
}

#[test_cache::test]
fn restored_unsaved_text_does_not_overwrite_a_later_save() {
    visit(&["409"], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        type_in_editor(visit, "// typed in the page\n").await;
        visit.open("glossary.html").await;
        visit.save_elsewhere();
        visit.open(PAGE).await;
        visit.press(CARD, "Edit here (unsaved changes)").await;
        visit.reads(CHOICE, "saved in an editor").await;
        visit.reads(CHOICE, "typed in the page").await;
        visit.press(CARD, "Check").await;
        visit.reads(".answer-message", "Not saved").await;
        assert!(!on_disk(visit).contains("typed in the page"));
    });
}

/// Changes the text in the editor to one with an unclosed brace, and does not save it.
const BREAK: &str = "const editor = ace.edit(document.querySelector('.exercise-card .ace_editor'));
                     editor.setValue(editor.getValue().replace('join_all(', '{ broken('), -1);";

#[test_cache::test]
fn a_reset_replaces_the_saved_answer_and_keeps_unsaved_text() {
    visit(&[], async |visit| {
        visit.clone.answer("fetch_all", RIGHT);
        visit.open(PAGE).await;
        visit.reads(CARD, "Solved").await;
        visit.press(CARD, "Edit here").await;
        visit.until_in_editor("join_all(").await;
        visit.browser.js(BREAK).await;
        visit.press(CARD, "Reset").await;
        visit.press(CARD, "Reset it").await;
        visit.reads(CARD, "Your answer has been saved").await;
        visit.press(CARD, "Undo the reset").await;
        visit.until_on_disk("join_all(").await;
        visit.press(CARD, "Restore your version").await;
        visit.until_in_editor("{ broken(").await;
    });
}

#[test_cache::test]
fn unsaved_text_can_be_discarded_and_restored() {
    visit(&[], async |visit| {
        visit.clone.answer("fetch_all", RIGHT);
        visit.open(PAGE).await;
        visit.reads(CARD, "Solved").await;
        visit.press(CARD, "Edit here").await;
        visit.until_in_editor("join_all(").await;
        visit.browser.js(BREAK).await;
        visit.press(CARD, "Discard unsaved changes").await;
        visit.until_in_editor("join_all(").await;
        visit.press(CARD, "Restore your version").await;
        visit.until_in_editor("{ broken(").await;
        visit.until_on_disk("join_all(").await;
    });
}

#[test_cache::test]
fn the_page_asks_before_it_is_left_if_unsaved_text_cannot_be_stored() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        let leave = "const leave = new Event('beforeunload', { cancelable: true });
                     dispatchEvent(leave);
                     return leave.defaultPrevented;";
        type_in_editor(visit, "// typed in the page\n").await;
        assert_eq!(visit.browser.js(leave).await, json!(false));
        let full = "Storage.prototype.setItem = () => { throw new Error('it is full'); };";
        visit.browser.js(full).await;
        assert_eq!(visit.browser.js(leave).await, json!(true));
    });
}

/// A change of another exercise may be graded first, and yet concern this one.
#[test_cache::test]
fn the_verdict_beside_the_editor_is_that_of_the_card() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit.clone.answer("fetch_all", RIGHT);
        visit.reads(CARD, "Solved").await;
        type_in_editor(visit, "").await;
        visit.press(CARD, "Check").await;
        visit.reads(".answer-verdict", "Solved.").await;
        visit.clone.answer("settle", "not Rust");
        visit.reads(".answer-verdict", "Blocked by settle").await;
        let solved = "document.querySelector('.exercise-card').innerText.includes('Solved')";
        let solved = visit.browser.js(&format!("return {solved}")).await;
        assert_eq!(solved, json!(false));
    });
}

impl Visit {
    /// Saves another first answer on disk, as an editor does.
    fn save_elsewhere(&self) {
        self.clone
            .answer("fetch_all", "// saved in an editor\n    todo!()");
    }

    async fn in_editor(&self) -> String {
        let text =
            "return ace.edit(document.querySelector('.exercise-card .ace_editor')).getValue()";
        let text = self.browser.js(text).await;
        text.as_str().expect("a text").to_owned()
    }

    #[track_caller]
    fn until_in_editor<'v>(&'v self, text: &str) -> impl Future<Output = ()> + use<'v> {
        let editor = "document.querySelector('.exercise-card .ace_editor')";
        let there = format!("{editor} && ace.edit({editor}).getValue().includes({text:?})");
        self.browser.until(&there)
    }

    /// On pages that are opened from now on, `window.dropsEvents = true` drops all events.
    async fn prepare_to_drop_events(&self) {
        self.before_each_page(
            "const fetch = window.fetch;
             window.fetch = async (address, options) => {
               const response = await fetch(address, options);
               if (!String(address).endsWith('/events')) return response;
               const filter = new TransformStream({
                 transform(bytes, events) { if (!window.dropsEvents) events.enqueue(bytes); },
               });
               return new Response(response.body.pipeThrough(filter));
             };",
        )
        .await;
    }
}
