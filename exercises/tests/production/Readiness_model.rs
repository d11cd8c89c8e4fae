//! What a readiness gate should say, and what it says with each usual mistake.

use exercises::production::Status;
use grading::list;

use super::super::{NOT_READY, PROBES};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Report(String),
    /// Drops the guard with this index, among those that exist.
    Drop(usize),
    ShutDown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) components: Vec<String>,
    pub(super) steps: Vec<Step>,
}

/// After each step, and before the first one: whether there was a guard, and the status.
pub(super) type Seen = Vec<(bool, Status)>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    AnyComponent,
    CountsReports,
    CountsTwice,
    UnknownNames,
    UnknownAreComponents,
    GuardsDoNothing,
    OneFlag,
    Sorted,
    OrderOfReports,
    TellsWhatIsReady,
    IgnoresTheShutdown,
    ShutdownIsNotReady,
    ReportAfterShutdown,
    NoGuardInShutdown,
    NoneIsNotReady,
}

use Mistake::*;

impl Mistake {
    pub(super) const ALL: &[Self] = &[
        AnyComponent,
        CountsReports,
        CountsTwice,
        UnknownNames,
        UnknownAreComponents,
        GuardsDoNothing,
        OneFlag,
        Sorted,
        OrderOfReports,
        TellsWhatIsReady,
        IgnoresTheShutdown,
        ShutdownIsNotReady,
        ReportAfterShutdown,
        NoGuardInShutdown,
        NoneIsNotReady,
    ];

    pub(super) fn meaning(self) -> &'static str {
        match self {
            AnyComponent => "that one component is enough. All of them have to be ready.",
            CountsReports => {
                "that reports are counted, and not components: two reports of one component are not those of two."
            }
            CountsTwice => {
                "that a name which occurs twice is two components. The second one is never reported."
            }
            UnknownNames => {
                "that a report of an unknown component is accepted. A typing error should be seen, and not swallowed."
            }
            UnknownAreComponents => "that a report of an unknown component adds it to the list.",
            GuardsDoNothing => {
                "that nothing happens when a guard is dropped. A component that has lost its connection is not ready."
            }
            OneFlag => {
                "that each component has a flag, which the first guard that is dropped clears. A component that connects again may have its new \
                 guard before the old one is dropped: count the guards."
            }
            Sorted => {
                "that the missing components are sorted. They are in the order in which `new` got them."
            }
            OrderOfReports => {
                "that the missing components are in the order in which they were lost. They are in that in which `new` got them."
            }
            TellsWhatIsReady => "that `missing` has the components that are ready.",
            IgnoresTheShutdown => {
                "that the shutdown does not change the status. A service that says ready while it stops gets requests that it refuses."
            }
            ShutdownIsNotReady => {
                "that the components are looked at before the shutdown. Once that has begun, the status is `ShuttingDown`, whatever they report."
            }
            ReportAfterShutdown => {
                "that a report after the shutdown makes the service ready again. The shutdown is for good: a task that reconnects in the middle of \
                 it must not undo it."
            }
            NoGuardInShutdown => {
                "that `report` returns no guard during the shutdown. It returns `None` for unknown components only."
            }
            NoneIsNotReady => {
                "that a service without components is never ready, because nothing reports it."
            }
        }
    }
}

impl Mistake {
    pub(super) fn page(self) -> &'static str {
        match self {
            IgnoresTheShutdown | ShutdownIsNotReady | ReportAfterShutdown => NOT_READY,
            _ => PROBES,
        }
    }
}

struct Model {
    components: Vec<String>,
    /// By component, the oldest first
    guards: Vec<String>,
    flags: Vec<bool>,
    lost: Vec<usize>,
    reports: usize,
    is_shutting_down: bool,
    mistake: Option<Mistake>,
}

impl Plan {
    pub(super) fn outcome(&self, mistake: Option<Mistake>) -> Seen {
        let mut components: Vec<String> = Vec::new();
        for name in &self.components {
            if !components.contains(name) || mistake == Some(CountsTwice) {
                components.push(name.clone());
            }
        }
        let mut model = Model {
            flags: vec![false; components.len()],
            lost: (0..components.len()).collect(),
            components,
            guards: Vec::new(),
            reports: 0,
            is_shutting_down: false,
            mistake,
        };
        let mut seen = vec![(true, model.status())];
        for step in &self.steps {
            let has_guard = model.takes(step);
            seen.push((has_guard, model.status()));
        }
        seen
    }

    pub(super) fn told(&self, until: usize) -> String {
        let steps = self.steps[..until].iter().map(|step| match step {
            Step::Report(name) => format!("report({name:?})"),
            Step::Drop(guard) => format!("drop of guard {guard}"),
            Step::ShutDown => "shut_down()".to_owned(),
        });
        let skipped = until.saturating_sub(7);
        let steps: Vec<_> = steps.skip(skipped).collect();
        let after = match (until, skipped) {
            (0, _) => String::new(),
            (_, 0) => format!(" and {}", list(steps.into_iter())),
            (_, skipped) => format!(" and {skipped} calls and {}", list(steps.into_iter())),
        };
        let names = self.components.iter().map(|name| format!("{name:?}"));
        format!("After new({}){after}", list(names))
    }
}

impl Model {
    fn has(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    /// Returns whether there is a guard, if it is a report.
    fn takes(&mut self, step: &Step) -> bool {
        match step {
            Step::ShutDown => self.is_shutting_down = !self.has(IgnoresTheShutdown),
            Step::Report(name) => {
                let position = self.components.iter().position(|other| other == name);
                let Some(component) = position else {
                    if self.has(UnknownAreComponents) {
                        self.components.push(name.clone());
                        self.flags.push(true);
                        self.guards.push(name.clone());
                        return true;
                    }
                    if self.has(UnknownNames) {
                        self.guards.push(name.clone());
                        return true;
                    }
                    return false;
                };
                if self.has(NoGuardInShutdown) && self.is_shutting_down {
                    return false;
                }
                if self.has(ReportAfterShutdown) {
                    self.is_shutting_down = false;
                }
                self.flags[component] = true;
                self.lost.retain(|other| *other != component);
                self.reports += 1;
                self.guards.push(name.clone());
            }
            Step::Drop(guard) => {
                if self.guards.is_empty() || self.has(GuardsDoNothing) {
                    return true;
                }
                let name = self.guards.remove(guard % self.guards.len());
                let position = self.components.iter().position(|other| *other == name);
                if let Some(component) = position {
                    self.flags[component] = false;
                    self.reports -= 1;
                    if !self.guards.contains(&name) {
                        self.lost.push(component);
                    }
                }
            }
        }
        true
    }

    fn status(&self) -> Status {
        if self.is_shutting_down && !self.has(ShutdownIsNotReady) {
            return Status::ShuttingDown;
        }
        let is_ready = |component: usize| match self.mistake {
            Some(OneFlag) => self.flags[component],
            _ => {
                let name = &self.components[component];
                let first = self.components.iter().position(|other| other == name);
                first == Some(component) && self.guards.contains(name)
            }
        };
        let all = 0..self.components.len();
        let mut missing: Vec<usize> = all.clone().filter(|at| !is_ready(*at)).collect();
        if self.has(OrderOfReports) {
            missing.clone_from(&self.lost);
        }
        let enough = match self.mistake {
            Some(AnyComponent) => missing.len() < self.components.len() || missing.is_empty(),
            Some(CountsReports) => self.reports >= self.components.len(),
            Some(NoneIsNotReady) => missing.is_empty() && !self.components.is_empty(),
            _ => missing.is_empty(),
        };
        if enough && self.is_shutting_down {
            return Status::ShuttingDown;
        }
        if enough {
            return Status::Ready;
        }
        if self.has(TellsWhatIsReady) {
            missing = all.filter(|at| is_ready(*at)).collect();
        }
        let mut missing: Vec<_> = missing
            .into_iter()
            .map(|at| self.components[at].clone())
            .collect();
        if self.has(Sorted) {
            missing.sort();
        }
        Status::NotReady { missing }
    }
}

/// Plans in which each mistake shows.
pub(super) fn probes() -> Vec<Plan> {
    let report = |name: &str| Step::Report(name.to_owned());
    let plan = |components: &[&str], steps: Vec<Step>| Plan {
        components: components.iter().map(|name| (*name).to_owned()).collect(),
        steps,
    };
    vec![
        plan(&[], vec![]),
        plan(
            &["db", "cache", "db", "api"],
            vec![
                report("queue"),
                report("db"),
                report("db"),
                report("db"),
                Step::Drop(1),
                report("api"),
                report("cache"),
                Step::Drop(3),
                Step::Drop(2),
                report("api"),
                report("cache"),
                Step::Drop(0),
                Step::Drop(0),
            ],
        ),
        plan(
            &["a", "b"],
            vec![
                report("a"),
                Step::ShutDown,
                report("b"),
                Step::Drop(0),
                report("a"),
                Step::ShutDown,
            ],
        ),
        plan(&["a", "b"], vec![report("a"), report("a"), Step::ShutDown]),
    ]
}
