"""An S3 server per file of tests."""

import http.server
import socket
import subprocess
import sys
import threading
import time

import pyarrow.fs
import pytest

from remote import Proxy, Remote, free_port


@pytest.fixture(scope="module")
def server():
    port = free_port()
    moto = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(port)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    Proxy.upstream = port
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    files = pyarrow.fs.S3FileSystem(endpoint_override=f"127.0.0.1:{port}", scheme="http",
                                    access_key="key", secret_key="secret", region="us-east-1",
                                    allow_bucket_creation=True)
    files.create_dir("bucket")
    yield files, proxy.server_address[1]
    proxy.shutdown()
    moto.terminate()
    moto.wait()


@pytest.fixture
def remote(server, tmp_path):
    files, port = server
    env = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "key",
           "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1",
           "AWS_EC2_METADATA_DISABLED": "true", "CROSSFADE_CACHE": str(tmp_path / "cache")}
    Proxy.left = 0
    Proxy.written = []
    return Remote(files, env)
