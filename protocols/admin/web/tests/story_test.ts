// What the demo page makes of the lines that scenes tell.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line } from "../src/demo/play";
import { beginning, pushes, tell, type DoorName } from "../src/demo/story";

const after = (...lines: Array<[DoorName, Line]>) => lines.reduce((story, [door, line]) => tell(story, door, line), beginning);

test("a phone's messages come, change and go", () => {
  const add: Line = { at: 1, what: "add", id: "1:2", subject: "Hello", from: "a@example.net", read: false };
  const both = after(["phone", add], ["phone", { ...add, id: "1:3" }], ["phone", { at: 2, what: "change", id: "1:2", read: true }]);
  assert.deepEqual(both.doors.phone.items.map((one) => [one.id, one.read]), [["1:3", false], ["1:2", true]]);
  const one = tell(both, "phone", { at: 3, what: "remove", id: "1:3" });
  assert.deepEqual(one.doors.phone.items.map((item) => item.id), ["1:2"]);
  assert.deepEqual(tell(one, "phone", { at: 4, what: "forget" }).doors.phone.items, []);
});

test("a list takes the place of the one before", () => {
  const list = (id: number): Line => ({ at: 1, what: "list", messages: [{ id, subject: "s", from: "f" }] });
  assert.deepEqual(after(["pop3", list(1)], ["pop3", list(2)]).doors.pop3.items.map((one) => one.id), ["2"]);
});

test("what the phone knows is kept until it forgets", () => {
  const known = { policy_key: "7", folder_key: "1", inbox: "3", sync_key: "5" };
  const story = after(["phone", { at: 1, what: "phone", ...known }]);
  assert.deepEqual(story.phone, known);
  assert.equal(tell(story, "phone", { at: 2, what: "forget" }).phone, null);
});

test("a refusal lasts until the phone has been served again", () => {
  const refused = after(["phone", { at: 1, what: "refused", status: 403 }]);
  assert.deepEqual([refused.doors.phone.state, refused.doors.phone.detail], ["refused", "403"]);
  const served = tell(refused, "phone", { at: 2, what: "phone", policy_key: "", folder_key: "", inbox: "", sync_key: "" });
  assert.equal(served.doors.phone.state, "waiting");
});

test("a push is counted for the letter that it tells of", () => {
  const story = after(
    ["imap", { at: 999, what: "news" }], // told before the sender had his answer
    ["lmtp", { at: 1000, what: "delivered" }],
    ["phone", { at: 1004, what: "news" }],
    ["lmtp", { at: 5000, what: "delivered" }],
    ["imap", { at: 5003, what: "news" }],
  );
  assert.deepEqual(pushes(story), [
    { delivered: 5000, imap: 3, phone: null },
    { delivered: 1000, imap: 0, phone: 4 },
  ]);
});

test("no more is kept than can be looked at", () => {
  let story = beginning;
  for (let at = 0; at < 1000; ++at) story = tell(story, "imap", { at, who: "server", text: "* OK" });
  assert.equal(story.doors.imap.said.length, 150);
  assert.equal(story.doors.imap.said.at(-1)!.at, 999);
});
