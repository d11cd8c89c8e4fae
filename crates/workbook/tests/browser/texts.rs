//! The learner's file, changed on the page and on disk: no text of either is lost.

use serde_json::json;

use crate::exercises::{CARD, PAGE, RIGHT, on_disk, type_in_editor};
use crate::visit::{Visit, visit};

const CHOICE: &str = ".answer-choice";

#[test_cache::test]
fn two_texts_of_one_file_are_both_shown_and_none_is_lost() {
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
fn who_takes_the_text_on_disk_can_have_the_typed_one_back() {
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
        // And the other way round.
        visit.press(CARD, "Restore your version").await;
        visit.until_in_editor("saved in an editor").await;
    });
}

#[test_cache::test]
fn a_page_that_has_not_heard_of_a_change_overwrites_nothing() {
    visit(&["409"], async |visit| {
        visit.can_be_deafened().await;
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        type_in_editor(visit, "// typed in the page\n").await;
        visit.browser.js("window.deaf = true").await;
        visit.save_elsewhere();
        visit.press(CARD, "Check").await;
        visit.reads(".answer-message", "Not saved").await;
        visit.reads(CHOICE, "saved in an editor").await;
        assert!(!on_disk(visit).contains("typed in the page"));
    });
}

#[test_cache::test]
fn an_editor_without_changes_follows_the_file() {
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
fn what_was_typed_and_not_saved_outlives_a_reload() {
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
fn what_was_typed_once_does_not_overwrite_what_was_saved_since() {
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

/// Puts a text with a brace too few into the editor, which is not saved.
const BREAK: &str = "const editor = ace.edit(document.querySelector('.exercise-card .ace_editor'));
                     editor.setValue(editor.getValue().replace('join_all(', '{ broken('), -1);";

#[test_cache::test]
fn a_reset_is_of_what_was_saved_and_keeps_what_was_not() {
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
fn what_is_not_saved_can_be_discarded_and_brought_back() {
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
fn where_nothing_can_be_kept_the_page_asks_before_it_goes() {
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

impl Visit {
    /// Saves another text in place of the first answer, as any editor does.
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
    fn until_in_editor<'v>(&'v self, words: &str) -> impl Future<Output = ()> + use<'v> {
        let editor = "document.querySelector('.exercise-card .ace_editor')";
        let there = format!("{editor} && ace.edit({editor}).getValue().includes({words:?})");
        self.browser.until(&there)
    }

    /// From now on `window.deaf = true` keeps all events from a page.
    async fn can_be_deafened(&self) {
        self.before_each_page(
            "const ask = window.fetch;
             window.fetch = async (address, how) => {
               const answer = await ask(address, how);
               if (!String(address).endsWith('/events')) return answer;
               const heard = new TransformStream({
                 transform(bytes, events) { if (!window.deaf) events.enqueue(bytes); },
               });
               return new Response(answer.body.pipeThrough(heard));
             };",
        )
        .await;
    }
}
