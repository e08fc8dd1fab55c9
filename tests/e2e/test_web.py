"""The web application in Chromium, against a real server: tests/e2e/browser has what the browser does."""
import http.client
import json
import os
import shutil
import subprocess
import time
import uuid

import gateway
from gateway import ROOT, insecure_context
from phone import REFUSED, PhoneCase

BROWSER = os.path.join(ROOT, "tests", "e2e", "browser")
SHOTS = os.path.join(ROOT, "build", "screenshots")
CANARY = "\"><img src=x onerror=alert(1)><script>alert(2)</script>"


def fetch_modules():
    """What package-lock.json names, unless it is there."""
    stamp, lock = os.path.join(BROWSER, "node_modules", "installed"), os.path.join(BROWSER, "package-lock.json")
    if os.path.exists(stamp) and os.path.getmtime(stamp) >= os.path.getmtime(lock):
        return
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=BROWSER, check=True)
    with open(stamp, "w", encoding="ascii"):
        pass


class Web(PhoneCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fetch_modules()

    def setUp(self):
        super().setUp()
        self.url = "https://127.0.0.1:%d" % self.gateway.ports["https"]
        name, password = "a" + uuid.uuid4().hex[:8], uuid.uuid4().hex
        self.gateway.command("administrator", "add", name, "--role", "provider", "--password-stdin", input=password + "\n")
        listed = json.loads(self.gateway.command("administrator", "list", "--output", "json").stdout)
        number = next(one["id"] for one in listed if one["name"] == name)
        self.administrator = {"name": name, "password": password, "id": number}

    def browser(self, script, **facts):
        """The command line of a scenario."""
        common = {"url": self.url, "administrator": self.administrator, "canary": CANARY, "shots": SHOTS,
                  "chromium": shutil.which("chromium"), "user": {"name": self.address, "password": self.password}}
        return ["node", os.path.join(BROWSER, script), json.dumps({**common, **facts})]

    def browse(self, script, **facts):
        done = subprocess.run(self.browser(script, **facts), capture_output=True, text=True, timeout=600, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def ask(self, path, **fields):
        connection = http.client.HTTPSConnection("127.0.0.1", self.gateway.ports["https"], context=insecure_context())
        self.addCleanup(connection.close)
        connection.request("GET", path, headers=fields)
        answer = connection.getresponse()
        return answer, answer.read()

    def test_what_the_page_is_served_with(self):
        answer, body = self.ask("/")
        self.assertEqual((answer.status, answer.getheader("Cache-Control")), (200, "no-cache"))
        policy = answer.getheader("Content-Security-Policy")
        for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            self.assertIn(part, policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(answer.getheader("X-Content-Type-Options"), "nosniff")
        script = next(part for part in body.decode().split('"') if part.startswith("/assets/main-"))
        plain, octets = self.ask(script)
        self.assertIsNone(plain.getheader("Content-Encoding"))
        self.assertIn("immutable", plain.getheader("Cache-Control"))
        packed, fewer = self.ask(script, **{"Accept-Encoding": "gzip"})
        self.assertEqual(packed.getheader("Content-Encoding"), "gzip")
        self.assertLess(len(fewer), len(octets) / 2)
        self.assertEqual(self.ask("/assets/other.js")[0].status, 404)

    def test_an_administrator(self):
        self.browse("administrator.mjs", domain="d%s.test" % uuid.uuid4().hex[:8])

    def test_mobile_sync_is_switched_off_while_a_phone_waits(self):
        self.phone("options", "folders", "sync")
        waiting = self.waiting_phone()
        told = self.browse("switch_off.mjs", account=self.address)
        self.assertEqual(told, [{"switched": "off"}])
        # Without the switch it would wait for minutes.
        self.assertEqual(waiting.wait(timeout=5), REFUSED, waiting.stderr.read())

    def test_a_user(self):
        new = "correct horse battery staple"
        told = self.browse("user.mjs", newPassword=new)
        for password in (new, told[0]["appPassword"]):
            self.gateway.passwords[self.address] = password
            self.gateway.imap(self.address).logout()

    def test_deleted_mail_comes_back(self):
        for subject in ("stays", "chosen", "another", "a third"):
            self.append(subject)
        for subject in ("chosen", "another", "a third"):
            self.store(subject, r"(\Deleted)", expunge=True)
        idle = self.gateway.imap(self.address)
        self.addCleanup(idle.shutdown)
        idle.create("Old")
        idle.append("Old", None, None, b"Subject: in a folder\r\n\r\nbody\r\n")
        idle.delete("Old")
        idle.select("INBOX")
        idle.send(b"i1 IDLE\r\n")
        while not idle.readline().startswith(b"+"):
            pass
        self.browse("recovery.mjs", account=self.address, body="Body of")
        self.assertEqual(self.subjects(), ["chosen", "stays"])
        dated = "Restored " + time.strftime("%Y-%m-%d", time.gmtime())
        self.assertEqual(self.subjects(dated + "/INBOX"), ["a third", "another"])
        self.assertEqual(self.subjects(dated + "/Old"), ["in a folder"])
        self.assertEqual(self.subjects("Old"), ["in a folder"])
        said = [line for line in iter(idle.readline, b"")]
        self.assertTrue(any(line.endswith(b" EXISTS\r\n") for line in said), said)
        self.assertTrue(said[-1].startswith(b"* BYE"), said)

    def test_every_page(self):
        phone_account = self.gateway.new_account()
        self.gateway.command("feature", "enable", "mobile_sync", phone_account[0])
        self.phone("options", "folders", "sync")
        self.gateway.command("account", "profile", self.address, "--name", CANARY)
        self.browse("pages.mjs", short=gateway.SHORT)

    def test_the_demo_page(self):
        self.browse("demo.mjs", password=self.gateway.passwords["alice@example.test"])

    def test_the_demo_page_lets_nobody_else_in(self):
        self.assertEqual(self.post("/demo/pop3").status, 401)
        cookie, proof = self.session(self.address, self.password)
        told = self.post("/demo/pop3", **{"Cookie": cookie, "X-CSRF-Token": proof})
        self.assertEqual(told.status, 403)
        administrator = self.administrator
        cookie, proof = self.session(administrator["name"], administrator["password"])
        self.assertEqual(self.post("/demo/pop3", **{"Cookie": cookie}).status, 403)
        self.assertEqual(self.post("/demo/pop3", **{"Cookie": cookie, "X-CSRF-Token": proof}).status, 200)

    def post(self, path, body="{}", **fields):
        connection = http.client.HTTPSConnection("127.0.0.1", self.gateway.ports["https"], context=insecure_context())
        self.addCleanup(connection.close)
        connection.request("POST", path, body, {"Content-Type": "application/json", **fields})
        return connection.getresponse()

    def session(self, name, password):
        """Cookie and proof of one who has signed in to the page."""
        answer = self.post("/api/v1/session", json.dumps({"name": name, "password": password}))
        return answer.getheader("Set-Cookie").partition(";")[0], json.load(answer)["csrf_token"]
