"""Who is connected, by the command line, over the worker processes of a real server."""
import json
import time

from phone import PhoneCase


class Sessions(PhoneCase):
    def listed(self, count):
        """The account's sessions once there are so many."""
        until = time.monotonic() + 30
        while True:
            done = self.gateway.command("session", "list", "--account", self.address, "--output", "json")
            found = json.loads(done.stdout)
            if len(found) == count or time.monotonic() > until:
                self.assertEqual(len(found), count, found)
                return found
            time.sleep(0.5)

    def test_list_and_end(self):
        imap = self.gateway.imap(self.address)
        self.addCleanup(imap.shutdown)
        imap.select("INBOX")
        pop3 = self.gateway.pop3(self.address)
        self.addCleanup(pop3.close)
        found = self.listed(2)
        self.assertEqual(sorted(one["door"] for one in found), ["imap", "pop3"])
        self.assertTrue(all(one["account"] == self.address and one["address"] == "127.0.0.1" for one in found), found)
        imap.send(b"i1 IDLE\r\n")
        while not imap.readline().startswith(b"+"):
            pass
        of_imap = next(one["id"] for one in found if one["door"] == "imap")
        self.gateway.command("session", "end", of_imap)
        said = list(iter(imap.readline, b""))
        self.assertTrue(said and said[-1].startswith(b"* BYE"), said)
        [stays] = self.listed(1)
        self.assertEqual(stays["door"], "pop3")
        self.assertEqual(pop3.stat()[0], 0)
        pop3.quit()
        self.listed(0)
