//! Programs that a reader runs.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use autograder::snippet::{Event, Program, Snippet};
use autograder::{Cancelled, Step};
use sandbox::{Cancel, Ended, Limit, Output};

use crate::workbook::Workbook;

const PROGRAM: &str = r#"
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let _figure = timeline::figure("nap", "One nap");
    nap().await;
    println!("rested");
    eprintln!("warned");
}

#[timeline::lane("nap")]
async fn nap() {
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
}
"#;

/// A program that reads `read` from standard input.
fn hello(text: &str) -> Program<'_> {
    Program {
        name: "hello.rs",
        text,
        stdin: b"read\n",
    }
}

/// Runs a program, and returns the events and the result.
pub fn run(workbook: &Workbook, program: &str) -> (Vec<Event>, Snippet) {
    let mut events = Vec::new();
    let snippet = workbook
        .autograder()
        .run(&hello(program), &Cancel::default(), &mut |event| {
            events.push(event)
        })
        .expect("only the program can be at fault");
    (events, snippet)
}

fn printed(events: &[Event]) -> String {
    let bytes = events.iter().filter_map(|event| match event {
        Event::Output(Output::Stdout(bytes)) => Some(bytes.as_slice()),
        _ => None,
    });
    String::from_utf8(bytes.collect::<Vec<_>>().concat()).expect("UTF-8")
}

#[test_cache::test]
fn returns_the_output_and_the_timeline() {
    let (events, snippet) = run(&Workbook::new(), PROGRAM);
    assert_eq!(printed(&events), "rested\n");
    assert!(events.contains(&Event::Output(Output::Stderr(b"warned\n".to_vec()))));
    let Snippet::Ran { ended, timelines } = snippet else {
        panic!("it compiles");
    };
    assert_eq!(ended, Ended::Exit(0));
    let [timeline] = &*timelines else {
        panic!("it records one timeline");
    };
    assert_eq!(timeline.name, "nap");
    assert!(timeline.svg.starts_with("<svg"), "{}", timeline.svg);
    assert!(timeline.text.contains("100 ms"), "{}", timeline.text);
}

#[test_cache::test]
fn a_program_reads_its_standard_input() {
    let program = "#[tokio::main]\nasync fn main() {\n    let mut line = String::new();\n    \
                   tokio::io::AsyncBufReadExt::read_line(&mut tokio::io::BufReader::new(tokio::io::stdin()), &mut \
                   line).await.unwrap();\n    print!(\"{line}\");\n}\n";
    assert_eq!(printed(&run(&Workbook::new(), program).0), "read\n");
}

#[test_cache::test]
fn a_missing_crate_is_explained_by_those_that_are_there() {
    let (_, snippet) = run(&Workbook::new(), "use rand::Rng;\nfn main() {}\n");
    let Snippet::DoesNotCompile(errors) = snippet else {
        panic!("there is no such crate");
    };
    assert!(
        !errors[0].rendered.contains("Cargo.toml"),
        "{}",
        errors[0].rendered
    );
    let explanation = errors[0].explanation.as_deref().expect("it is explained");
    assert!(
        explanation.contains("futures, grading, timeline, tokio"),
        "{explanation}"
    );
}

#[test_cache::test]
fn output_arrives_while_the_program_runs() {
    let workbook = Workbook::new();
    let cancel = Cancel::default();
    let program = "fn main() { println!(\"started\"); std::thread::park(); loop {} }";
    let error = workbook
        .autograder()
        .run(&hello(program), &cancel, &mut |event| {
            if let Event::Output(Output::Stdout(_)) = event {
                cancel.cancel();
            }
        })
        .expect_err("it was cancelled at the first line of output");
    assert!(error.is::<Cancelled>(), "{error:#}");
}

#[test_cache::test]
fn reports_errors_and_warnings_with_their_lines() {
    let workbook = Workbook::new();
    let (_, snippet) = run(&workbook, "fn main() {\n    let x: u32 = \"one\";\n}\n");
    let Snippet::DoesNotCompile(errors) = snippet else {
        panic!("a string is not a number");
    };
    assert_eq!(errors.len(), 1);
    assert_eq!(
        (errors[0].code.as_deref(), errors[0].line),
        (Some("E0308"), Some(2))
    );
    assert_eq!(errors[0].file.as_deref(), Some("hello.rs"));
    let (events, _) = run(&workbook, "fn main() {\n    let x = 1;\n}\n");
    let warned =
        |event: &Event| matches!(event, Event::Warning(warning) if warning.line == Some(2));
    assert!(events.iter().any(warned), "{events:#?}");
}

#[test_cache::test]
fn a_program_that_prints_forever_is_stopped() {
    let workbook = Workbook::new();
    let (_, snippet) = run(
        &workbook,
        "fn main() { loop { println!(\"{}\", \"ab\".repeat(999)); } }",
    );
    assert!(
        matches!(
            snippet,
            Snippet::Ran {
                ended: Ended::LimitExceeded(Limit::Output),
                ..
            }
        ),
        "{snippet:?}"
    );
}

#[test_cache::test]
fn an_unchanged_program_is_compiled_once() {
    let workbook = Workbook::new();
    let program = "fn main() { println!(\"{:?}\", std::env::current_exe().unwrap()); }";
    let (first, _) = run(&workbook, program);
    let (again, _) = run(&workbook, program);
    assert_eq!(printed(&first), printed(&again));
    let (changed, _) = run(&workbook, &format!("{program}\n// changed\n"));
    assert_ne!(printed(&first), printed(&changed));
}

/// A port on which a program is told how many run when it starts. It waits there until it may end.
fn count_programs() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let running = Arc::new(AtomicU8::new(0));
    std::thread::spawn(move || {
        for mut program in listener.incoming().flatten() {
            let running = Arc::clone(&running);
            std::thread::spawn(move || {
                let count = running.fetch_add(1, Ordering::SeqCst) + 1;
                let _ = program.write_all(&[count]);
                let _ = program.read_exact(&mut [0]);
                running.fetch_sub(1, Ordering::SeqCst);
                let _ = program.write_all(&[0]);
            });
        }
    });
    port
}

#[test_cache::test]
fn no_more_programs_run_at_a_time_than_there_are_cores() {
    let workbook = Workbook::new();
    let autograder = workbook.autograder();
    let port = count_programs();
    let program = format!(
        "use std::io::{{Read, Write}};
        fn main() {{
            let mut counter = std::net::TcpStream::connect((\"127.0.0.1\", {port})).unwrap();
            let mut byte = [0];
            counter.read_exact(&mut byte).unwrap();
            println!(\"{{}}\", byte[0]);
            std::thread::sleep(std::time::Duration::from_millis(100));
            counter.write_all(&byte).unwrap();
            counter.read_exact(&mut byte).unwrap();
        }}"
    );
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let counts = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..3 * cores {
            scope.spawn(|| {
                let mut events = Vec::new();
                autograder
                    .run(&hello(&program), &Cancel::default(), &mut |event| {
                        events.push(event)
                    })
                    .expect("it runs");
                let count: usize = printed(&events).trim().parse().expect("a number");
                counts.lock().expect("no thread panics").push(count);
            });
        }
    });
    let counts = counts.into_inner().expect("no thread panics");
    assert_eq!(counts.len(), 3 * cores);
    assert!(counts.iter().all(|count| *count <= cores), "{counts:?}");
}

#[test_cache::test]
fn reports_compiling_and_running() {
    let (events, _) = run(&Workbook::new(), "fn main() {}");
    assert_eq!(events, [Step::Compiling, Step::Running].map(Event::Step));
}
