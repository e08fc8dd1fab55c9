"""Keeping mail safe: an evening's increment, a restore, an import, a purge. Postern only."""
import imaplib
import os
import shutil
import smtplib
import statistics
import subprocess
import time

import accounts

CHANGED_PART = 100  # one message in so many
PURGE_S_MAX = 900
SMALL = "Subject: small %d\r\nFrom: a@example.org\r\nMessage-ID: <%d@bench>\r\n\r\n" + "A line of text.\r\n" * 20


def measured(server, *words, environment=None):
    """(seconds, peak MiB) of a command in a process of its own."""
    began = time.monotonic()
    process = subprocess.Popen([server.binary, *words, "--config", server.config, "--output", "json"],
                               stdout=subprocess.DEVNULL, env=dict(os.environ, **(environment or {})))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError("postern %s fails" % " ".join(words))
    return time.monotonic() - began, usage.ru_maxrss / 1024


def repository_of(server):
    path = os.path.join(server.home, "repository")
    return path, {"POSTERN_BACKUP_DIRECTORY": path}


def client_of(server, name):
    client = imaplib.IMAP4("127.0.0.1", server.ports["imap"], timeout=600)
    client.login(accounts.address(name), accounts.PASSWORD)
    return client


def change_some(server, name, messages):
    """One per cent: half are flagged, half are new."""
    client = client_of(server, name)
    client.select("INBOX")
    some = messages // CHANGED_PART // 2
    client.uid("STORE", "1:%d" % some, "+FLAGS.SILENT", r"(\Flagged)")
    with smtplib.LMTP("127.0.0.1", server.ports["lmtp"]) as mta:
        for number in range(some):
            mta.sendmail("bench@example.org", [accounts.address(name)], SMALL % (number, number))
    client.logout()


def figure(name, unit, value, better="lower"):
    return {"name": name, "unit": unit, "value": value, "better": better}


def evening(name, messages):
    def run(_bench, server, _tls):
        path, environment = repository_of(server)
        shutil.rmtree(path, ignore_errors=True)
        first_s, first_mib = measured(server, "backup", "run", environment=environment)
        change_some(server, name, messages)
        seconds, mib = measured(server, "backup", "run", environment=environment)
        shutil.rmtree(path, ignore_errors=True)
        return [figure("first evening", "s", first_s), figure("first evening: memory", "MiB", first_mib),
                figure("increment of 1 %", "s", seconds), figure("increment: memory", "MiB", mib)]
    return run


def restore(name):
    def run(bench, server, _tls):
        path, environment = repository_of(server)
        shutil.rmtree(path, ignore_errors=True)
        measured(server, "backup", "run", environment=environment)
        target = "restored-%s@%s" % (bench.unique_run(), accounts.DOMAIN)
        server.command("account", "add", target, "--hash-stdin", "--quota", "1T", text=accounts.HASH + "\n")
        seconds, mib = measured(server, "backup", "restore", accounts.address(name), "--evening",
                                time.strftime("%Y-%m-%d", time.gmtime()), "--into", target, "--exact",
                                environment=environment)
        shutil.rmtree(path, ignore_errors=True)
        return [figure("restore", "s", seconds), figure("restore: memory", "MiB", mib)]
    return run


def import_maildir(messages):
    def run(bench, server, _tls):
        maildir = os.path.join(server.home, "Maildir")
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(maildir, part), exist_ok=True)
        for number in range(messages):
            with open(os.path.join(maildir, "cur", "17361576%08d.bench:2,S" % number), "w", encoding="ascii", newline="") as file:
                file.write((SMALL % (number, number)).replace("\r\n", "\n"))
        target = "imported-%s@%s" % (bench.unique_run(), accounts.DOMAIN)
        server.command("account", "add", target, "--hash-stdin", "--quota", "1T", text=accounts.HASH + "\n")
        seconds, mib = measured(server, "import", "maildir", target, maildir)
        shutil.rmtree(maildir)
        return [figure("import", "msg/s", messages / seconds, "higher"), figure("import: memory", "MiB", mib)]
    return run


def deliveries_p99_ms(server, going_on):
    """Of one small delivery after the other, while `going_on`()."""
    took = []
    with smtplib.LMTP("127.0.0.1", server.ports["lmtp"]) as mta:
        while going_on() or len(took) < 100:
            began = time.monotonic()
            mta.sendmail("bench@example.org", [accounts.address("one")], SMALL % (len(took), len(took)))
            took.append((time.monotonic() - began) * 1000)
            time.sleep(0.02)
    return statistics.quantiles(took, n=100)[98]


def purge(name):
    def run(_bench, server, _tls):
        server.command("plan", "set", "standard", "--recovery-days", "0")
        give_up = time.monotonic() + 10
        quiet = deliveries_p99_ms(server, lambda: time.monotonic() < give_up)
        account = server.sql("SELECT account_id FROM accounts WHERE address = '%s'" % accounts.address(name))
        client = client_of(server, name)
        client.select("INBOX")
        client.uid("STORE", "1:*", "+FLAGS.SILENT", r"(\Deleted)")
        client.expunge()
        client.logout()
        began, state = time.monotonic(), {"asked": 0.0, "left": True}

        def going_on():
            if time.monotonic() - state["asked"] > 2:
                left = server.sql("SELECT EXISTS (SELECT FROM messages WHERE account_id = %s)" % account)
                state.update(asked=time.monotonic(), left=left == "t")
            if time.monotonic() - began > PURGE_S_MAX:
                raise RuntimeError("the purge does not end")
            return state["left"]
        busy = deliveries_p99_ms(server, going_on)
        return [figure("delivery p99, no purge", "ms", quiet), figure("delivery p99 during the purge", "ms", busy),
                figure("purged after", "s", time.monotonic() - began)]
    return run
