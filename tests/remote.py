"""An S3 server for tests: moto behind a proxy that refuses, fails, dawdles and breaks off."""

import http.client
import http.server
import socket
import time

import pyarrow.fs


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxy(http.server.BaseHTTPRequestHandler):
    """Hands requests on. `fault` happens to the next `left` objects that are read, or written."""

    protocol_version = "HTTP/1.1"
    upstream, fault, left, served = 0, None, 0, 0
    writes, only, written = False, "", []  # whether it hits writes, of which paths; what was sent

    def do_GET(self):
        self.hand_on()

    def do_HEAD(self):
        self.hand_on()

    def do_PUT(self):
        self.hand_on()

    def do_POST(self):
        self.hand_on()

    def do_DELETE(self):
        self.hand_on()

    def is_hit(self):
        """Whether this request is one of those that the fault happens to."""
        if Proxy.left <= 0 or "list-type" in self.path or Proxy.only not in self.path:
            return False
        return self.command in (("PUT", "POST") if Proxy.writes else ("GET",))

    def refuse_write(self):
        Proxy.left -= 1
        if Proxy.fault == "slow":
            time.sleep(0.5)
            return False
        if Proxy.fault == "half":
            self.close_connection = True
            self.connection.close()
            return True
        code = "AccessDenied" if Proxy.fault == 403 else "InternalError"
        body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
        self.send_response(Proxy.fault)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return True

    def sent_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while length := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(length))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def hand_on(self):
        sent = self.sent_body()
        if self.command in ("PUT", "POST"):
            Proxy.written.append(self.path.split("?")[0])
            if self.is_hit() and self.refuse_write():
                return
        connection = http.client.HTTPConnection("127.0.0.1", Proxy.upstream)
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() not in ("transfer-encoding", "content-length")}
        connection.request(self.command, self.path, sent or None,
                           {**headers, "Content-Length": str(len(sent))})
        answer = connection.getresponse()
        body = answer.read()
        status, fault = answer.status, None
        if self.command == "GET" and self.is_hit():
            Proxy.left -= 1
            fault = Proxy.fault
        if fault in (403, 500):
            status = fault
            code = "AccessDenied" if fault == 403 else "InternalError"
            body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
        if fault == "slow":
            time.sleep(0.5)
        self.send_response(status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        length = answer.getheader("content-length", "0") if self.command == "HEAD" else len(body)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if fault == "half":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            self.connection.close()
            return
        if self.command != "HEAD":
            self.wfile.write(body)
            Proxy.served += len(body)

    def log_message(self, *_):
        pass


class Remote:
    """A bucket, and the environment by which the programs find it."""

    def __init__(self, files, env):
        self.files, self.env = files, env

    def put(self, key, path):
        with self.files.open_output_stream("bucket/" + key) as out:
            out.write(path.read_bytes())
        return "s3://bucket/" + key

    def fail(self, fault, times, writes=False, only=""):
        """The next `times` reads (or writes) of paths with `only` in them meet the fault."""
        Proxy.fault, Proxy.left, Proxy.served, Proxy.writes, Proxy.only = (
            fault, times, 0, writes, only)

    @property
    def written(self):
        return Proxy.written

    @property
    def served(self):
        return Proxy.served

    @property
    def left(self):
        return Proxy.left

    def keys(self, below=""):
        """Objects below a folder of the bucket, and their bytes."""
        selector = pyarrow.fs.FileSelector("bucket/" + below, recursive=True, allow_not_found=True)
        found = {}
        for entry in self.files.get_file_info(selector):
            if entry.is_file:
                with self.files.open_input_stream(entry.path) as stream:
                    found[entry.path[len("bucket/" + below):].strip("/")] = stream.read()
        return found
