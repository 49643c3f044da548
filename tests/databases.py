"""Both databases for the same tests: SQLite in a file, PostgreSQL as a server that the tests start themselves."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import psycopg

HOMES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


class PostgresServer:
    """One server with its data in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self.port = folder, port
        self.address = f"127.0.0.1:{port}"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1"
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-o", options, "-l", f"{self._folder}/log", "-w", "start")

    def stop(self, how: str = "immediate") -> None:
        """Stop it; "immediate" is what a power cut does to it."""
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-m", how, "-w", "stop")

    def create(self) -> None:
        """Lay out its folder."""
        self._run("initdb", "-D", f"{self._folder}/data", "-A", "trust", "-U", "desk")

    def new_database(self) -> str:
        """The URL of a fresh database."""
        name = f"desk_{uuid4().hex[:12]}"
        with psycopg.connect(f"postgresql://desk@{self.address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://desk@{self.address}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        assert HOMES, "PostgreSQL is not installed: .ci/run installs it"
        command = [str(HOMES[0] / program), *arguments]
        user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL does not run as root
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user, cwd="/")


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server until the end of the block."""
    folder = Path(mkdtemp(prefix="desk-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = PostgresServer(folder, port)
    server.create()
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
