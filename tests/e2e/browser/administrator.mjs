// An administrator's first day: a domain, an account, its switches, several at once, a file of accounts, the audit.
import { expect, facts, go, open, scenario, settled, shoot, signIn } from "./browser.mjs";

async function newDomain(page) {
  await go(page, "domains");
  await page.getByRole("button", { name: "New domain" }).click();
  await page.locator("dialog").getByLabel("Name").fill("not a name");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText("A name such as example.com").waitFor();
  await page.locator("dialog").getByLabel("Name").fill(facts.domain);
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("heading", { level: 1, name: facts.domain }).waitFor();
}

async function newAccount(page, local) {
  await go(page, "accounts?domain=" + facts.domain);
  await page.getByRole("button", { name: "New account" }).click();
  await page.locator("dialog").getByLabel("Address").fill(local);
  await page.locator("dialog").getByLabel("Name").fill(facts.canary);
  await page.getByRole("button", { name: "Make account" }).click();
  await page.getByRole("heading", { level: 1, name: `${local}@${facts.domain}` }).waitFor();
}

// The refusal comes from the server, and stands beside the field that it is about.
async function refusedAccount(page) {
  await go(page, "accounts");
  await page.getByRole("button", { name: "New account" }).click();
  await page.locator("dialog").getByLabel("Address").fill("ada@not-served.test");
  await page.getByRole("button", { name: "Make account" }).click();
  const field = page.locator("dialog input[name=address]");
  await page.locator("dialog .error, dialog .failure").first().waitFor();
  await shoot(page, "refused");
  expect((await field.inputValue()) === "ada@not-served.test", "what was typed is gone");
  await page.getByRole("button", { name: "Cancel" }).click();
}

async function switches(page) {
  const mobile = page.getByRole("switch", { name: "Mobile Sync" });
  await mobile.focus();
  await page.keyboard.press("Space");
  await page.locator('[role=switch][aria-label="Mobile Sync"][aria-checked=true]').waitFor();
  await page.getByText("set here").waitFor();
  await page.getByRole("button", { name: "Mobile Sync: Follow the plan" }).click();
  await page.locator('[role=switch][aria-label="Mobile Sync"][aria-checked=false]').waitFor();
  await shoot(page, "account");
}

async function bulk(page) {
  await go(page, "accounts?domain=" + facts.domain);
  await settled(page);
  await page.getByLabel("Choose all that are shown").check();
  await page.getByLabel("What to do with them").selectOption("Mobile Sync on");
  await shoot(page, "bulk");
  await page.getByRole("button", { name: "Do it" }).click();
  await page.getByText("Mobile Sync on: 2 of 2 accounts").waitFor();
  expect((await page.locator(".door.paid").count()) === 2, "the list does not show what was done in bulk");
}

async function importFile(page) {
  await go(page, "import");
  const rows = Array.from({ length: 25 }, (_, i) => `i${i}@${facts.domain},a good password ${i},Person ${i},2 GB`);
  const file = (lines) => ({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
  await page.setInputFiles("input[type=file]", file(["address,password,name,quota", ...rows, "nobody,x,,"]));
  await page.getByText("Not an address").waitFor();
  expect(await page.getByRole("button", { name: /^Import 26/ }).isDisabled(), "a file with a mistake can be sent");
  await page.setInputFiles("input[type=file]", file(["address,password,name,quota", ...rows]));
  await page.getByRole("button", { name: "Import 25 accounts" }).click();
  await page.getByText("All 25 accounts are there").waitFor();
  await shoot(page, "imported");
}

async function audit(page) {
  await go(page, "audit?object=" + encodeURIComponent(`grace@${facts.domain}`));
  await settled(page);
  await page.getByText("mobile sync").first().waitFor();
  await shoot(page, "audit-of-one");
}

await scenario(async () => {
  const page = await open();
  await page.getByLabel("Name or mail address").fill(facts.administrator.name);
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await shoot(page, "sign-in-refused");
  await signIn(page, facts.administrator);
  await newDomain(page);
  await newAccount(page, "ada");
  await newAccount(page, "grace");
  await switches(page);
  await refusedAccount(page);
  await bulk(page);
  await importFile(page);
  await audit(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const answer = await page.request.get(facts.url + "/api/v1/session");
  expect(answer.status() === 401, "the session lives on");
});
