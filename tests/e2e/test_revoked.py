"""Sessions that are open when an administrator takes the account, or a feature of it, away."""
import imaplib

from gateway import MailCase


class Revoked(MailCase):
    def idle(self):
        client = self.gateway.imap(self.address)
        client.select("INBOX")
        client.send(b"i1 IDLE\r\n")
        self.assertTrue(client.readline().startswith(b"+"))
        return client

    def signed_in_pop3(self):
        client = self.gateway.pop3(self.address)
        client.stat()
        return client

    def test_a_feature_that_is_switched_off_ends_its_sessions_only(self):
        imap, pop3 = self.idle(), self.signed_in_pop3()
        self.gateway.command("feature", "disable", "imap", self.address)
        self.assertTrue(imap.readline().startswith(b"* BYE"))
        self.assertEqual(imap.readline(), b"")
        self.assertTrue(pop3.noop().startswith(b"+OK"))
        self.gateway.command("feature", "disable", "pop3", self.address)
        self.assertTrue(pop3.file.readline().startswith(b"-ERR [SYS/PERM]"))
        self.assertEqual(pop3.file.readline(), b"")

    def test_a_disabled_account_ends_all(self):
        imap, pop3 = self.idle(), self.signed_in_pop3()
        other_address, _ = self.gateway.new_account()
        other = self.gateway.imap(other_address)
        self.gateway.command("account", "disable", self.address)
        self.assertTrue(imap.readline().startswith(b"* BYE"))
        self.assertTrue(pop3.file.readline().startswith(b"-ERR"))
        self.assertEqual(other.noop()[0], "OK")
        other.logout()
        with self.assertRaises(imaplib.IMAP4.error):
            self.gateway.imap(self.address)

    def test_what_concerns_it_not_leaves_a_session_alone(self):
        imap = self.idle()
        self.gateway.command("feature", "enable", "mobile_sync", self.address)
        self.gateway.command("account", "password", self.address, "--password-stdin", input="another one\n")
        imap.send(b"DONE\r\n")
        self.assertTrue(imap.readline().startswith(b"i1 OK"))
        imap.logout()
