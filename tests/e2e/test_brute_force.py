"""Passwords are tried at every door and every worker, and there is one count of what failed."""
import concurrent.futures
import imaplib
import poplib
import time

import gateway
from gateway import MailCase


class BruteForce(MailCase):
    def find_gateway(self):
        own = gateway.Gateway({"POSTERN_LOGIN_FAILURE_DELAY_MS": "1"})
        self.addCleanup(own.remove)
        self.addCleanup(own.stop)
        return own

    def refusal(self, password):
        """What a connection of its own hears; None: let in."""
        client = imaplib.IMAP4("127.0.0.1", self.gateway.ports["imap"])
        try:
            client.login(self.address, password)
            return None
        except imaplib.IMAP4.error as error:
            return str(error)
        finally:
            client.shutdown()

    def fail_at_pop3(self):
        client = poplib.POP3("127.0.0.1", self.gateway.ports["pop3"])
        client.user(self.address)
        with self.assertRaises(poplib.error_proto):
            client.pass_("guessed")
        client.close()

    def test_one_count_for_all(self):
        self.assertGreater(len(self.gateway.workers()), 1)
        # Ten a minute are allowed (login.failures_per_minute_max).
        for number in range(10):
            if number % 2:
                self.fail_at_pop3()
            else:
                self.assertIn("AUTHENTICATIONFAILED", self.refusal("guessed"))
        time.sleep(0.5)  # the workers tell each other
        with concurrent.futures.ThreadPoolExecutor() as pool:
            heard = list(pool.map(self.refusal, [self.password] * 16))
        for one in heard:
            self.assertIn("Too many failures", one or "let in")
