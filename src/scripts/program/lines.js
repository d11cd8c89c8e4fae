// Lines of a program, as the compiler counts them: from 1.

/** Where the text of a line is: from its first character that is no blank to its end. */
export const lineSpan = (text, line) => {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((length, { length: other }) => length + other + 1, 0);
  const content = lines[line - 1] ?? "";
  return {
    begin: before + content.length - content.trimStart().length,
    end: before + content.length,
  };
};

/** One diagnostic for each line that has any: the first error, or else the last warning. */
export const worstByLine = (diagnostics) => {
  const byLine = new Map();
  for (const diagnostic of diagnostics) {
    if (diagnostic.line === null || byLine.get(diagnostic.line)?.level === "error") continue;
    byLine.set(diagnostic.line, diagnostic);
  }
  return [...byLine.values()];
};
