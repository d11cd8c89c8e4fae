//! The description of a machine for editors in a browser: its commands exist, and it allows what the book says.

use std::fs;
use std::path::Path;

use clap::Parser;
use serde_json::Value;
use workbook::cli::{Cli, Command, Serve};

/// Whether a value has a type.
type IsOfType = fn(&Value) -> bool;

/// The keys of the specification of development containers that are used, and of what type their values are.
const KEYS: &[(&str, IsOfType)] = &[
    ("name", Value::is_string),
    ("image", Value::is_string),
    ("hostRequirements", Value::is_object),
    ("forwardPorts", Value::is_array),
    ("portsAttributes", Value::is_object),
    ("postCreateCommand", Value::is_string),
    ("postAttachCommand", Value::is_string),
    ("customizations", Value::is_object),
];

fn read(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(file)).expect(file)
}

fn description() -> Value {
    serde_json::from_str(&read(".devcontainer/devcontainer.json")).expect("it is JSON")
}

/// What the commands mean, where the codespace has this name. `;` is between two commands.
fn commands(key: &str, codespace: &str) -> Vec<Command> {
    let description = description();
    let line = description[key].as_str().expect("it is text");
    let line = line.replace("$CODESPACE_NAME", codespace);
    let parse = |command: &str| {
        let words = command.split_whitespace().map(|word| word.replace('"', ""));
        let words: Vec<_> = words.skip(1).collect();
        assert_eq!(words[0], "workbook", "{command}");
        let parsed = Cli::try_parse_from(words);
        parsed.expect(command).command.expect("one is named")
    };
    line.split(';').map(parse).collect()
}

fn serve(codespace: &str) -> Serve {
    match commands("postAttachCommand", codespace).pop() {
        Some(Command::Serve(serve)) => serve,
        other => panic!("{other:?}"),
    }
}

#[test]
fn its_keys_are_those_of_the_specification() {
    let description = description();
    for (key, value) in description.as_object().expect("an object") {
        let known = KEYS.iter().find(|(known, _)| known == key);
        let (_, is_of_type) = known.expect(key);
        assert!(is_of_type(value), "{key}: {value}");
    }
    // A machine that pulls it needs no host of one provider.
    let image = description["image"].as_str().expect("text");
    assert!(image.starts_with("rust:"), "{image}");
}

#[test]
fn it_builds_the_tool_and_the_libraries_of_the_exercises() {
    let commands = commands("postCreateCommand", "");
    let [Command::Check(check), Command::Doctor(_)] = &commands[..] else {
        panic!("{commands:?}");
    };
    let manifest = read("exercises/exercises.toml");
    let manifest = autograder::manifest::Manifest::parse(&manifest).expect("it is valid");
    let name = check.name.as_deref().expect("one is named");
    workbook::names::find(&manifest, name).expect("there is such an exercise");
}

#[test]
fn it_serves_the_port_that_is_forwarded_under_the_name_that_the_book_says() {
    // In VS Code, there is no codespace.
    for codespace in ["fuzzy-parakeet", ""] {
        let (serve, description) = (serve(codespace), description());
        let port = serve.port.expect("a port is named");
        assert_eq!(description["forwardPorts"], serde_json::json!([port]));
        assert!(description["portsAttributes"][port.to_string()].is_object());
        assert!(serve.no_open && serve.host.is_none());
        let [name] = &serve.allow_host[..] else {
            panic!("{:?}", serve.allow_host);
        };
        let book = read("src/how-to.md").replace("$CODESPACE_NAME", codespace);
        assert!(book.contains(&format!("--allow-host \"{name}\"")), "{name}");
    }
}
