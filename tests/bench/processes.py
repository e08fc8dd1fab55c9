"""Processes of a server under test: starting one that ends with us, and what its whole tree uses."""
import contextlib
import ctypes
import os
import resource
import signal
import socket
import subprocess
import threading
import time

OPEN_FILES_MAX = 65536
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def raise_open_files():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with contextlib.suppress(ValueError, OSError):  # a container may not let us
        wanted = max(hard, OPEN_FILES_MAX)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))


def start(command, log, **options):
    """A child in a group of its own (Ctrl-C is ours alone to handle) which is told to stop should we be killed."""

    def before_exec():
        os.setpgid(0, 0)
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    with open(log, "ab") as out:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=before_exec,
                                **options)


def stop(process, limit_s=60):
    """Asks, then insists. What it leaves behind is ended by number."""
    if process is None:
        return
    family = tree(process.pid)
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(limit_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pid, started in family:
        if pid != process.pid and start_time(pid) == started:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def _stat(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return None


def start_time(pid):
    fields = _stat(pid)
    return fields[19] if fields else None


def tree(root):
    """[(pid, start time)] of a process and all below it."""
    children, started = {}, {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            fields = _stat(int(entry))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry))
                started[int(entry)] = fields[19]
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        if pid in started:
            found.append((pid, started[pid]))
            waiting += children.get(pid, [])
    return found


def cpu_seconds(root):
    """Of the tree since its start, with what its ended children used."""
    total = 0
    for pid, _ in tree(root):
        fields = _stat(pid)
        if fields:
            total += sum(int(field) for field in fields[11:15])
    return total / TICKS_PER_SECOND


def cpu_while_idle(root, sizes):
    """% of a core, after the server's second look at what is new to it: accounts are read again every minute."""
    time.sleep(sizes.settle_s)
    before, started = cpu_seconds(root), time.monotonic()
    time.sleep(sizes.idle_s)
    return 100 * (cpu_seconds(root) - before) / (time.monotonic() - started)


def memory_kib(root):
    """(all, private): proportional set sizes of the tree. Private leaves out files and shared memory."""
    every = private = 0
    for pid, _ in tree(root):
        try:
            with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as file:
                for line in file:
                    if line.startswith("Pss:"):
                        every += int(line.split()[1])
                    elif line.startswith("Pss_Anon:"):
                        private += int(line.split()[1])
        except OSError:
            continue
    return every, private


class PeakMemory:
    """with PeakMemory(pid) as peak: … ; then peak.growth_kib is (all, private) above what it was before."""

    def __init__(self, root):
        self.root = root

    def __enter__(self):
        self.before = self.peak = memory_kib(self.root)
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()
        return self

    def _watch(self):
        while not self.ending.wait(0.02):
            now = memory_kib(self.root)
            self.peak = tuple(map(max, self.peak, now))

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()
        self.growth_kib = tuple(peak - before for peak, before in zip(self.peak, self.before))


def wait_for_port(port, process, log, limit_s=60):
    give_up = time.monotonic() + limit_s
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        time.sleep(0.05)
    raise RuntimeError("no server on port %d; see %s" % (port, log))


def free_ports(count, skip=0):
    """Ports that nobody listens on now, below the range that outgoing connections use. Servers that are not started
    yet leave out each other's."""
    found = []
    for port in range(21000, 32000):
        with socket.socket() as probe:
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                found.append(port)
        if len(found) == skip + count:
            return found[skip:]
    raise RuntimeError("no free ports")


def forget_cached_pages(folder):
    """Drops the page cache of the files below, and of nothing else on this machine."""
    os.sync()
    for above, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                descriptor = os.open(os.path.join(above, name), os.O_RDONLY | os.O_NONBLOCK)
                try:
                    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                finally:
                    os.close(descriptor)
