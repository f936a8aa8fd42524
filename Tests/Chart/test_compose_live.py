"""The example without Kubernetes as processes instead of containers: what its commands and files say, with the addresses of
free ports and a node below a directory. Grafana is not started: its dashboards' queries are asked of the Prometheus."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import grafana
from monitoring import Prometheus
from rendering import CHART, ROOT
from test_compose import EXAMPLE, document, options

from node_exporter import free_port

NODE = ROOT / "Fixtures/nodes/h100-mig-mixed"
PROGRAMS = {
    "gpu-sessions": ROOT / ".build/release/gpu-sessions",
    "node-exporter": shutil.which("prometheus-node-exporter") or shutil.which("node_exporter"),
    "prometheus": shutil.which("prometheus"),
}
PATIENCE_SECONDS = 30


class Machine:
    """A machine below a directory, on which the services see what their volumes give them."""

    def __init__(self, stack):
        self.stack = stack
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.folder.chmod(0o755)
        self.root = self.folder / "root"
        shutil.copytree(NODE / "root", self.root, symlinks=True)
        (self.root / "var/lib/node_exporter/textfile_collector").mkdir(parents=True)
        self.services = document("compose.yaml")["services"]
        texts = [word for service in self.services.values() for word in service.get("command", [])]
        self.addresses = {address: f"127.0.0.1:{free_port()}" for text in texts for address in re.findall(r"127\.0\.0\.1:\d+", text)}

    def outside(self, volume):
        """Where a volume is on this machine: the node's root, a file of the example, or one that is kept for a service."""
        source = volume.split(":")[0]
        if source.startswith("/"):
            return self.root / source.lstrip("/")
        if source.startswith("."):
            return self.copy(EXAMPLE / source)
        place = self.folder / source
        place.mkdir(exist_ok=True)
        return place

    def copy(self, file):
        """A file of the example, with the addresses of here and without the time that a person can wait."""
        place = self.folder / "etc" / file.name
        place.parent.mkdir(exist_ok=True)
        text = file.read_text(encoding="utf-8").replace("_interval: 30s", "_interval: 1s")
        place.write_text(self.here(text), encoding="utf-8")
        return place

    def here(self, text):
        for address, own in self.addresses.items():
            text = text.replace(address, own)
        return text

    def start(self, name, *more):
        """Starts a service with its command, where its volumes are; it ends with the stack."""
        service = self.services[name]
        places = {volume.split(":")[1]: str(self.outside(volume)) for volume in service["volumes"]}
        pattern = re.compile(f"(?<![^=])({'|'.join(sorted(places, key=len, reverse=True))})(?=/|$)")
        words = [pattern.sub(lambda found: places[found[1]], self.here(word)) for word in service["command"]]
        environment = os.environ | {"GPU_SESSIONS_FIXTURE": str(NODE), "GPU_SESSIONS_NVIDIA_SMI": str(ROOT / "Fixtures/bin/nvidia-smi")}
        process = subprocess.Popen(
            [PROGRAMS[name], *words, *more], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.stack.callback(end, process)
        return process

    def address(self, name):
        return self.addresses[options(self.services[name])["--web.listen-address"]]


def end(process):
    process.terminate()
    process.wait(timeout=PATIENCE_SECONDS)


def eventually(ask):
    """What is found as soon as something is, else what was found last."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not (found := ask()) and time.monotonic() < give_up:
        time.sleep(0.5)
    return found


@unittest.skipUnless(all(PROGRAMS.values()), "node_exporter or prometheus is not installed")
class Running(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        machine = Machine(stack)
        machine.start("gpu-sessions")
        machine.start("node-exporter")
        cls.server = Prometheus(machine.address("prometheus"), machine.start("prometheus"), 1)
        eventually(lambda: cls.server.query("gpu:session:info"))

    def test_prometheus_has_who_is_on_which_gpu_by_the_names_of_kubernetes(self):
        found = {labels["pid"]: labels.get("exported_pod") for labels, _ in self.server.query('gpu_process_info{status="active"}')}
        self.assertEqual(len(found), 5)
        self.assertEqual(found["30410"], "mixtral-0")
        self.assertEqual({labels["instance"] for labels, _ in self.server.query("gpu_session_count")}, {"gpu-server"})

    def test_every_rule_is_evaluated(self):
        rules = [rule for group in self.server.ask("rules")["groups"] for rule in group["rules"]]
        self.assertGreater(len(rules), 30)
        self.assertEqual([(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"], [])

    def test_the_first_page_of_grafana_has_something_to_draw(self):
        home = pathlib.PurePosixPath(document("compose.yaml")["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
        dashboard = json.loads((CHART / "dashboards" / home.name).read_text(encoding="utf-8"))
        values = grafana.variables(self.server, dashboard)
        asked = {panel["title"]: target for panel, target in grafana.targets(dashboard) if target["refId"] == "A"}
        for title in ("GPU devices", "Sessions", "Who is on what", "Devices in use"):
            with self.subTest(title):
                self.assertTrue(eventually(lambda: grafana.run(self.server, asked[title], values)))


if __name__ == "__main__":
    unittest.main()
