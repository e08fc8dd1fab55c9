"""PostgreSQL set back to an earlier moment: no UID that a client has seen is given to another message, and a phone that
knows more than the store begins anew."""
import os
import shutil
import subprocess
import time
import unittest

import gateway
from phone import PhoneCase

BIN = "/usr/lib/postgresql/15/bin/"


class Cluster:
    """A PostgreSQL of its own, with an archive of its write-ahead log."""

    def __init__(self, home):
        self.home, self.data = home, os.path.join(home, "data")
        for part in ("", "archive"):
            os.makedirs(os.path.join(home, part), exist_ok=True)
            shutil.chown(os.path.join(home, part), "nobody")
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "postern", "--no-sync", "-E", "UTF8", "--locale=C")
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="ascii") as file:
            file.write("listen_addresses = ''\nunix_socket_directories = '%s'\narchive_mode = on\nmax_connections = 100\n"
                       "archive_command = 'cp %%p %s/archive/%%f'\n" % (home, home))
        self.start()
        self.sql("CREATE DATABASE mail", "postgres")

    @property
    def url(self):
        return "host=%s user=postern dbname=mail" % self.home

    def run(self, program, *arguments):
        done = subprocess.run([BIN + program, *arguments], capture_output=True, text=True, timeout=120, check=False,
                              user="nobody", group="nogroup", extra_groups=[], cwd="/", env={"LC_ALL": "C"})
        if done.returncode != 0:
            raise RuntimeError(program + ": " + done.stdout + done.stderr)
        return done.stdout.strip()

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.home, "log"), "start")

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")

    def sql(self, statement, database="mail"):
        return self.run("psql", "-h", self.home, "-U", "postern", "-d", database, "-Atqc", statement)

    def base_backup(self):
        self.run("pg_basebackup", "-h", self.home, "-U", "postern", "-D", os.path.join(self.home, "base"), "-X", "stream",
                 "-c", "fast")

    def set_back(self, point):
        """To the named restore point, from the base backup and the archive."""
        self.sql("SELECT pg_switch_wal()", "postgres")
        self.stop()
        shutil.rmtree(self.data)
        shutil.move(os.path.join(self.home, "base"), self.data)
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="ascii") as file:
            file.write("restore_command = 'cp %s/archive/%%f %%p'\nrecovery_target_name = '%s'\n"
                       "recovery_target_action = 'promote'\n" % (self.home, point))
        signal = os.path.join(self.data, "recovery.signal")
        with open(signal, "w", encoding="ascii"):
            pass
        shutil.chown(signal, "nobody")
        self.start()
        given_up = time.monotonic() + 60
        while self.sql("SELECT pg_is_in_recovery()", "postgres") != "f":
            if time.monotonic() > given_up:
                raise RuntimeError("the recovery does not end")
            time.sleep(0.2)


@unittest.skipUnless(os.geteuid() == 0 and os.path.exists(BIN + "initdb"), "PostgreSQL's programs, as root")
class PointInTime(PhoneCase):
    def find_gateway(self):
        self.cluster_home = os.path.join("/tmp", "postern-pitr-%d" % os.getpid())
        self.addCleanup(shutil.rmtree, self.cluster_home, ignore_errors=True)
        self.cluster = Cluster(self.cluster_home)
        self.addCleanup(self.cluster.stop)
        own = gateway.Gateway({"POSTERN_DATABASE_URL": self.cluster.url})
        self.addCleanup(own.remove)
        self.addCleanup(own.stop)
        return own

    def uids(self):
        """{uid: subject}"""
        client = self.gateway.imap(self.address)
        client.select("INBOX", readonly=True)
        found = {}
        for item in client.uid("FETCH", "1:*", "(UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]:
            if isinstance(item, tuple):
                found[int(item[0].split(b"UID ")[1].split()[0])] = item[1].decode().strip()
        client.logout()
        return found

    def test_nothing_is_given_out_twice(self):
        self.append("before")
        self.phone("options", "folders", "sync")
        self.cluster.base_backup()
        self.append("still before")
        self.cluster.sql("SELECT pg_create_restore_point('noon')", "postgres")
        for number in range(5):
            self.append("lost %d" % number)
        client = self.gateway.imap(self.address)
        client.create("Lost")
        client.logout()
        self.phone("sync")
        self.phone("sync")
        seen = self.uids()
        self.assertEqual(len(seen), 7)
        life = self.cluster.sql("SELECT life FROM lineage")
        self.gateway.stop()
        self.cluster.set_back("noon")
        self.gateway.start()
        self.assertEqual(int(self.cluster.sql("SELECT life FROM lineage")), int(life) + 1)
        back = self.uids()
        self.assertEqual(sorted(back.values()), ["Subject: before", "Subject: still before"])
        self.append("afterwards")
        new = set(self.uids()) - set(back)
        self.assertEqual(len(new), 1)
        self.assertGreater(min(new), max(seen) + 1000)
        # The phone's key is newer than the store: refused by Status 3, it begins anew and ends where IMAP is.
        self.phone("folders", "begin-anew")
        self.assert_consistent(self.phone("folders", "sync"))
        # A second start of the same database jumps no more.
        self.gateway.stop()
        self.gateway.start()
        self.append("next")
        self.assertEqual(max(self.uids()), max(new) + 1)


if __name__ == "__main__":
    unittest.main()
