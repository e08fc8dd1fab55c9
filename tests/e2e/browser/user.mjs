// A user's own page: room, settings, a new password, an app password, a second factor and signing in with it.
import { createHmac } from "node:crypto";
import { expect, facts, go, open, scenario, settled, shoot, signIn, tell } from "./browser.mjs";

// RFC 6238 with SHA-1, six digits, 30 seconds.
function codeOf(secret, steps = 0) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((octet) => parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}

await scenario(async () => {
  const page = await open({ size: "phone" });
  await signIn(page, facts.user);
  await page.getByText("Set up a program or a phone").waitFor();
  await settled(page);
  expect((await page.getByText("Overview").count()) === 0, "a user is shown an administrator's pages");
  await shoot(page, "me");

  await go(page, "security");
  await page.getByLabel("Now", { exact: true }).fill(facts.user.password);
  await page.getByLabel("New", { exact: true }).fill(facts.newPassword);
  await page.getByLabel("New, once more").fill("something else");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Not the same as above").waitFor();
  await page.getByLabel("New, once more").fill(facts.newPassword);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Your password is changed").waitFor();

  if (await page.getByRole("button", { name: "Sign in" }).count()) await signIn(page, { ...facts.user, password: facts.newPassword });
  await go(page, "security");
  await page.getByRole("button", { name: "New app password" }).click();
  await page.getByLabel("What it is for").fill(facts.canary);
  await page.getByLabel("POP3").uncheck();
  await page.getByRole("button", { name: "Make it" }).click();
  const appPassword = await page.locator(".big code").innerText();
  await page.getByRole("button", { name: "I have noted it" }).click();

  await page.getByRole("button", { name: "Set it up" }).click();
  await page.locator("svg.qr").waitFor();
  await shoot(page, "second-factor");
  const secret = (await page.locator("dialog .copyable code").innerText()).replace(/\s/g, "");
  await page.getByLabel("The code that it shows").fill("12");
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByText("Six digits").waitFor();
  await page.getByLabel("The code that it shows").fill(codeOf(secret));
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByText("needs a code from your app as well").waitFor();

  const other = await open();
  // A code is good once: the next one is ahead of the clock by a step, which is allowed for clocks that differ.
  await signIn(other, { name: facts.user.name, password: facts.newPassword, code: codeOf(secret, 1) });
  tell({ appPassword });
});
