//! axe-core, which finds what keeps people from using a page.

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::driver::{Browser, REQUIRED};

/// The rules of axe about colors, which take more time than all others. They depend on the theme.
const COLORS: &[&str] = &["color-contrast", "link-in-text-block"];

/// The selector of the whole page.
pub const PAGE: &str = "html";

/// Which rules of axe to apply.
#[allow(
    dead_code,
    reason = "not every test that includes this file applies each"
)]
#[derive(Clone, Copy)]
pub enum Rules {
    All,
    AboutColors,
    NotAboutColors,
}

/// The violations of these rules that axe-core finds in the elements with this selector. It has to be loaded.
pub async fn violations(browser: &Browser, rules: Rules, inside: &str) -> Vec<Value> {
    let mut options = json!({ "resultTypes": ["violations"] });
    match rules {
        Rules::All => {}
        Rules::AboutColors => options["runOnly"] = json!(COLORS),
        Rules::NotAboutColors => {
            for rule in COLORS {
                options["rules"][rule] = json!({ "enabled": false });
            }
        }
    }
    let script = format!(
        "const done = arguments[arguments.length - 1];
         axe.run({inside:?}, {options}).then(({{ violations, passes }}) => done({{
           checked: passes.length,
           violations: violations.map(({{ id, help, nodes }}) => ({{
             id, help, nodes: nodes.map(({{ html, failureSummary }}) => [html, failureSummary]),
           }})),
         }}));"
    );
    let ran = browser.client.execute_async(&script, Vec::new()).await;
    let ran = ran.expect("axe runs");
    // Marked elements may all be hidden; on a whole page there is always something to check.
    let has_checked = ran["checked"].as_u64() > Some(0);
    assert!(has_checked || inside != PAGE, "axe has checked nothing");
    ran["violations"].as_array().expect("a list").clone()
}

/// axe-core's script. `None` if it is not installed, after a message about that.
pub fn axe() -> Option<String> {
    let file = env::var_os("AXE_CORE").map_or_else(
        || {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../target/tools/node_modules/axe-core/axe.min.js")
        },
        PathBuf::from,
    );
    if let Ok(script) = fs::read_to_string(&file) {
        return Some(script);
    }
    let message = "Skipped: accessibility of the pages, because axe-core is missing. `ci/tools` installs it, \
                   or set AXE_CORE to its axe.min.js.";
    assert!(env::var_os(REQUIRED).is_none(), "{message}");
    let _ = writeln!(std::io::stderr(), "\n{message}\n");
    test_cache::skipped();
    None
}
