use super::*;

fn name(name: &str) -> Name {
    name.parse().expect("valid")
}

fn said(from: &str, text: &str) -> Said {
    let text = text.to_owned().try_into().expect("valid");
    Said {
        from: name(from),
        text,
    }
}

fn join(room: &mut Room, member: &str, capacity: usize) -> (MemberId, Queue) {
    room.join(&name("lobby"), &name(member), capacity)
}

/// What waits in a queue, as the kinds of events and what is particular about them.
fn received(queue: &mut Queue) -> Vec<String> {
    let mut received = Vec::new();
    while let Ok(event) = queue.events.try_recv() {
        received.push(match serde_json::from_str(event.as_str()).expect("JSON") {
            Event::Welcome { history, .. } => format!("welcome {}", history.len()),
            Event::Said(said) => said.text.into(),
            Event::Joined { name } => format!("+{name}"),
            Event::Left { name, why } => format!("-{name} {why:?}"),
        });
    }
    received
}

#[test]
fn tells_the_others_of_joins_and_leaves() {
    let mut room = Room::new(5);
    let (_, mut ann) = join(&mut room, "ann", 8);
    let (bob, _queue) = join(&mut room, "bob", 8);
    room.leave(&name("bob"), bob, Why::Closed);
    room.leave(&name("bob"), bob, Why::Lost);
    assert_eq!(received(&mut ann), ["welcome 0", "+bob", "-bob Closed"]);
}

#[test]
fn keeps_the_last_messages_only() {
    let mut room = Room::new(2);
    let (ann, _queue) = join(&mut room, "ann", 8);
    for text in ["one", "two", "three"] {
        room.say(ann, said("ann", text));
    }
    let kept: Vec<_> = room.history.iter().map(|said| said.text.as_str()).collect();
    assert_eq!(kept, ["two", "three"]);
    let (_, mut bob) = join(&mut room, "bob", 8);
    assert_eq!(received(&mut bob), ["welcome 2"]);
}

#[test]
fn removes_the_slow_member_and_delivers_to_the_others() {
    let mut room = Room::new(5);
    let (ann, mut queue) = join(&mut room, "ann", 8);
    let (bob, slow) = join(&mut room, "bob", 2);
    room.say(ann, said("ann", "one"));
    room.say(ann, said("ann", "two"));
    assert!(slow.removed().is_cancelled());
    room.leave(&name("bob"), bob, Why::Lost);
    let expected = ["welcome 0", "+bob", "one", "two", "-bob Slow"];
    assert_eq!(received(&mut queue), expected);
}

#[test]
fn a_removal_may_find_the_next_full_queue() {
    let mut room = Room::new(5);
    let (ann, mut queue) = join(&mut room, "ann", 9);
    let (_, bob) = join(&mut room, "bob", 3);
    let (_, carl) = join(&mut room, "carl", 2);
    room.say(ann, said("ann", "one")); // bob and carl have no place left
    room.say(ann, said("ann", "two"));
    assert!(bob.removed().is_cancelled() && carl.removed().is_cancelled());
    let events = received(&mut queue);
    let left = events.iter().filter(|event| event.starts_with('-'));
    assert_eq!(left.count(), 2, "{events:?}");
}

#[test]
fn a_late_leave_does_not_remove_a_namesake() {
    let mut room = Room::new(5);
    let (first, _queue) = join(&mut room, "ann", 1);
    let (bob, _queue) = join(&mut room, "bob", 8);
    room.say(bob, said("bob", "one")); // ann's queue is full
    assert!(!room.has(&name("ann")));
    let _second = join(&mut room, "ann", 8);
    room.leave(&name("ann"), first, Why::Lost);
    assert!(room.has(&name("ann")));
}

#[test]
fn a_removed_member_can_say_nothing() {
    let mut room = Room::new(5);
    let (ann, _queue) = join(&mut room, "ann", 1);
    let (_, mut bob) = join(&mut room, "bob", 8);
    room.say(ann, said("ann", "one"));
    room.say(ann, said("ann", "two"));
    assert_eq!(received(&mut bob), ["welcome 0"]);
}
