import assert from "node:assert/strict";
import test from "node:test";
import { runsInPlayground, withoutDrawing } from "../../src/scripts/playground/program.js";
import { parseDiagnostics, splitStderr } from "../../src/scripts/playground/stderr.js";

const WARNING = "warning: unused variable: `x`\n --> src/main.rs:2:9\n  |\n2 |     let x = 1;\n";
const ERROR = "error[E0425]: cannot find value `y` in this scope\n --> src/main.rs:3:5\n";
const SUMMARY =
  "error: could not compile `playground` (bin) due to 1 previous error; 1 warning emitted\n\n" +
  "Some errors have detailed explanations: E0425.\n";

test("the compiler's output ends where cargo runs the program", () => {
  const compiler = "   Compiling playground v0.0.1 (/playground)\n    Finished `dev` profile\n";
  const stderr = `${compiler}     Running \`target/debug/playground\`\nthread 'main' panicked\n`;
  assert.deepEqual(splitStderr(stderr), { compiler, program: "thread 'main' panicked\n" });
});

test("a program that did not run has printed nothing", () => {
  assert.deepEqual(splitStderr(ERROR), { compiler: ERROR, program: "" });
});

test("each diagnostic has its level, code, line and text", () => {
  const stderr = `   Compiling playground v0.0.1 (/playground)\n${WARNING}\n${ERROR}\n${SUMMARY}`;
  assert.deepEqual(parseDiagnostics(stderr), [
    {
      level: "warning",
      code: null,
      file: "src/main.rs",
      line: 2,
      message: "unused variable: `x`",
      rendered: WARNING,
    },
    {
      level: "error",
      code: "E0425",
      file: "src/main.rs",
      line: 3,
      message: "cannot find value `y` in this scope",
      rendered: ERROR,
    },
  ]);
});

test("a paragraph within a diagnostic belongs to it", () => {
  const [{ rendered }] = parseDiagnostics(`${ERROR}\nhelp: consider this\n`);
  assert.match(rendered, /help: consider this/);
});

test("lines that only draw become empty, so that the others keep their numbers", () => {
  const program =
    'fn main() {\n    let _figure = timeline::figure("a", "A");\n    #[timeline::lane("a")]\n    run();\n}';
  assert.equal(withoutDrawing(program), "fn main() {\n\n\n    run();\n}");
});

test("a program that only draws with the book's crates runs in the playground", () => {
  assert.ok(runsInPlayground('let _figure = timeline::figure("a", "A");\nuse tokio::time;'));
  assert.ok(!runsInPlayground("timeline::mark(1);"));
  assert.ok(!runsInPlayground("use grading::run;"));
  assert.ok(!runsInPlayground("use tokio_test;"));
  assert.ok(!runsInPlayground("use axum::Router;"));
  assert.ok(runsInPlayground("let orders = 1;"));
});
