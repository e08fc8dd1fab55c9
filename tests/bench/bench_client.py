"""What a workload is given: the sizes, the load client, and a way to make a server cold."""
import contextlib
import itertools
import json
import os
import subprocess
import types

import processes


class Refused(RuntimeError):
    """A server did not do what a workload needs."""


class Bench:
    def __init__(self, sizes, programs):
        self.sizes = sizes
        self._programs = programs
        self._done_once = set()
        self._runs = itertools.count()

    def unique_run(self):
        """For Message-IDs: nothing is delivered twice."""
        return "r%d-%d" % (os.getpid(), next(self._runs))

    def _command(self, workload, server, tls, port_of, options):
        suffix = "s" if tls else ""
        given = dict(options, port=server.ports[port_of + suffix], tls=int(tls))
        given["lmtp-port"] = server.ports["lmtp"]
        given["imap-port"] = server.ports["imap"]
        given["sync-path"] = getattr(server, "sync_path", "/Microsoft-Server-ActiveSync")
        given["pop3-port"] = server.ports["pop3" + suffix]
        program = "postern_bench_phones" if workload.startswith("phone-") else "postern_bench_client"
        words = [word for name, value in given.items() for word in ("--" + name, str(value))]
        return [os.path.join(self._programs, program), workload] + words

    def client(self, workload, server, tls=False, port_of="imap", **options):
        """Its metrics: [{"name", "unit", "value", "better"}]."""
        command = self._command(workload, server, tls, port_of, options)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return self._metrics(workload, server, done.returncode, done.stdout, done.stderr)

    @contextlib.contextmanager
    def held(self, workload, server, tls=False, port_of="imap", **options):
        """A client that has said that it is ready, in .said; at the end it gets .answer, and .metrics are there."""
        command = self._command(workload, server, tls, port_of, options)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as process:
            try:
                first = process.stdout.readline()
                state = types.SimpleNamespace(said=first.partition(" ")[2].strip(), answer="", metrics=[])
                if first.startswith("ready"):
                    yield state
                out, err = process.communicate(state.answer + "\n")
            finally:
                process.kill()
        state.metrics += self._metrics(workload, server, process.returncode, out, err)

    @staticmethod
    def _metrics(workload, server, code, out, err):
        if code != 0:
            raise Refused("%s on %s: %s" % (workload, server.name, err.strip()))
        return json.loads(out)["metrics"]

    @staticmethod
    def named(metrics, pattern):
        """The same under other names: the pattern has {} for the old one."""
        return [dict(metric, name=pattern.format(metric["name"])) for metric in metrics]

    @staticmethod
    def make_cold(server):
        server.stop()
        processes.forget_cached_pages(server.data)
        server.start()

    def once(self, server, what, work):
        """Warms up, untimed, in the first round."""
        if (server.name, what) not in self._done_once:
            self._done_once.add((server.name, what))
            work()
