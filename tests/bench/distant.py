"""Postern with its database at a distance: a PostgreSQL reached by TCP through a proxy that delays."""
import os
import pwd
import shutil
import subprocess
import time

import gateway
import processes

# As the embedded one is set; fsync and synchronous_commit are on by default.
SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 300
shared_buffers = 512MB
max_wal_size = 2GB
min_wal_size = 256MB
wal_compression = on
random_page_cost = 1.1
jit = off
"""


def server_programs():
    folder = "/usr/lib/postgresql/15/bin"
    return folder if os.path.isdir(folder) else os.path.dirname(shutil.which("initdb") or "/usr/bin/initdb")


class Database:
    """A cluster in a folder, of PostgreSQL's own user, trusting this machine."""

    def __init__(self, folder, port):
        self.folder, self.port, self.process = folder, port, None
        self.user = pwd.getpwnam("postgres")
        self.log = folder + ".log"

    def _run(self, *command):
        subprocess.run(command, check=True, capture_output=True, cwd="/", user=self.user.pw_uid,
                       group=self.user.pw_gid, extra_groups=[])

    def start(self):
        fresh = not os.path.exists(os.path.join(self.folder, "PG_VERSION"))
        if fresh:
            os.makedirs(self.folder, mode=0o700)
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
            self._run(server_programs() + "/initdb", "-D", self.folder, "-U", "postern", "-A", "trust", "-E", "UTF8",
                      "--lc-collate=C", "--lc-ctype=C.UTF-8")
        with open(os.path.join(self.folder, "postgresql.auto.conf"), "w", encoding="ascii") as file:
            file.write(SETTINGS.format(port=self.port))
        self.process = processes.start([server_programs() + "/postgres", "-D", self.folder], self.log, cwd="/",
                                       user=self.user.pw_uid, group=self.user.pw_gid, extra_groups=[])
        processes.wait_for_port(self.port, self.process, self.log)
        if fresh:
            self._create()

    def _create(self):
        give_up = time.monotonic() + 30
        command = ["createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postern", "postern"]
        while subprocess.run(command, capture_output=True, check=False).returncode != 0:
            if time.monotonic() > give_up:
                raise RuntimeError("no database; see " + self.log)
            time.sleep(0.2)

    def stop(self):
        if self.process is not None:
            processes.stop(self.process)  # SIGTERM: waits for clients, and the gateway has gone before
        self.process = None


class DistantPostern(gateway.Postern):
    """Its processes, as far as memory and CPU are measured, are the gateway's alone."""

    def __init__(self, home, certificate, binary, programs):
        database_port, proxy_port = processes.free_ports(20)[-2:]
        url = "postgresql://postern@127.0.0.1:%d/postern?sslmode=disable" % proxy_port
        super().__init__(home, certificate, binary, database=url)
        self.database_server = Database(os.path.join(home, "database"), database_port)
        proxy = os.path.join(programs, "postern_delay_proxy")
        self.proxy_command = [proxy, str(proxy_port), "127.0.0.1", str(database_port)]
        self.proxy, self.round_trip_us = None, 0

    @property
    def data(self):
        return self.home

    def set_round_trip(self, microseconds):
        self.round_trip_us = microseconds
        if self.proxy is not None:
            self.proxy.stdin.write("%d\n" % microseconds)
            self.proxy.stdin.flush()

    def start(self, loading=False):
        self.database_server.start()
        # Its standard input is its life line: it ends with us, however we end.
        self.proxy = subprocess.Popen(self.proxy_command, stdin=subprocess.PIPE, text=True, preexec_fn=os.setpgrp)
        processes.wait_for_port(int(self.proxy_command[1]), self.proxy, self.log)
        self.set_round_trip(0 if loading else self.round_trip_us)
        super().start(loading)

    def stop(self):
        super().stop()
        if self.proxy is not None:
            self.proxy.stdin.close()
            self.proxy.wait()
        self.proxy = None
        self.database_server.stop()
