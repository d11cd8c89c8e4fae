// In which order a card shows what is wrong.

/** The first test to read about: one that ran and did not pass, or else one that was not run. Null if all pass. */
export const firstFailure = (tests) => {
  const failed = tests.filter(({ outcome }) => outcome !== "passed");
  return failed.find(({ outcome }) => outcome !== "not-run" && outcome !== "not-started") ?? failed[0] ?? null;
};

/** The warnings with those about unused futures first: a future that is never awaited does nothing. */
export const mostLikelyCauseFirst = (warnings) => {
  const isUnused = ({ code }) => code === "unused_must_use";
  return [...warnings.filter(isUnused), ...warnings.filter((warning) => !isUnused(warning))];
};
