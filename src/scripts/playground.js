// Runs a program on play.rust-lang.org, for pages that the tool does not serve. Nothing is sent before the reader
// asks for it.
import { withoutDrawing } from "./playground/program.js";
import { parseDiagnostics, splitStderr } from "./playground/stderr.js";

const ADDRESS = "https://play.rust-lang.org/execute";
const UNREACHABLE =
  "play.rust-lang.org did not answer. To run the program on this machine, save it to a file and type " +
  "`cargo workbook run FILE`, or start `cargo workbook` in the book's folder and press Run on the page that it opens.";

/**
 * Calls `onMessage` with the messages that the tool would stream, so that the page need not know where the program
 * ran.
 */
export const runInPlayground = async (program, onMessage, signal) => {
  onMessage({ kind: "step", text: "Waiting for play.rust-lang.org", done: 0, total: 0 });
  const { success, stdout, stderr, exitDetail } = await send(withoutDrawing(program), signal);
  const parts = splitStderr(stderr);
  const diagnostics = parseDiagnostics(parts.compiler);
  for (const diagnostic of diagnostics.filter(({ level }) => level === "warning")) {
    onMessage({ kind: "warning", diagnostic });
  }
  const errors = diagnostics.filter(({ level }) => level === "error");
  if (errors.length > 0) {
    onMessage({ kind: "errors", errors });
    return;
  }
  if (stdout !== "") onMessage({ kind: "output", stream: "stdout", text: stdout });
  if (parts.program !== "") onMessage({ kind: "output", stream: "stderr", text: parts.program });
  const message = success ? null : `The program failed: ${exitDetail}.`;
  onMessage({ kind: "ended", success, message, timelines: [] });
};

const send = async (code, signal) => {
  const body = {
    channel: "stable",
    mode: "debug",
    edition: "2024",
    crateType: "bin",
    tests: false,
    code,
    backtrace: false,
  };
  let response;
  try {
    response = await fetch(ADDRESS, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Error(UNREACHABLE);
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && typeof answer?.stdout === "string") return answer;
  const reason = answer?.error ?? `status ${response.status}`;
  throw new Error(`play.rust-lang.org could not run the program: ${reason}.`);
};
