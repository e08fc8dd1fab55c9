// The demo page: a letter through three doors, deleted on the phone and brought back, and the phone refused.
import { examine, expect, facts, open, scenario, shoot, signIn, sizes } from "./browser.mjs";

const door = (page, title) =>
  page.locator("section.card").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
const state = (page, title, words) => door(page, title).getByRole("status").getByText(words, { exact: true }).waitFor();
const letters = (page, title) => page.getByRole("list", { name: `${title}: messages` });

async function begin(page) {
  await page.goto(facts.url + "/demo");
  await signIn(page, facts.administrator);
  await state(page, "IMAP", "waits for news");
  await state(page, "Mobile Sync", "waits for news");
  await state(page, "POP3", "asked");
}

/** Sends the so-manieth; its subject, once both doors that push were told. */
async function letter(page, number) {
  await page.getByRole("button", { name: "Send a letter" }).click();
  const first = letters(page, "IMAP").getByRole("listitem").first().locator(".subject");
  await first.getByText("A letter of").waitFor();
  const subject = await first.innerText();
  await letters(page, "Mobile Sync").getByText(subject).waitFor();
  const told = page.locator(".pushes tbody tr").filter({ hasText: /\d\.\d ms\s*\d+\.\d ms/ });
  await told.nth(number - 1).waitFor();
  return subject;
}

async function throughAllDoors(page, subject) {
  expect((await letters(page, "POP3").getByText(subject).count()) === 0, "POP3 was told without asking");
  await page.getByRole("button", { name: "Fetch" }).click();
  await letters(page, "POP3").getByText(subject).waitFor();
  await page.getByRole("button", { name: `Read: ${subject} by the phone` }).click();
  await page.getByRole("button", { name: `Unread: ${subject} by IMAP` }).click();
  await page.getByRole("button", { name: `Read: ${subject} by the phone` }).waitFor();
}

async function deletedAndBroughtBack(page, subject) {
  await page.getByRole("button", { name: `Delete ${subject} by the phone` }).click();
  for (const title of ["IMAP", "Mobile Sync"]) await letters(page, title).getByText(subject).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Bring back what was deleted" }).click();
  for (const title of ["IMAP", "Mobile Sync"]) await letters(page, title).getByText(subject).waitFor();
}

async function switchedOffAndOn(page) {
  const mobileSync = page.getByRole("switch", { name: "Mobile Sync" });
  await mobileSync.click();
  await state(page, "Mobile Sync", "refused");
  await examine(page, "the demo page, the phone refused");
  await mobileSync.click();
  await state(page, "Mobile Sync", "waits for news");
  await letter(page, 2);
}

await scenario(async () => {
  const page = await open();
  await begin(page);
  await examine(page, "the demo page");
  const subject = await letter(page, 1);
  await throughAllDoors(page, subject);
  await shoot(page, "demo");
  await deletedAndBroughtBack(page, subject);
  await switchedOffAndOn(page);
  const said = await page.getByRole("region", { name: "IMAP: what is said" }).innerText();
  expect(said.includes("IDLE") && !said.includes(facts.password), "the transcript is not what it should be");
  await page.setViewportSize(sizes.phone);
  await examine(page, "the demo page on a phone");
  await shoot(page, "demo-phone");
});
