"""The workloads by name. Each is a function from a server to metrics; what it reads is loaded before."""
import dataclasses
import typing

import accounts
import administration
import held
import phones
import processes
import safekeeping
from mailboxes import RUN, Mailbox


@dataclasses.dataclass(frozen=True)
class Sizes:
    big: int
    changed: int      # messages of store, expunge, copy, move
    pop3: int
    bodies: int
    deliver_s: int
    login_s: int
    idle: int         # sessions
    settle_s: int     # before CPU while idle is counted
    settle_after_deliveries: bool
    idle_s: int
    push: int         # deliveries
    mixed_s: int
    repeat: int       # of what takes a millisecond or so
    repeat_long: int  # of what may take a second
    search_repeat: int
    phones: int          # that wait for a push
    phones_idle: int
    phone_pushes: int
    phone_repeat: int
    evening: int     # messages of the account that is backed up
    restored: int
    imported: int
    purged: int
    listed: int      # accounts
    listed_pages: int
    switched: int    # accounts


FULL = Sizes(big=100_000, changed=10_000, pop3=10_000, bodies=1_000, deliver_s=10, login_s=5, idle=1_000, settle_s=65,
             settle_after_deliveries=True, idle_s=20, push=200, mixed_s=60, repeat=200, repeat_long=5, search_repeat=3,
             phones=1_000, phones_idle=10_000, phone_pushes=300, phone_repeat=5,
             evening=1_000_000, restored=10_000, imported=100_000, purged=250_000,
             listed=1_000_000, listed_pages=1_000, switched=100_000)
SHORT = Sizes(big=10_000, changed=10_000, pop3=2_000, bodies=200, deliver_s=2, login_s=2, idle=200, settle_s=0,
              settle_after_deliveries=False, idle_s=5, push=15, mixed_s=6, repeat=50, repeat_long=3, search_repeat=1,
              phones=1_000, phones_idle=1_000, phone_pushes=30, phone_repeat=2, evening=10_000, restored=2_000,
              imported=5_000, purged=10_000, listed=10_000, listed_pages=50, switched=2_000)

NEWEST = 1_000
LARGE_OCTETS = 50_000_000
MILLION = 1_000_000


def label(count):
    """100000 is 100k."""
    return "%dm" % (count // 1_000_000) if count >= 1_000_000 else "%dk" % (count // 1000)


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str
    run: typing.Callable  # (bench, server, tls) -> metrics
    mailboxes: tuple = ()
    tls: bool = True          # has a TLS variant
    on_request: bool = False  # runs only when named
    peer: str = "Dovecot"     # who takes part beside Postern; empty: nobody


def user(name):
    return {"user": accounts.address(name), "password": accounts.PASSWORD}


def kib_metric(name, kib):
    return {"name": name, "unit": "MiB", "value": max(kib, 0) / 1024, "better": "lower"}


def deliver(connections, to_one=False):
    def run(bench, server, _tls):
        where = {"to": accounts.address("one")} if to_one else {"accounts": accounts.DELIVERY_ACCOUNTS,
                                                                "domain": accounts.DOMAIN}
        before = processes.cpu_seconds(server.process.pid)
        metrics = bench.client("deliver", server, connections=connections, seconds=bench.sizes.deliver_s,
                               run=bench.unique_run(), **where)
        used_ms = (processes.cpu_seconds(server.process.pid) - before) * 1000
        if bench.sizes.settle_after_deliveries:
            server.settle()  # what is still to be done for them must not tell in what follows
        delivered = next(metric["value"] for metric in metrics if metric["name"] == "delivered")
        metrics = [metric for metric in metrics if metric["name"] != "delivered"]
        return metrics + [{"name": "server CPU", "unit": "ms/msg", "value": used_ms / delivered, "better": "lower"}]
    return run


def cold_and_warm(verb, repeat):
    """The first answer of a server just started, its files out of the page cache; then the median of many."""
    def run(bench, server, tls):
        arguments = dict(user("big"), messages=bench.sizes.big)
        bench.make_cold(server)
        cold = bench.client(verb, server, tls=tls, repeat=1, **arguments)
        warm = bench.client(verb, server, tls=tls, repeat=getattr(bench.sizes, repeat), **arguments)
        return bench.named(cold, "{} cold") + bench.named(warm, "{} warm")
    return run


def status(bench, server, tls):
    return bench.client("status", server, tls=tls, messages=bench.sizes.big, repeat=bench.sizes.repeat, **user("big"))


def select_million(bench, server, tls):
    arguments = dict(user("million"), messages=MILLION)
    bench.make_cold(server)
    cold = bench.client("select", server, tls=tls, repeat=1, **arguments)
    warm = bench.client("select", server, tls=tls, repeat=20, **arguments)
    return bench.named(cold, "{} cold") + bench.named(warm, "{} warm")


def resync(bench, server, tls):
    return bench.client("resync", server, tls=tls, messages=bench.sizes.big, repeat=bench.sizes.repeat_long,
                        **user("big"))


def headers(bench, server, tls):
    def once(repeat):
        return bench.client("headers", server, tls=tls, newest=NEWEST, repeat=repeat, **user("big"))
    bench.once(server, "headers", lambda: once(1))  # the first request makes Dovecot remember what to cache
    return once(bench.sizes.repeat_long)


def bodies(bench, server, tls):
    bench.make_cold(server)
    arguments = dict(user("bodies"), messages=bench.sizes.bodies)
    cold = bench.client("bodies", server, tls=tls, repeat=1, **arguments)[:1]
    warm = bench.client("bodies", server, tls=tls, repeat=bench.sizes.repeat_long, **arguments)
    bench.client("large", server, tls=tls, octets=LARGE_OCTETS, repeat=1, **user("large"))
    with processes.PeakMemory(server.process.pid) as peak:
        large = bench.client("large", server, tls=tls, octets=LARGE_OCTETS, repeat=3, **user("large"))
    every, private = peak.growth_kib
    return (bench.named(cold, "{} uncached") + warm + large +
            [kib_metric("50 MB: memory", every), kib_metric("50 MB: private memory", private)])


def change(verb):
    def run(bench, server, tls):
        return bench.client(verb, server, tls=tls, messages=bench.sizes.changed, **user("big"))
    return run


def search(bench, server, tls):
    return bench.client("search", server, tls=tls, messages=bench.sizes.big, run=RUN, repeat=bench.sizes.search_repeat, **user("big"))


def search_unindexed(bench, server, tls):
    server.forget_text_index()
    return search(bench, server, tls)


def order(verb):
    def run(bench, server, tls):
        return bench.client(verb, server, tls=tls, messages=bench.sizes.big, repeat=bench.sizes.search_repeat,
                            **user("big"))
    return run


def pop3(bench, server, tls):
    return bench.client("pop3", server, tls=tls, port_of="pop3", messages=bench.sizes.pop3, **user("pop3"))


def all_workloads(sizes):
    big = (Mailbox("big", sizes.big),)
    many = label(sizes.big)
    changed = label(sizes.changed)
    return [
        Workload("deliver-1", deliver(1), tls=False),
        Workload("deliver-8", deliver(8), tls=False),
        Workload("deliver-32", deliver(32), tls=False),
        Workload("deliver-one", deliver(32, to_one=True), tls=False),
        Workload("select-" + many, cold_and_warm("select", "repeat"), big),
        Workload("status-" + many, status, big),
        Workload("select-1m", select_million, (Mailbox("million", MILLION),), on_request=True, peer=""),
        Workload("flags-" + many, cold_and_warm("flags", "repeat_long"), big),
        Workload("resync-" + many, resync, big),
        Workload("list-headers", headers, big),
        Workload("body-stream", bodies, (Mailbox("bodies", sizes.bodies, "mixed"),
                                         Mailbox("large", 1, "given", LARGE_OCTETS))),
        Workload("store-" + changed, change("store"), big),
        Workload("expunge-" + changed, change("expunge"), big),
        Workload("copy-" + changed, change("copy"), big),
        Workload("move-" + changed, change("move"), big),
        Workload("search", search, big),
        Workload("sort-date", order("sort"), big),
        Workload("thread-refs", order("thread"), big),
        Workload("search-unindexed", search_unindexed, big),
        Workload("pop3-" + label(sizes.pop3), pop3, (Mailbox("pop3", sizes.pop3),)),
        Workload("login", held.login, tls=False),
        Workload("idle", held.idle(None), tls=False),
        Workload("idle-10k", held.idle(held.IDLE_MANY), tls=False, on_request=True),
        Workload("push", held.push),
        Workload("mixed", held.mixed),
        Workload("interactive", held.interactive),
        Workload("phone-initial", phones.initial, (Mailbox("phone", NEWEST),), tls=False, on_request=True, peer="SOGo"),
        Workload("phone-nochange", phones.nochange, (Mailbox("phone", NEWEST),), tls=False, on_request=True, peer="SOGo"),
        Workload("phone-10-changes", phones.ten_changes, big + (Mailbox("hundred", 100),), tls=False, on_request=True, peer=""),
        Workload("phone-push", phones.push, tls=False, on_request=True, peer=""),
        Workload("phone-idle", phones.idle, tls=False, on_request=True, peer="SOGo"),
        Workload("evening-" + label(sizes.evening), safekeeping.evening("evening", sizes.evening),
                 (Mailbox("evening", sizes.evening),), tls=False, on_request=True, peer=""),
        Workload("restore-" + label(sizes.restored), safekeeping.restore("restored"),
                 (Mailbox("restored", sizes.restored),), tls=False, on_request=True, peer=""),
        Workload("import-maildir-" + label(sizes.imported), safekeeping.import_maildir(sizes.imported), tls=False,
                 on_request=True, peer=""),
        Workload("purge-" + label(sizes.purged), safekeeping.purge("purged"),
                 (Mailbox("purged", sizes.purged),), tls=False, on_request=True, peer=""),
        Workload("accounts-" + label(sizes.listed), administration.list_accounts(sizes.listed, sizes.listed_pages),
                 tls=False, on_request=True, peer=""),
        Workload("toggle", administration.toggle("phone"), tls=False, on_request=True, peer=""),
        Workload("toggle-" + label(sizes.switched), administration.toggle_domain(sizes.switched), tls=False,
                 on_request=True, peer=""),
    ]
