//! A new member is in the room already when the `Left`s that its `Joined` causes are passed on. Caught by `Room::a_new_member_does_not_receive_what_its_join_causes`, which says "the new member is in the room too early".

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
        // It receives no `Joined`, but each `Left` that this causes.
        let joined = Event::Joined(name.to_owned());
        let mut left = VecDeque::new();
        self.members.retain(|member| {
            let refused = (member.id != id)
                .then(|| member.offer(&joined).err())
                .flatten();
            let stays = refused.is_none();
            left.extend(refused);
            stays
        });
        self.publish(left);
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
        let mut events = events.into();
        while let Some(event) = events.pop_front() {
            self.members.retain(|member| {
                let refused = member.offer(&event).err();
                let stays = refused.is_none();
                events.extend(refused);
                stays
            });
        }
    }
}
