// Switches Mobile Sync of an account off, and says when the server has taken it.
import { facts, go, open, scenario, signIn, tell } from "./browser.mjs";

await scenario(async () => {
  const page = await open();
  await signIn(page, facts.administrator);
  await go(page, "accounts/" + encodeURIComponent(facts.account));
  await page.locator('[role=switch][aria-label="Mobile Sync"][aria-checked=true]').click();
  await page.locator('[role=switch][aria-label="Mobile Sync"][aria-checked=false]').waitFor();
  tell({ switched: "off" });
});
