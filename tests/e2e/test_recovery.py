"""Mail that was deleted through each door comes back by the command line, and clients that are connected see it."""
import imaplib
import json
import time

from phone import PhoneCase


class Recovery(PhoneCase):
    def recover(self, verb, *arguments):
        return json.loads(self.gateway.command("recover", verb, *arguments, "--output", "json").stdout)

    def removed(self, *options):
        """[(subject, door)] of what can be brought back, latest first."""
        page = self.recover("list", self.address, *options)
        return [(one["subject"], one["door"]) for one in page["messages"]]

    def imap_session(self, mailbox="INBOX"):
        client = self.gateway.imap(self.address)
        self.addCleanup(client.shutdown)
        client.select(mailbox)
        return client

    def test_pop3(self):
        self.gateway.command("feature", "enable", "recovery_for_pop", self.address)
        self.gateway.deliver(self.address, subject="by pop")
        before = self.messages()[0][1]
        pop3 = self.gateway.pop3(self.address)
        uidl = pop3.uidl(1)
        pop3.dele(1)
        pop3.quit()
        self.assertEqual(self.removed(), [("by pop", "pop3")])
        self.recover("restore", self.address, "--all")
        pop3 = self.gateway.pop3(self.address)
        self.assertNotEqual(pop3.uidl(1), uidl)  # or the client would not load it again
        self.assertEqual(b"\r\n".join(pop3.retr(1)[1]) + b"\r\n", before)
        pop3.quit()

    def test_pop3_where_it_is_not_kept(self):
        self.gateway.deliver(self.address, subject="by pop")
        pop3 = self.gateway.pop3(self.address)
        pop3.dele(1)
        pop3.quit()
        self.assertEqual(self.removed(), [])

    def test_imap_expunge_while_a_client_idles(self):
        self.append("keep", flags=r"(\Seen)")
        self.append("expunged", flags=r"(\Seen \Flagged $Work)")
        expected = [flags for flags, _ in self.messages()]
        idle = self.imap_session()
        self.store("expunged", r"(\Deleted)", expunge=True)
        idle.send(b"i1 IDLE\r\n")
        while not idle.readline().startswith(b"+"):
            pass
        [one] = self.recover("list", self.address, "--door", "imap", "--subject", "EXPUNGED")["messages"]
        self.assertEqual((one["mailbox"], one["by"]), ("INBOX", self.address))
        self.assertIn("Subject: expunged", self.recover("show", self.address, one["id"])["header"])
        self.assertEqual(self.recover("restore", self.address, one["id"]),
                         {"restored": 1, "duplicates": 0, "gone": 0})
        said = [idle.readline()]
        while not said[-1].endswith(b" EXISTS\r\n"):
            said.append(idle.readline())
        self.assertEqual(said[-1], b"* 2 EXISTS\r\n")
        self.assertEqual([flags for flags, _ in self.messages()], expected)
        self.assertEqual(self.recover("restore", self.address, one["id"]),
                         {"restored": 0, "duplicates": 1, "gone": 0})

    def test_a_span_of_time_to_a_dated_mailbox(self):
        for subject in ("early", "late one", "late two"):
            self.append(subject)
        self.store("early", r"(\Deleted)", expunge=True)
        time.sleep(1.1)
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.store("late one", r"(\Deleted)", expunge=True)
        self.store("late two", r"(\Deleted)", expunge=True)
        self.assertEqual(self.recover("restore", self.address, "--since", moment, "--to", "dated")["restored"], 2)
        dated = "Restored " + time.strftime("%Y-%m-%d", time.gmtime()) + "/INBOX"
        self.assertEqual(self.subjects(dated), ["late one", "late two"])
        self.assertEqual(self.subjects(), [])
        self.assertEqual(self.removed(), [("early", "imap")])

    def test_a_mailbox_comes_back_as_it_was(self):
        client = self.imap_session()
        client.create("Projects")
        self.append("in a folder", "Projects", r"(\Flagged)")
        _, status = client.status("Projects", "(UIDVALIDITY UIDNEXT)")
        client.delete("Projects")
        [folder] = self.recover("folders", self.address)
        self.assertEqual((folder["name"], folder["messages"]), ("Projects", 1))
        self.recover("folder", self.address, str(folder["id"]))
        self.assertEqual(client.status("Projects", "(UIDVALIDITY UIDNEXT)")[1], status)
        self.assertEqual([flags for flags, _ in self.messages("Projects")], [{"\\Flagged"}])

    def test_activesync(self):
        self.gateway.deliver(self.address, subject="by phone")
        self.phone("options", "folders", "sync", "delete=by phone", "sync")
        self.assertEqual(self.removed(), [])  # it is in the trash
        self.phone("delete-for-good=by phone", "sync")
        [one] = self.recover("list", self.address)["messages"]
        self.assertEqual((one["subject"], one["door"], one["by"]), ("by phone", "mobile_sync", "ios161"))
        waiting = self.waiting_phone()
        self.recover("restore", self.address, one["id"], "--to", "INBOX")
        self.assertEqual(waiting.wait(timeout=30), 0)  # it has heard of something
        state = self.phone("sync")
        self.assertIn("by phone", [subject for subject, _, _ in self.believed(state)["INBOX"]])
        self.assert_consistent(state)

    def test_a_deleted_account(self):
        self.append("of the account")
        self.gateway.command("account", "delete", self.address)
        with self.assertRaises(imaplib.IMAP4.error):
            self.gateway.imap(self.address)
        self.assertIn(self.address, [one["address"] for one in self.recover("accounts", "example.test")])
        self.assertEqual(self.recover("account", self.address)["messages"], 1)
        self.assertEqual(self.subjects(), ["of the account"])
