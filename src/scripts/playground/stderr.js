// What the Rust playground gives as standard error: cargo's lines, the compiler's diagnostics and the program's own.

/** Splits it where cargo says that it runs the program. */
export const splitStderr = (stderr) => {
  const runs = /^ +Running `.*`\n/m.exec(stderr);
  return runs
    ? { compiler: stderr.slice(0, runs.index), program: stderr.slice(runs.index + runs[0].length) }
    : { compiler: stderr, program: "" };
};

const NEXT_DIAGNOSTIC = /\n\n(?=(?:error|warning)(?:\[E\d+\])?: )/;
const CARGO = /(?:^|\n) +(?:Compiling|Finished|Blocking) .*(?:\n|$)/;
const SUMMARY = /\n\n(?=Some errors have detailed|For more information)/;
const BETWEEN = new RegExp([NEXT_DIAGNOSTIC, CARGO, SUMMARY].map(({ source }) => source).join("|"));

/** The diagnostics of the compiler, in the form in which the tool gives them. */
export const parseDiagnostics = (compiler) =>
  compiler
    .split(BETWEEN)
    .map(parseDiagnostic)
    .filter((diagnostic) => diagnostic !== null);

const parseDiagnostic = (text) => {
  const head = /^(error|warning)(?:\[(E\d+)\])?: (.*)/.exec(text);
  const line = / --> src\/main\.rs:(\d+):/.exec(text)?.[1];
  if (!head || line === undefined) return null;
  const [, level, code = null, message] = head;
  const rendered = `${text.trimEnd()}\n`;
  return { level, code, file: "src/main.rs", line: Number(line), message, rendered };
};
