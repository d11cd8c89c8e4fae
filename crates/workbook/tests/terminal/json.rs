//! The output of `--json` matches the schema.

use std::{env, fs};

use crate::workbook::Workbook;
use serde_json::Value;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.json");

#[test_cache::test]
fn schema_json_is_up_to_date() {
    let schema = Workbook::new().run("schema").exits_with(0).stdout();
    if env::var_os("BLESS").is_some() {
        fs::write(SCHEMA, &schema).expect("writable");
    }
    let documented = fs::read_to_string(SCHEMA).expect("readable");
    assert_eq!(
        documented.replace("\r\n", "\n"),
        schema,
        "`BLESS=1 cargo test -p workbook --test terminal` updates schema.json"
    );
}

#[test_cache::test]
fn the_output_of_every_command_matches_the_schema() {
    let workbook = Workbook::new();
    let schema = workbook.run("schema").stdout();
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let print = |arguments: &str, code: i32| {
        let stdout = workbook
            .run(&format!("{arguments} --json"))
            .exits_with(code)
            .stdout();
        let value: Value = serde_json::from_str(&stdout).expect("nothing but JSON");
        let errors: Vec<_> = validator
            .iter_errors(&value)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{arguments}");
        let command = arguments.split(' ').next();
        assert_eq!(value["command"].as_str(), command);
        value
    };

    workbook.answer("println!(); one more", "right");
    let checked = print("check", 1);
    assert_eq!(checked["solved"], false);
    assert_eq!(checked["chapters"][0]["exercises"][0]["state"], "failing");
    assert_eq!(print("check triple", 0)["solved"], true);
    let listed = print("list", 0);
    // The exercise after the one that was solved last is current.
    assert_eq!(listed["current"], "other-one/half");
    assert_eq!(listed["chapters"][0]["exercises"][0]["minutes"], 5);
    assert_eq!(
        print("hint double", 0)["hints"],
        serde_json::json!(["There is an operator for that."])
    );
    assert_eq!(print("doctor", 0)["ready"], true);
    workbook.answer("error", "right");
    assert_eq!(
        print("check", 1)["chapters"][0]["errors"][0]["message"],
        "the first"
    );

    workbook.write("nap.rs", "fn main() {}");
    let ran = print("run nap.rs", 0);
    assert_eq!(
        (&ran["stdout"], &ran["stderr"]),
        (&"rested\n".into(), &"warned\n".into())
    );
    workbook.write("nap.rs", "error");
    assert_eq!(print("run nap.rs", 1)["errors"][1]["message"], "the second");
    assert!(
        !validator.is_valid(&serde_json::json!({"command": "check"})),
        "the schema rejects an incomplete value"
    );
}
