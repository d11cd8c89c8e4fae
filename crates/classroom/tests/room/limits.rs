//! How much a room takes in.

use classroom::room::known::Known;
use classroom::room::registry::{MAX_LEARNERS, Refusal, Registry};
use classroom::submission::Student;
use classroom::submission::room::Ask;

use crate::room::folder;

fn student(number: usize) -> Student {
    Student {
        id: number.to_string(),
        name: format!("Learner {number}"),
    }
}

#[test]
fn a_room_that_is_full_refuses_more_learners() {
    let folder = folder();
    let mut room = Registry::open(folder.path(), Known::default()).expect("writable");
    let code = room.code().to_owned();
    for number in 0..MAX_LEARNERS {
        room.join(&code, student(number)).expect("there is a place");
    }
    let refused = room.join(&code, student(MAX_LEARNERS));
    assert!(matches!(refused, Err(Refusal::Full)), "{refused:?}");
    room.remove(1).expect("the first one");
    room.join(&code, student(MAX_LEARNERS))
        .expect("there is a place again");
    drop(room);
    let room = Registry::open(folder.path(), Known::default()).expect("readable");
    assert_eq!(room.snapshot().learners.len(), MAX_LEARNERS);
}

#[test]
fn a_learner_asks_about_five_exercises_at_a_time() {
    let folder = folder();
    let exercises: Vec<_> = (0..6)
        .map(|number| format!("gather/exercise_{number}"))
        .collect();
    let mut room = Registry::open(folder.path(), Known::of(&exercises, [])).expect("writable");
    let code = room.code().to_owned();
    let token = room.join(&code, student(0)).expect("there is a place");
    let learner = room.authenticate(&token).expect("the token is valid");
    let ask = |exercise: &String| Ask {
        exercise: exercise.clone(),
        answer: String::new(),
        message: String::new(),
    };
    for exercise in &exercises[..5] {
        room.ask(learner, ask(exercise)).expect("she may ask");
    }
    let refused = room.ask(learner, ask(&exercises[5]));
    assert!(
        matches!(refused, Err(Refusal::TooManyRequests)),
        "{refused:?}"
    );
    room.ask(learner, ask(&exercises[0]))
        .expect("she has asked about this one");
    room.withdraw(learner, &exercises[1])
        .expect("she may withdraw");
    room.ask(learner, ask(&exercises[5]))
        .expect("there is a place again");
}
