//! What the content security policy forbids on served pages.

use serde_json::json;

use crate::visit::visit;

#[test_cache::test]
fn injected_scripts_do_not_run() {
    visit(&["Content Security Policy"], async |visit| {
        visit.open("gather.html").await;
        let plant = "const done = arguments[arguments.length - 1];
                     window.ran = [];
                     const script = document.createElement('script');
                     script.textContent = 'window.ran.push(\"a script element\")';
                     document.body.append(script);
                     const button = document.createElement('button');
                     button.setAttribute('onclick', 'window.ran.push(\"an attribute\")');
                     button.click();
                     // From a timer, because the policy does not apply to the driver's own scripts.
                     setTimeout(() => {
                       try {
                         eval('window.ran.push(\"eval\")');
                       } catch {
                         // The policy forbids it.
                       }
                       done(window.ran);
                     });";
        let ran = visit.browser.client.execute_async(plant, Vec::new()).await;
        assert_eq!(ran.expect("the script ends"), json!([]));
    });
}

#[test_cache::test]
fn pages_send_no_requests_to_other_hosts() {
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
            refused.expect("the script ends"),
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
            headers.expect("the module is served"),
            json!(["text/javascript; charset=utf-8", "private, no-cache", true])
        );
    });
}
