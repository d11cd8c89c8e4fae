// Describes a timeline's events in sentences.

/** A time as the figures and the pages write it. */
export const timeText = (time) => (time < 10_000_000 ? `${time / 1000} ms` : `${time / 1_000_000} s`);

/** An event in sentences that name its lane and its time. */
export const describe = (event) => {
  const [name, time] = [event.lane.name, timeText(event.at)];
  switch (event.kind) {
    case "polled":
      return `Poll ${event.number} of ${name} at ${time}, ${cause(event)}. ${effects(event)}`;
    case "woken":
      return `Wake-up of ${name} at ${time}.`;
    case "marked":
      return `Mark of ${name} at ${time}: ${event.text}`;
    case "ended":
      return `At ${time}, ${name} ${ending(event)}.`;
  }
};

/** The same for a table that has columns for the lane and the time. */
export const describeInTable = (event) => {
  switch (event.kind) {
    case "created":
      return "Created, not polled yet.";
    case "polled":
      return `Poll ${event.number}, ${cause(event)}. ${effects(event)}`;
    case "woken":
      return "Wake-up.";
    case "marked":
      return `Mark: ${event.text}`;
    case "ended":
      return `It ${ending(event)}.`;
  }
};

/** Whether the table has a row for an event: a lane's creation is only told if its first poll came later. */
export const isInTable = ({ kind, at, lane }) =>
  kind !== "created" || lane.events.find((event) => event.kind === "polled")?.at !== at;

const cause = ({ number, woken }) => {
  if (woken) return "after a wake-up";
  return number === 1 ? "the first" : "without a wake-up";
};

const effects = ({ at, until, busy, outcome }) => {
  const sentences = [];
  if (busy > 0) sentences.push(`It blocked the thread for ${timeText(busy)}.`);
  const inner = until - at - busy;
  if (inner > 0) sentences.push(`An inner lane blocked it for ${timeText(inner)}.`);
  sentences.push(outcome === null ? "It returned Pending." : `It ${outcome}.`);
  return sentences.join(" ");
};

const ending = ({ outcome, lane }) => {
  if (outcome !== "dropped") return outcome;
  return lane.polls === 0 ? "was dropped before its first poll" : "was dropped";
};
