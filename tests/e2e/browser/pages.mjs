// Every page in both colour schemes, on a desk and on a phone: axe-core finds nothing, nothing of a stranger runs, and
// a picture of each is kept.
import { colours, examine, expect, facts, go, open, scenario, settled, shoot, signIn, sizes } from "./browser.mjs";

const account = encodeURIComponent(facts.user.name);
const ofAdministrators = ["overview", "accounts", "accounts/" + account, "accounts/" + account + "/recovery", "import", "domains", "domains/example.test", "devices", "devices?domain=example.test",
  "sessions", "queue", "usage", "audit", "backup", "plans", "tenants", "administrators", "administrators/" + facts.administrator.id, "security", "nowhere"];
const all = colours.flatMap((colour) => Object.keys(sizes).map((size) => [colour, size]));
const ofUsers = ["mailbox", "my-devices", "security"];

async function walk(who, places, colour, size) {
  const page = await open({ colour, size });
  if (who === facts.administrator) {
    await settled(page);
    await examine(page, `sign-in, ${colour}, ${size}`);
    await shoot(page, `sign-in-${colour}-${size}`);
  }
  await signIn(page, who);
  for (const place of places) {
    await go(page, place);
    if (place !== "nowhere") await settled(page);
    await examine(page, `${place}, ${colour}, ${size}`);
    await shoot(page, `${decodeURIComponent(place).replace(/\W+/g, "-")}-${colour}-${size}`);
  }
  await page.context().close();
}

async function dialogs() {
  const page = await open();
  await signIn(page, facts.administrator);
  for (const [place, button] of [["accounts", "New account"], ["domains", "New domain"], ["plans", "New plan"], ["tenants", "New tenant"],
    ["administrators", "New administrator"], ["accounts/" + account, "New password"], ["accounts/" + account, "Delete"],
    ["domains/example.test", "Change room"], ["domains/example.test", "Words at 95 %"], ["devices?domain=example.test", "New rule"]]) {
    await go(page, place);
    await settled(page);
    const opener = page.getByRole("button", { name: button, exact: true });
    await opener.click();
    await page.locator("dialog[open]").waitFor();
    await examine(page, `${button} on ${place}`);
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    expect(await opener.evaluate((element) => element === document.activeElement), `Escape from “${button}” loses the place`);
  }
}

await scenario(async () => {
  for (const [colour, size] of facts.short ? [["light", "desk"], ["dark", "phone"]] : all) {
    await walk(facts.administrator, ofAdministrators, colour, size);
    await walk(facts.user, ofUsers, colour, size);
  }
  await dialogs();
});
