//! What the card of an exercise shows.

use serde_json::json;

use crate::exercises::{CARD, IN_TURN, PAGE, RIGHT};
use crate::visit::{Visit, visit};

#[test_cache::test]
fn a_card_shows_the_contract_and_the_command_that_grades_it() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit.reads(CARD, "10 minutes planned").await;
        visit
            .browser
            .js(&format!(
                "document.querySelectorAll('{CARD} details').forEach((folded) => folded.open = true)"
            ))
            .await;
        visit.reads(CARD, "one outcome for each path").await;
        visit.reads(CARD, "pub async fn fetch_all(").await;
        visit
            .reads(CARD, "cargo workbook check gather/fetch_all")
            .await;
    });
}

#[test_cache::test]
fn a_card_shows_that_an_answer_hangs() {
    visit(&[], async |visit| {
        visit.clone.answer("fetch_all", "loop {}");
        visit.open(PAGE).await;
        visit.reads(CARD, "Hangs").await;
        visit.reads(&format!("{CARD} .symbol"), "✗").await;
        visit
            .reads(&format!("{CARD} details[open] > summary"), "hangs")
            .await;
    });
}

#[test_cache::test]
fn a_card_shows_what_an_answer_prints() {
    visit(&[], async |visit| {
        visit
            .clone
            .answer("fetch_all", "println!(\"so far so good\");\n    Vec::new()");
        visit.open(PAGE).await;
        visit.reads(CARD, "Failing").await;
        visit.reads(CARD, "Your answer printed:").await;
        visit.reads(CARD, "so far so good").await;
    });
}

#[test_cache::test]
fn screen_readers_announce_a_verdict() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit.clone.answer("fetch_all", IN_TURN);
        let announced =
            format!("document.querySelector('{CARD} .visually-hidden[role=status]').textContent");
        visit
            .browser
            .until(&format!("{announced}.startsWith('fetch_all: failing')"))
            .await;
    });
}

#[test_cache::test]
fn check_grades_an_unchanged_answer() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        let listen = "const done = arguments[arguments.length - 1];
                      window.graded = [];
                      import('/scripts/connection.js').then(({ on }) => {
                        on('step', ({ exercise }) => window.graded.push(exercise));
                        done();
                      });";
        let listening = visit.browser.client.execute_async(listen, Vec::new()).await;
        listening.expect("the page's own module can be imported");
        visit.press(CARD, "Check").await;
        visit
            .browser
            .until("window.graded.includes('fetch_all')")
            .await;
    });
}

#[test_cache::test]
fn an_error_is_marked_in_the_editor() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit.press(CARD, "Edit here").await;
        visit.clone.answer("fetch_all", "paths.len()");
        visit.reads(CARD, "Does not compile").await;
        let line = "/exercises\\/src\\/gather\\.rs:(\\d+)/.exec(document.querySelector('.exercise-diagnostic').innerText)[1]";
        let marked =
            format!("document.querySelector('{CARD} .ace_gutter-cell.ace_error')?.textContent");
        visit
            .browser
            .until(&format!("{marked}.includes({line})"))
            .await;
    });
}

#[test_cache::test]
fn an_error_leads_to_the_page_that_shows_one_like_it() {
    visit(&[], async |visit| {
        visit
            .clone
            .answer("fetch_all", "client.get(paths[0]).unwrap(); Vec::new()");
        visit.open(PAGE).await;
        visit.reads(CARD, "Does not compile").await;
        visit
            .reads(CARD, "no method named `unwrap` found for opaque type")
            .await;
        let link =
            format!("document.querySelector('{CARD} a[href*=\"error-messages-await.html\"]')");
        visit.browser.until(&link).await;
        visit.browser.js(&format!("{link}.click()")).await;
        let section = "location.hash.startsWith('#e0599-no-method-named-len') && document.querySelector(':target')";
        visit.browser.until(section).await;
    });
}

#[test_cache::test]
fn a_solved_exercise_shows_what_it_teaches_and_the_solution() {
    visit(&[], async |visit| {
        visit.clone.answer("fetch_all", RIGHT);
        visit.in_a_wide_window().await;
        visit.open(PAGE).await;
        visit.reads(CARD, "Solved").await;
        visit
            .reads(CARD, "returns their results in input order")
            .await;
        let width = format!("return document.querySelector('{CARD}').offsetWidth");
        let before = visit.browser.js(&width).await;
        visit.press(CARD, "Compare with the solution").await;
        let titles =
            "[...document.querySelectorAll('.compare-title')].map((title) => title.innerText)";
        visit
            .browser
            .until(&format!("{titles}.join() === 'Your answer,The solution'"))
            .await;
        assert_eq!(visit.browser.js(&width).await, before);
        // The marked lines are those that only one of the two has.
        let marked = "return [...document.querySelectorAll('.compare-side')].map((side) =>
                        [...side.querySelectorAll('.compare-differs')].map((line) => line.textContent))";
        let marked = visit.browser.js(marked).await;
        let sides: Vec<Vec<String>> = serde_json::from_value(marked).expect("two lists of lines");
        assert!(sides.iter().any(|side| !side.is_empty()), "{sides:?}");
        assert!(
            sides[0].iter().all(|line| !sides[1].contains(line)),
            "{sides:?}"
        );
    });
}

#[test_cache::test]
fn the_tool_refuses_to_show_the_solution_of_an_unsolved_exercise() {
    visit(&["403"], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        let ask = "const done = arguments[arguments.length - 1];
                   import('/scripts/connection.js').then(({ call }) =>
                     call('POST', 'solution', { exercise: 'gather/fetch_all', show_me: false }))
                     .then(done, ({ status, message }) => done([status, message]));";
        let refused = visit.browser.client.execute_async(ask, Vec::new()).await;
        assert_eq!(
            refused.expect("the tool responds"),
            json!([403, "gather/fetch_all is not solved yet."])
        );
    });
}

#[test_cache::test]
fn a_card_shows_notices_from_the_tool() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit.clone.write(".workbook/progress.json", "no progress");
        visit.press(CARD, "Hint 1 of 3").await;
        visit
            .reads(&format!("{CARD} .exercise-notice"), "Your earlier progress")
            .await;
    });
}

impl Visit {
    /// Makes the window as wide as that of a desktop.
    async fn in_a_wide_window(&self) {
        let resized = self.browser.client.set_window_size(1600, 1000).await;
        resized.expect("the window can be resized");
    }
}
