//! The removal of a member is told at once, while the event that removed it is passed on. Caught by `Room::removals_follow_the_event_that_caused_them`, which says "in the middle of the event".

impl Room {
    pub fn new(capacity: NonZeroUsize) -> Self {
        Self {
            capacity: capacity.get(),
            members: Vec::new(),
            joined: 0,
        }
    }

    pub fn join(&mut self, name: &str) -> Result<Member, NameTaken> {
        self.remove_dropped();
        if self.members.iter().any(|member| member.name == name) {
            return Err(NameTaken);
        }
        self.publish([Event::Joined(name.to_owned())]);

        let id = MemberId(self.joined);
        self.joined += 1;
        let (tx, rx) = mpsc::channel(self.capacity);
        let removed = Arc::new(OnceLock::new());
        self.members.push(Entry {
            id,
            name: name.to_owned(),
            events: tx,
            removed: Arc::clone(&removed),
        });
        Ok(Member {
            id,
            events: rx,
            removed,
        })
    }

    pub fn say(&mut self, from: MemberId, text: &str) {
        self.remove_dropped();
        if let Some(member) = self.members.iter().find(|member| member.id == from) {
            let said = Event::Said(member.name.clone(), text.to_owned());
            self.publish([said]);
        }
    }

    pub fn leave(&mut self, member: Member) {
        drop(member);
        self.remove_dropped();
    }

    pub fn names(&self) -> Vec<String> {
        let present = self
            .members
            .iter()
            .filter(|member| !member.events.is_closed());
        present.map(|member| member.name.clone()).collect()
    }

    fn remove_dropped(&mut self) {
        let gone = self
            .members
            .extract_if(.., |member| member.events.is_closed());
        let left: Vec<_> = gone.map(|member| member.left(Reason::Dropped)).collect();
        self.publish(left);
    }

    fn publish(&mut self, events: impl Into<VecDeque<Event>>) {
        for event in events.into() {
            let mut at = 0;
            while at < self.members.len() {
                match self.members[at].offer(&event) {
                    Ok(()) => at += 1,
                    Err(left) => {
                        self.members.remove(at);
                        self.publish([left]);
                    }
                }
            }
        }
    }
}
