// What the scenarios beside this file share: Chromium on the page of a running server, and what must never happen on
// any page. A scenario gets its facts as JSON in the first argument.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const facts = JSON.parse(process.argv[2]);

export const colours = ["light", "dark"];
export const sizes = { desk: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } };

let browser = null;
const wrong = [];

/** A page of a browser that knows nobody yet. */
export async function open({ colour = "light", size = "desk" } = {}) {
  const options = { ignoreHTTPSErrors: true, colorScheme: colour, viewport: sizes[size], acceptDownloads: true };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.on("dialog", (dialog) => {
    wrong.push(`a script of a stranger ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => wrong.push(`the page threw: ${error.message}`));
  page.on("console", (message) => {
    // An answer that is no success is said here, too, and is the scenario's affair.
    const answer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !answer) wrong.push(`the console says: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(facts.url)) wrong.push(`it asked ${request.url()}`);
  });
  await page.goto(facts.url);
  return page;
}

export async function signIn(page, { name, password, code }) {
  await page.getByLabel("Name or mail address").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  if (code !== undefined) {
    await page.getByLabel("Code").fill(code);
    await page.getByRole("button", { name: "Sign in" }).click();
  }
  await page.getByRole("button", { name: "Sign out", includeHidden: true }).waitFor({ state: "attached" });
}

export async function go(page, place) {
  await page.goto(facts.url + "/#/" + place);
}

/** Nothing is loading any more. */
export async function settled(page) {
  await page.locator("main h1").first().waitFor();
  await page.waitForFunction(() => document.querySelector(".loading, .waiting") === null);
}

/** axe-core's findings on the page as it is, and whether it is wider than the screen. */
export async function examine(page, where) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const expression = "axe.run().then((found) => JSON.stringify(found.violations))";
  const answer = await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  for (const { id, nodes } of JSON.parse(answer.result.value)) {
    wrong.push(`axe on ${where}: ${id}: ${nodes[0].html.slice(0, 160)}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (wide) wrong.push(`${where} is wider than the screen`);
  await session.detach();
}

export async function shoot(page, name) {
  mkdirSync(facts.shots, { recursive: true });
  await page.screenshot({ path: join(facts.shots, name + ".png"), fullPage: true });
}

export function expect(condition, what) {
  if (!condition) wrong.push(what);
}

export function tell(fact) {
  process.stdout.write(JSON.stringify(fact) + "\n");
}

/** Runs the scenario; the process fails with what went wrong. */
export async function scenario(work) {
  browser = await chromium.launch({ executablePath: facts.chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    await work();
  } catch (error) {
    wrong.push(String(error?.stack ?? error));
    for (const context of browser.contexts()) {
      for (const page of context.pages()) await shoot(page, "failed").catch(() => {});
    }
  } finally {
    await browser.close();
  }
  if (wrong.length > 0) {
    process.stderr.write([...new Set(wrong)].join("\n") + "\n");
    process.exitCode = 1;
  }
}
