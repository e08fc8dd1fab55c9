// What a user has deleted comes back: looked for, looked at, one chosen, then everything; and a session is ended.
import { examine, expect, facts, go, open, scenario, settled, shoot, signIn } from "./browser.mjs";

const row = (page, subject) => page.getByRole("row").filter({ hasText: subject });

async function header(page) {
  await page.getByRole("button", { name: "Header of chosen" }).click();
  const text = page.locator("dialog[open] pre");
  await text.waitFor();
  const shown = await text.innerText();
  expect(shown.includes("Subject: chosen"), "the header is not shown");
  expect(!shown.includes(facts.body), "the body is shown");
  await examine(page, "header of a deleted message");
  await shoot(page, "deleted-header");
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
}

async function bringBackOne(page) {
  await page.getByLabel("Subject").fill("CHOSEN");
  await row(page, "another").waitFor({ state: "detached" });
  await settled(page);
  await header(page);
  await page.getByLabel("Choose chosen").check();
  await examine(page, "a deleted message that is chosen");
  await page.getByRole("button", { name: "Bring back 1" }).click();
  await page.getByText("1 message is back").waitFor();
  await page.getByText("Nothing fits").waitFor();
}

async function bringBackTheRest(page) {
  await page.getByLabel("Subject").fill("");
  await row(page, "another").waitFor();
  await page.getByLabel("Where to").selectOption("dated");
  await page.getByRole("button", { name: "Bring back everything" }).click();
  await page.locator("dialog[open]").waitFor();
  await examine(page, "before everything is brought back");
  await page.locator("dialog").getByRole("button", { name: "Bring back" }).click();
  await page.getByText("3 messages are back").waitFor();
  await page.getByText("Nothing was deleted").waitFor();
  await page.getByRole("button", { name: "Bring back Old" }).click();
  await page.getByText("Old is back, with 1 message").waitFor();
  await shoot(page, "brought-back");
}

async function endSession(page) {
  await go(page, "sessions?account=" + encodeURIComponent(facts.account));
  const end = page.getByRole("button", { name: "End IMAP of " + facts.account });
  await end.waitFor();
  await examine(page, "sessions");
  await shoot(page, "sessions");
  await end.click();
  await page.getByText("ending", { exact: true }).first().waitFor();
  await page.getByText("Nobody is connected").waitFor();
}

await scenario(async () => {
  const page = await open();
  await signIn(page, facts.administrator);
  await go(page, "accounts/" + encodeURIComponent(facts.account));
  await page.getByRole("link", { name: "Deleted mail" }).click();
  await row(page, "another").waitFor();
  await settled(page);
  await examine(page, "deleted mail");
  await shoot(page, "deleted-mail");
  await bringBackOne(page);
  await bringBackTheRest(page);
  await endSession(page);
  await go(page, "audit?object=" + encodeURIComponent(facts.account));
  await settled(page);
  expect((await page.getByText("restore", { exact: true }).count()) >= 3, "the audit does not know what was restored");
});
