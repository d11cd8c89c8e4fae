// Measures a chapter page with Lighthouse, as a phone and as a desktop, served by the tool that is given:
//
//     node ci/lighthouse.mjs target/debug/workbook
//
// Accessibility, best practices and SEO have to be 100. How fast the page is depends on the machine, so that
// is told and not required.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { resolve: find } = createRequire(resolve("target/tools/package.json"));
const load = async (name) => import(pathToFileURL(find(name)));
const { default: lighthouse, desktopConfig } = await load("lighthouse");
const { launch } = await load("chrome-launcher");

const REQUIRED = ["accessibility", "best-practices", "seo"];
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

const tool = spawn(process.argv[2], ["serve", "--no-open", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
const address = await new Promise((found) => {
  let said = "";
  tool.stdout.on("data", (bytes) => {
    said += bytes;
    const line = /http:\S+/.exec(said);
    if (line) found(new URL(line[0]));
  });
});
const browser = await launch({ chromeFlags: FLAGS, chromePath: process.env.CHROME_PATH });

let isWell = true;
for (const [name, config] of [
  ["mobile", undefined],
  ["desktop", desktopConfig],
]) {
  const { lhr } = await lighthouse(new URL("gather.html", address).href, { port: browser.port }, config);
  const scores = Object.entries(lhr.categories).map(([id, { score }]) => [id, Math.round(score * 100)]);
  console.log(`${name}: ${scores.map(([id, score]) => `${id} ${score}`).join(", ")}`);
  for (const [id, score] of scores) {
    if (!REQUIRED.includes(id) || score === 100) continue;
    isWell = false;
    for (const { id: audit } of lhr.categories[id].auditRefs) {
      const { score, title, details } = lhr.audits[audit];
      if (score !== null && score < 1) console.error(`  ${audit}: ${title}`, JSON.stringify(details?.items ?? []));
    }
  }
}

await browser.kill();
tool.kill();
process.exitCode = isWell ? 0 : 1;
