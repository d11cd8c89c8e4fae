// Runs a program on play.rust-lang.org, for pages that no tool serves. Nothing is sent before the reader asks.
"use strict";

{
  const ADDRESS = "https://play.rust-lang.org/execute";
  const UNREACHABLE = "play.rust-lang.org does not answer. To run the program on this machine, save it to a file and " +
    "type `cargo workbook run FILE`, or type `cargo workbook` in the folder of the book and press Run on its page.";
  // Crates of the workbook, and those that the playground does not have.
  const ONLY_HERE = /\b(?:timeline|grading|exercises|tokio_test|loom)(?:::|\s*;)/;
  const DRAWING = /^\s*(?:#\[timeline::lane\(.*\)\]|let _figure = timeline::figure\(.*\);)\s*$/gm;

  // Lines that only draw become empty ones, so that the numbers in the compiler's words stay right.
  const withoutDrawing = (text) => text.replace(DRAWING, "");

  // cargo prints what the compiler says before it says that it runs the program.
  const parted = (stderr) => {
    const runs = /^ +Running `.*`\n/m.exec(stderr);
    return runs
      ? { compiler: stderr.slice(0, runs.index), program: stderr.slice(runs.index + runs[0].length) }
      : { compiler: stderr, program: "" };
  };

  const NEXT_DIAGNOSTIC = /\n\n(?=(?:error|warning)(?:\[E\d+\])?: )/;
  const CARGO = /(?:^|\n) +(?:Compiling|Finished|Blocking) .*(?:\n|$)/;
  const SUMMARY = /\n\n(?=Some errors have detailed|For more information)/;

  // The compiler's words, cut into one diagnostic for each paragraph, as the tool gives them.
  const diagnostics = (words) => words
    .split(new RegExp([NEXT_DIAGNOSTIC, CARGO, SUMMARY].map(({ source }) => source).join("|")))
    .map((paragraph) => {
      const said = /^(error|warning)(?:\[(E\d+)\])?: (.*)/.exec(paragraph);
      const line = / --> src\/main\.rs:(\d+):/.exec(paragraph)?.[1];
      if (!said || line === undefined) return null;
      const [, level, code = null, message] = said;
      return { level, code, file: "src/main.rs", line: Number(line), message, rendered: `${paragraph.trimEnd()}\n` };
    })
    .filter((diagnostic) => diagnostic !== null);

  const ask = async (code, signal) => {
    let response;
    try {
      response = await fetch(ADDRESS, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          channel: "stable", mode: "debug", edition: "2024", crateType: "bin", tests: false, code, backtrace: false,
        }),
        signal,
      });
    } catch (error) {
      throw error.name === "AbortError" ? error : new Error(UNREACHABLE);
    }
    const answer = await response.json().catch(() => null);
    if (response.ok && typeof answer?.stdout === "string") return answer;
    throw new Error(`play.rust-lang.org could not run the program: ${answer?.error ?? `status ${response.status}`}.`);
  };

  workbook.playground = {
    canRun: (text) => !ONLY_HERE.test(withoutDrawing(text)),

    // Tells `onLine` what `workbook.stream("run", ..)` would: the page need not know who ran the program.
    async run(text, onLine, signal) {
      onLine({ kind: "step", words: "Waiting for play.rust-lang.org", done: 0, total: 0 });
      const { success, stdout, stderr, exitDetail } = await ask(withoutDrawing(text), signal);
      const { compiler, program } = parted(stderr);
      const said = diagnostics(compiler);
      said.filter(({ level }) => level === "warning").forEach((diagnostic) => onLine({ kind: "warning", diagnostic }));
      const errors = said.filter(({ level }) => level === "error");
      if (errors.length > 0) {
        onLine({ kind: "errors", errors });
        return;
      }
      if (stdout !== "") onLine({ kind: "output", stream: "stdout", text: stdout });
      if (program !== "") onLine({ kind: "output", stream: "stderr", text: program });
      const words = `It did not end well. The playground says: “${exitDetail}”.`;
      onLine({ kind: "ended", well: success, words: success ? null : words, timelines: [] });
    },
  };
}
