"""Real node_exporters that serve recorded nodes, and a real Prometheus that scrapes them, for the tests beside this file."""

import contextlib
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse

from rendering import ROOT, tool

from node_exporter import OPENER, exporter, free_port

START_SECONDS = 60
LAST_RUN = "gpu_session_collector_last_run_timestamp_seconds"


class QueryError(Exception):
    """Prometheus refused the query; the text is its reason."""


class Prometheus:
    """The HTTP interface of a running Prometheus. The first question waits until all targets were scraped."""

    def __init__(self, address, process, count):
        self.address = address
        self.process = process
        self.awaited = count

    def ask(self, path, **parameters):
        if self.awaited is not None:
            self.wait()
        return self.get(path, **parameters)

    def wait(self):
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up and self.process.poll() is None:
            with contextlib.suppress(OSError, QueryError):
                if len(self.get("query", query="up == 1")["result"]) == self.awaited:
                    self.awaited = None
                    return
            time.sleep(0.2)
        raise RuntimeError(f"Prometheus did not scrape {self.awaited} targets within {START_SECONDS} s")

    def get(self, path, **parameters):
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters, doseq=True)}"
        try:
            with OPENER.open(url, timeout=START_SECONDS) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            # JSON for a query that is refused, plain text while Prometheus starts.
            raise QueryError(error.read().decode("utf-8", errors="replace")) from None

    def query(self, expression):
        """The vector that the expression is now, as pairs of labels and value."""
        return [(item["metric"], float(item["value"][1])) for item in self.ask("query", query=expression)["result"]]

    def range(self, expression, seconds=4):
        """The series of the expression over the last seconds."""
        now = time.time()
        return self.ask("query_range", query=expression, start=now - seconds, end=now, step=1)["result"]

    def label_values(self, label, selector):
        return self.ask(f"label/{label}/values", **{"match[]": selector})


def page(node, age, failed=None):
    """
    What a node publishes, as if it had done so `age` seconds ago and with the label that the chart adds. `failed` names a
    stage that is said to have failed.
    """
    text = (ROOT / "Fixtures" / "nodes" / node / "expected.prom").read_text(encoding="utf-8")
    stage = f'gpu_session_collector_stage_success{{stage="{failed}"}}'
    lines = text.replace(f"{stage} 1", f"{stage} 0").splitlines()
    return "\n".join(line if line.startswith("#") else with_node(line, node, age) for line in lines) + "\n"


def with_node(line, node, age):
    series, value = line.rsplit(" ", 1)
    if series == LAST_RUN:
        value = repr(time.time() - age)
    series = series[:-1] + "," if series.endswith("}") else series + "{"
    return f'{series}node="{node}"}} {value}'


@contextlib.contextmanager
def recorded_node(node, age, failed=None):
    """The address of a node_exporter that serves a recorded node and the node's clock."""
    program = shutil.which("prometheus-node-exporter") or tool("node_exporter")
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        pathlib.Path(directory, "gpu_sessions.prom").write_text(page(node, age, failed), encoding="utf-8")
        with exporter(program, directory, "--collector.time") as (_, url):
            yield urllib.parse.urlsplit(url).netloc


@contextlib.contextmanager
def static_page(text):
    """The address of an exporter that always serves this text."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # a Prometheus that ends hangs up
                self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield "127.0.0.1:%d" % server.server_port
    finally:
        server.shutdown()
        server.server_close()


def job(name, address, labels, **more):
    """A scrape job of one target."""
    return {"job_name": name, "static_configs": [{"targets": [address], "labels": labels}], **more}


def series(name, labels):
    """A series as the exposition formats write it."""
    pairs = ",".join(f"{label}={json.dumps(text, ensure_ascii=False)}" for label, text in labels.items())
    return f"{name}{{{pairs}}}"


@contextlib.contextmanager
def prometheus(jobs, groups=(), data=None):
    """
    A Prometheus that scrapes these jobs every other second, and evaluates the groups of rules every second. Some seconds
    pass before it does; several can start side by side. `data` is a directory with samples that it shall have.
    """
    times = {"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "1s"}
    configuration = {"global": times, "scrape_configs": jobs, "rule_files": ["rules.json"]}
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory, "prometheus.yml")
        file.write_text(json.dumps(configuration), encoding="utf-8")
        pathlib.Path(directory, "rules.json").write_text(json.dumps({"groups": list(groups)}), encoding="utf-8")
        port = free_port()
        command = [
            tool("prometheus"), f"--config.file={file}", f"--storage.tsdb.path={data or directory + '/data'}",
            f"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
        ]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield Prometheus(f"127.0.0.1:{port}", process, len(jobs))
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)
