"""Postern's release build with its embedded PostgreSQL, or with one that is told to it."""
import concurrent.futures
import os
import subprocess
import time

import accounts
import processes

# Its own defaults everywhere else; the embedded PostgreSQL runs with fsync and synchronous_commit on.
CONFIGURATION = """
server:
  hostname: bench.test
  data_directory: {home}/data
  log_level: warning
database:
  url: "{database}"
tls:
  certificates:
    - certificate_file: {certificate}
      key_file: {key}
lmtp:
  endpoints:
    - {{address: 127.0.0.1, port: {lmtp}, tls: none}}
pop3:
  endpoints:
    - {{address: 127.0.0.1, port: {pop3}, tls: starttls}}
    - {{address: 127.0.0.1, port: {pop3s}, tls: implicit}}
imap:
  endpoints:
    - {{address: 127.0.0.1, port: {imap}, tls: starttls}}
    - {{address: 127.0.0.1, port: {imaps}, tls: implicit}}
http:
  endpoints:
    - {{address: 127.0.0.1, port: {http}, tls: none}}
    - {{address: 127.0.0.1, port: {https}, tls: implicit}}
activesync:
  require_provisioning: false
  devices_max: 1000
"""


INDEXING_S_MAX = 900
PAGES_NOT_INDEXED = """
SELECT coalesce(sum((uid_next >> 7) - coalesce(next_page, 0)), 0)
  FROM mailboxes LEFT JOIN search_progress USING (account_id, mailbox_id)
 WHERE removed_at IS NULL AND uid_next >> 7 > coalesce(next_page, 0)
"""


class Postern:
    name = "Postern"
    never_changes = None  # PostgreSQL changes its files in place

    def __init__(self, home, certificate, binary, database=""):
        self.home, self.certificate, self.binary, self.database = home, certificate, binary, database
        names = ("imap", "imaps", "pop3", "pop3s", "lmtp", "http", "https")
        self.ports = dict(zip(names, processes.free_ports(len(names), skip=5)))  # behind Dovecot's
        self.process = None
        self.makes_text_index = True

    @property
    def description(self):
        done = subprocess.run([self.binary, "--version"], capture_output=True, text=True, check=True)
        version = done.stdout.split()[-1] if done.stdout.split() else "?"
        return "Postern %s, PostgreSQL 15, synchronous_commit=on" % version

    @property
    def log(self):
        return os.path.join(self.home, "postern.log")

    @property
    def data(self):
        return os.path.join(self.home, "data")

    @property
    def config(self):
        return os.path.join(self.home, "postern.yaml")

    def command(self, *words, text=None):
        done = subprocess.run([self.binary, *words, "--config", self.config], input=text, capture_output=True,
                              text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise RuntimeError("postern %s: %s%s" % (" ".join(words), done.stdout, done.stderr))

    def prepare(self):
        """Accounts, those that are not there yet."""
        os.makedirs(self.data, exist_ok=True)
        note = os.path.join(self.home, "accounts-made")
        made = set()
        if os.path.exists(note):
            with open(note, encoding="ascii") as file:
                made = set(file.read().split())
        missing = [address for address in accounts.all_addresses() if address not in made]
        if not missing:
            return
        self.start()
        try:
            if not made:
                self.command("domain", "add", accounts.DOMAIN)
                self.command("feature", "enable", "mobile_sync", accounts.DOMAIN)

            def add(address):
                self.command("account", "add", address, "--hash-stdin", "--quota", "1T", text=accounts.HASH + "\n")

            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                list(pool.map(add, missing))
        finally:
            self.stop()
        with open(note, "w", encoding="ascii") as file:
            file.write("\n".join(accounts.all_addresses()))

    def start(self, loading=False):  # pylint: disable=unused-argument
        certificate, key = self.certificate
        with open(self.config, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(home=self.home, database=self.database, certificate=certificate, key=key,
                                            **self.ports))
        self.process = processes.start([self.binary, "serve", "--config", self.config], self.log)
        processes.wait_for_port(self.ports["lmtp"], self.process, self.log)
        if not self.makes_text_index:
            self._keep_from_indexing()

    def stop(self):
        processes.stop(self.process)
        self.process = None

    def sql(self, statement):
        """What the embedded database answers, as text."""
        done = subprocess.run(["runuser", "-u", "postgres", "--", "psql", "-h", os.path.join(self.data, "postgres"),
                               "-U", "postern", "-d", "postern", "-Atqc", statement],
                              capture_output=True, text=True, cwd="/", check=True)
        return done.stdout.strip()

    def settle(self):
        """Waits for the text index, which follows deliveries at its own pace."""
        if self.database or not self.makes_text_index:
            return
        deadline = time.monotonic() + INDEXING_S_MAX
        while self.sql(PAGES_NOT_INDEXED) != "0":
            if time.monotonic() > deadline:
                raise RuntimeError("the text index is not ready after %d s" % INDEXING_S_MAX)
            time.sleep(1)

    def forget_text_index(self):
        """And keeps it from being made again while this server runs."""
        self._keep_from_indexing()
        self.sql("TRUNCATE search_slices, search_progress")

    def _keep_from_indexing(self):
        self.sql("INSERT INTO job_leases VALUES ('text index', 'bench', now() + interval '1 hour') "
                 "ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, until = excluded.until")
