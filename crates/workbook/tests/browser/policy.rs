//! What the browser forbids to pages that the tool serves.

use serde_json::json;

use crate::visit::visit;

#[test_cache::test]
fn no_page_runs_what_has_come_into_its_text() {
    visit(&["Content Security Policy"], async |visit| {
        visit.open("gather.html").await;
        let plant = "const done = arguments[arguments.length - 1];
                     window.ran = [];
                     const script = document.createElement('script');
                     script.textContent = 'window.ran.push(\"a script in the text\")';
                     document.body.append(script);
                     const button = document.createElement('button');
                     button.setAttribute('onclick', 'window.ran.push(\"an attribute\")');
                     button.click();
                     // From a timer, because the driver's own scripts may do more than the page's.
                     setTimeout(() => {
                       try {
                         eval('window.ran.push(\"a text that became a program\")');
                       } catch {
                         // That is what the policy is for.
                       }
                       done(window.ran);
                     });";
        let ran = visit.browser.client.execute_async(plant, Vec::new()).await;
        assert_eq!(ran.expect("the rest runs"), json!([]));
    });
}

#[test_cache::test]
fn no_page_asks_anybody_else() {
    visit(&["Content Security Policy"], async |visit| {
        visit.open("gather.html").await;
        let other = visit.served.base.replace("127.0.0.1", "localhost");
        let ask = format!(
            "const done = arguments[arguments.length - 1];
             const refused = [];
             document.addEventListener('securitypolicyviolation', ({{ effectiveDirective }}) => {{
               refused.push(effectiveDirective);
               if (refused.length === 3) done(refused.sort());
             }});
             fetch('{other}').catch(() => {{}});
             new Image().src = '{other}favicon.svg';
             const form = document.createElement('form');
             form.action = '{other}';
             document.body.append(form);
             form.submit();
             setTimeout(() => done(refused.sort()), 5000);"
        );
        let refused = visit.browser.client.execute_async(&ask, Vec::new()).await;
        assert_eq!(
            refused.expect("the page answers"),
            json!(["connect-src", "form-action", "img-src"])
        );
    });
}

#[test_cache::test]
fn a_module_is_revalidated_because_its_name_has_no_hash() {
    visit(&[], async |visit| {
        visit.open("glossary.html").await;
        let ask = "const done = arguments[arguments.length - 1];
                   fetch('/scripts/main.js').then(({ headers }) =>
                     done([headers.get('content-type'), headers.get('cache-control'), headers.has('etag')]));";
        let headers = visit.browser.client.execute_async(ask, Vec::new()).await;
        assert_eq!(
            headers.expect("the module is there"),
            json!(["text/javascript; charset=utf-8", "private, no-cache", true])
        );
    });
}
