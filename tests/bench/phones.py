"""Workloads of phones: the first Sync, Syncs with little or nothing new, pushes, and waiting."""
import time

import accounts
import processes

PHONE_MESSAGES = 1_000
HUNDRED = 100
SOGO_PHONES = 16  # a waiting phone takes a whole process of SOGo's


def _user(name):
    return {"user": accounts.address(name), "password": accounts.PASSWORD}


def _numbered():
    return {"accounts": accounts.PHONE_ACCOUNTS, "prefix": "p", "domain": accounts.DOMAIN,
            "password": accounts.PASSWORD}


def initial(bench, server, _tls):
    """Without TLS, which SOGo leaves to a web server. SOGo once: it takes the best part of a minute."""
    repeat = bench.sizes.phone_repeat if server.name == "Postern" else 1
    return bench.client("phone-initial", server, port_of="http", messages=PHONE_MESSAGES, run=bench.unique_run(),
                        repeat=repeat, **_user("phone"))


def nochange(bench, server, _tls):
    return bench.client("phone-nochange", server, port_of="http", messages=PHONE_MESSAGES, run=bench.unique_run(),
                        repeat=bench.sizes.repeat, **_user("phone"))


def ten_changes(bench, server, _tls):
    """In a large folder and in a small one: the cost is what changed."""
    def once(name, messages):
        return bench.client("phone-changes", server, port_of="http", messages=messages, run=bench.unique_run(),
                            repeat=bench.sizes.phone_repeat * 4, **_user(name))
    large = {metric["name"]: metric for metric in once("big", bench.sizes.big)}
    small = {metric["name"]: metric for metric in once("hundred", HUNDRED)}
    name = "Sync of 10 changes"
    ratio = large[name]["value"] / small[name]["value"]
    return (bench.named([large["first Sync"], large[name]], "{} of %d" % bench.sizes.big) +
            bench.named([small[name]], "{} of %d" % HUNDRED) +
            [{"name": "large folder ÷ small folder", "unit": "×", "value": ratio, "better": "lower"}])


def push(bench, server, _tls):
    """With TLS, as phones have it."""
    return bench.client("phone-push", server, tls=True, port_of="http", connections=bench.sizes.phones,
                        count=bench.sizes.phone_pushes, run=bench.unique_run(), **_numbered())


def idle(bench, server, _tls):
    """What a phone costs that waits. Postern with TLS, SOGo as it is."""
    is_postern = server.name == "Postern"
    count = bench.sizes.phones_idle if is_postern else SOGO_PHONES
    server.stop()
    server.start()
    root = server.process.pid
    options = dict(_numbered(), port_of="http", tls=is_postern)
    # A few first: what a server allocates once is not a phone's.
    with bench.held("phone-idle", server, connections=min(count, 50), run=bench.unique_run(), **options):
        pass
    before, private_before = processes.memory_kib(root)
    with bench.held("phone-idle", server, connections=count, run=bench.unique_run(), **options):
        time.sleep(2)  # what a log-in left to do is done
        after, private_after = processes.memory_kib(root)
        cpu = processes.cpu_while_idle(root, bench.sizes)
    return [
        {"name": "memory", "unit": "KiB/phone", "value": (after - before) / count, "better": "lower"},
        {"name": "private memory", "unit": "KiB/phone", "value": (private_after - private_before) / count,
         "better": "lower"},
        {"name": "CPU while %d wait" % count, "unit": "% of a core", "value": cpu, "better": "lower"},
    ]
