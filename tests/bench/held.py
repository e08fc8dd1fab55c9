"""Workloads during which sessions are held open: log-ins, waiting, news, users at work."""
import os
import time

import accounts
import processes

MIXED_USERS = 20
MIXED_MAIL_AT_START = 50
PUSH_SESSIONS = 8
LOGIN_CONNECTIONS = 4
IDLE_MANY = 10_000


def numbered(count, prefix="u"):
    return {"accounts": count, "domain": accounts.DOMAIN, "prefix": prefix, "password": accounts.PASSWORD}


def login(bench, server, _tls):
    """Always with TLS. Uncached: a server just started, and each user once."""
    server.stop()
    server.start()
    uncached = bench.client("login", server, tls=True, connections=LOGIN_CONNECTIONS,
                            **numbered(accounts.HASHED_ACCOUNTS, "h"))
    few = numbered(2, "h")
    bench.client("login", server, tls=True, connections=LOGIN_CONNECTIONS, seconds=1, **few)
    cached = bench.client("login", server, tls=True, connections=LOGIN_CONNECTIONS, seconds=bench.sizes.login_s, **few)
    return (bench.named(uncached, "{} uncached") + bench.named(cached, "{} cached"))


def idle(sessions):
    def run(bench, server, _tls):
        count = sessions or bench.sizes.idle
        users = min(accounts.PHONE_ACCOUNTS, count // 5)
        server.stop()
        server.start()
        root = server.process.pid
        # A few first: what a server allocates once is not a session's.
        with bench.held("idle", server, tls=True, connections=20, **numbered(20, "p")):
            pass
        before, private_before = processes.memory_kib(root)
        with bench.held("idle", server, tls=True, connections=count, **numbered(users, "p")):
            time.sleep(1)  # what a log-in left to do is done
            after, private_after = processes.memory_kib(root)
            cpu = processes.cpu_while_idle(root, bench.sizes)
        return [
            _lower("memory", "KiB/session", (after - before) / count),
            _lower("private memory", "KiB/session", (private_after - private_before) / count),
            _lower("CPU while idle", "% of a core", cpu),
        ]
    return run


def push(bench, server, tls):
    with bench.held("push", server, tls=tls, connections=PUSH_SESSIONS, count=bench.sizes.push,
                    run=bench.unique_run(), user=accounts.address("push"), password=accounts.PASSWORD) as held:
        lmtp, *sessions = [int(port) for port in held.said.split()]
        held.answer = same_process_letters(server, lmtp, sessions)
    return held.metrics


def mixed(bench, server, tls):
    bench.once(server, "mixed", lambda: bench.client(
        "deliver", server, connections=8, count=MIXED_USERS * MIXED_MAIL_AT_START, accounts=MIXED_USERS,
        domain=accounts.DOMAIN, run=bench.unique_run()))
    return bench.client("mixed", server, tls=tls, seconds=bench.sizes.mixed_s, run=bench.unique_run(),
                        **numbered(MIXED_USERS))


def _lower(name, unit, value):
    return {"name": name, "unit": unit, "value": max(value, 0.0), "better": "lower"}


def _socket_inodes():
    """{port of the other end: inode of the socket} of this machine's connections."""
    found = {}
    with open("/proc/net/tcp", encoding="ascii") as file:
        for line in list(file)[1:]:
            fields = line.split()
            found[int(fields[2].split(":")[1], 16)] = fields[9]
    return found


def same_process_letters(server, first, others):
    """Whether the process that serves the client's port `first` serves the others: s or d each. A server with a
    process for every session has no two in one, and gets question marks."""
    inodes = _socket_inodes()
    owners = {}
    for pid, _ in processes.tree(server.process.pid):
        folder = "/proc/%d/fd" % pid
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            try:
                owners[os.readlink(os.path.join(folder, name))] = pid
            except OSError:
                continue

    def owner(port):
        return owners.get("socket:[%s]" % inodes.get(port))

    if server.name != "Postern" or owner(first) is None:
        return "?" * len(others)
    return "".join("s" if owner(port) == owner(first) else "d" for port in others)


def interactive(bench, server, tls):
    """One thing at a time; with a distant database, also how many round trips each takes."""
    def once():
        return bench.client("interactive", server, tls=tls, run=bench.unique_run(), user=accounts.address("near"),
                            password=accounts.PASSWORD)
    if getattr(server, "round_trip_us", 0) == 0:
        return once()
    delay_us = server.round_trip_us
    server.set_round_trip(0)
    near = {metric["name"]: metric["value"] for metric in once()}
    server.set_round_trip(delay_us)
    distant = once()
    trips = [dict(metric, unit="round trips", value=max(metric["value"] - near[metric["name"]], 0) * 1000 / delay_us)
             for metric in distant]
    return distant + bench.named(trips, "{}: cost")
