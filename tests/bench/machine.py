"""What the figures were measured on."""
import os
import platform
import statistics
import time


def _first(path, key):
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith(key):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return "?"


def flush_ms(folder):
    """Median of writing 8 KiB and fdatasync: what every durable acknowledgement costs at least."""
    path = os.path.join(folder, "flush-probe")
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        times = []
        for _ in range(100):
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, b"x" * 8192)
            start = time.monotonic()
            os.fdatasync(descriptor)
            times.append((time.monotonic() - start) * 1000)
        return statistics.median(times)
    finally:
        os.close(descriptor)
        os.unlink(path)


def describe(folder):
    memory_kib = _first("/proc/meminfo", "MemTotal").split()[0]
    return "%d × %s, %.0f GiB, Linux %s; fdatasync of 8 KiB %.2f ms; load average at the start %.1f" % (
        os.cpu_count(), _first("/proc/cpuinfo", "model name"), int(memory_kib) / 2**20, platform.release(),
        flush_ms(folder), os.getloadavg()[0])
