//! A reader who has joined a class asks for help on a card.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use serde_json::{Value, json};

use crate::clone::STUB;
use crate::driver::DEADLINE;
use crate::exercises::{CARD, IN_TURN, PAGE, RIGHT};
use crate::visit::{Visit, visit};

/// A fake room. Returns its address, and the requests for help that it gets.
fn fake_room() -> (String, Receiver<Value>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let address = listener.local_addr().expect("it listens").to_string();
    let (tx, asked) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.expect("a connection"));
            let (mut head, mut line) = (String::new(), String::new());
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                head += &line.to_ascii_lowercase();
                line.clear();
            }
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length = length.and_then(|length| length.parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            reader.read_exact(&mut body).expect("the whole body");
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"version\":0}";
            reader.get_mut().write_all(answer).expect("the tool reads");
            if head.starts_with("post /room/help") {
                // The test may be over.
                let _ = tx.send(serde_json::from_slice(&body).expect("JSON"));
            }
        }
    });
    (address, asked)
}

fn join(visit: &Visit, address: &str) {
    let membership = json!({
        "address": address,
        "token": "secret",
        "title": "Class <b>1</b>",
        "student": { "id": "", "name": "Ada" },
    });
    let folder = visit.clone.root.join(".workbook");
    std::fs::create_dir_all(&folder).expect("writable");
    std::fs::write(folder.join("room.json"), membership.to_string()).expect("writable");
}

/// Whether the card has the button.
fn has_button(is: bool) -> String {
    let button = format!("document.querySelector('{CARD} [data-action=help]')");
    if is {
        format!("{button} !== null")
    } else {
        format!("{button} === null")
    }
}

#[test_cache::test]
fn a_reader_in_a_class_asks_for_help() {
    visit(&[], async |visit| {
        let (address, asked) = fake_room();
        visit.open(PAGE).await;
        visit.clone.answer("fetch_all", IN_TURN);
        visit.reads(CARD, "Failing").await;
        visit.browser.until(&has_button(false)).await;
        // The page notices that the reader joins in a terminal.
        join(visit, &address);
        visit.press(CARD, "Ask for help").await;
        visit.reads(CARD, "in the class “Class <b>1</b>”?").await;
        assert!(
            asked.try_recv().is_err(),
            "nothing is sent before the reader confirms it"
        );
        visit.press(CARD, "Send it").await;
        visit
            .reads(CARD, "Your teacher sees that you ask for help")
            .await;
        let ask = asked.recv_timeout(DEADLINE).expect("a request for help");
        assert_eq!(ask["exercise"], "gather/fetch_all");
        let answer = ask["answer"].as_str().expect("a text");
        assert!(
            answer.contains("pages.push(client.get(path).await)"),
            "{answer}"
        );
        assert!(!answer.contains("user_page"), "only this answer: {answer}");
        let stub = visit.clone.root.join("exercises/stubs/gather.rs");
        std::fs::copy(stub, visit.clone.root.join(STUB)).expect("writable");
        visit.clone.answer("fetch_all", RIGHT);
        visit.reads(CARD, "Solved").await;
        visit.browser.until(&has_button(false)).await;
    });
}
