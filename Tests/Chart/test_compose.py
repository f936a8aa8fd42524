"""The example without Kubernetes, as far as that shows without a container engine: files, paths, addresses."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml

from rendering import CHART, ROOT, tool

EXAMPLE = ROOT / "packaging" / "compose"


def document(name):
    return yaml.safe_load((EXAMPLE / name).read_text(encoding="utf-8"))


def options(service):
    """The options of a service's command line."""
    return dict(item.split("=", 1) for item in service["command"])


def settings():
    """The names in .env.example."""
    return set(re.findall(r"^(\w+)=", (EXAMPLE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))


class Example(unittest.TestCase):
    def setUp(self):
        self.services = document("compose.yaml")["services"]

    def mounts(self, service):
        """What a service has from outside: place in the container, to place outside."""
        parts = [volume.split(":") for volume in self.services[service]["volumes"]]
        return {part[1]: part[0] for part in parts}

    def test_every_file_that_is_mounted_is_there_and_every_volume_is_declared(self):
        declared = document("compose.yaml")["volumes"]
        for service in self.services:
            for place in self.mounts(service).values():
                with self.subTest(service=service, place=place):
                    # Docker makes the directory of the published file.
                    if not place.endswith("/textfile_collector"):
                        self.assertTrue((EXAMPLE / place).exists() if place.startswith((".", "/")) else place in declared)

    def test_prometheus_takes_its_configuration(self):
        self.assertEqual(options(self.services["prometheus"])["--config.file"], "/etc/prometheus/prometheus.yml")
        etc = {place: outside for place, outside in self.mounts("prometheus").items() if place.startswith("/etc/prometheus/")}
        with tempfile.TemporaryDirectory() as directory:
            for place, outside in etc.items():
                shutil.copy(EXAMPLE / outside, pathlib.Path(directory, pathlib.PurePosixPath(place).name))
            command = [tool("promtool"), "check", "config", f"{directory}/prometheus.yml"]
            result = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertRegex(result.stdout, r"SUCCESS: 1 rule files found")
        self.assertIn(f"SUCCESS: {self.rules()} rules found", result.stdout)

    def rules(self):
        """How many rules the packaged file has."""
        text = (ROOT / "packaging/prometheus/gpu-sessions.rules.yml").read_text(encoding="utf-8")
        return sum(len(group["rules"]) for group in yaml.safe_load(text)["groups"])

    def test_each_is_asked_where_it_listens_and_only_on_this_machine(self):
        (job,) = document("prometheus.yml")["scrape_configs"]
        exporter = options(self.services["node-exporter"])["--web.listen-address"]
        prometheus = options(self.services["prometheus"])["--web.listen-address"]
        self.assertEqual(job["static_configs"][0]["targets"], [exporter])
        (source,) = document("grafana/datasources/prometheus.yaml")["datasources"]
        self.assertEqual(source["url"], f"http://{prometheus}")
        grafana = self.services["grafana"]["environment"]["GF_SERVER_HTTP_ADDR"]
        self.assertEqual({address.split(":")[0] for address in (exporter, prometheus, grafana)}, {"127.0.0.1"})
        modes = {name: service["network_mode"] for name, service in self.services.items()}
        self.assertEqual(modes.pop("gpu-sessions"), "none")
        self.assertEqual(set(modes.values()), {"host"})

    def test_the_settings_are_those_of_the_example(self):
        used = set(re.findall(r"\$\{(\w+)", (EXAMPLE / "compose.yaml").read_text(encoding="utf-8")))
        self.assertEqual(settings(), used)

    @unittest.skipUnless(shutil.which("docker-compose"), "docker-compose is not installed")
    def test_docker_compose_takes_the_file(self):
        # The older docker-compose, which Debian has, does not know `name`.
        text = (EXAMPLE / "compose.yaml").read_text(encoding="utf-8").replace("\nname: gpu-sessions\n", "\n")
        environment = os.environ | dict.fromkeys(settings(), "x")
        command = ["docker-compose", "--file", "-", "config", "--quiet"]
        result = subprocess.run(command, cwd=EXAMPLE, env=environment, input=text, capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_the_collector_publishes_a_node_with_its_command(self):
        service = self.services["gpu-sessions"]
        self.assertEqual((service["cap_drop"], service["read_only"], service["user"]), (["ALL"], True, "0:0"))
        node = ROOT / "Fixtures/nodes/h100-mig-mixed"
        with tempfile.TemporaryDirectory() as directory:
            places = {"/host": node / "root", "/textfile": directory}
            command = [re.sub(r"^(/host|/textfile)\b", lambda found: str(places[found[0]]), word) for word in service["command"]]
            self.assertEqual(command[:3], ["collect", "--interval", "30"])
            environment = os.environ | {"GPU_SESSIONS_FIXTURE": str(node), "GPU_SESSIONS_NVIDIA_SMI": str(ROOT / "Fixtures/bin/nvidia-smi")}
            executable = ROOT / ".build/release/gpu-sessions"
            subprocess.run([executable, *command, "--for", "1"], env=environment, check=True, capture_output=True)
            self.assertIn("\ngpu_total_sessions 5\n", pathlib.Path(directory, "gpu_sessions.prom").read_text(encoding="utf-8"))

    def test_node_exporter_reads_the_directory_that_the_collector_writes(self):
        given = options(self.services["node-exporter"])
        root = given["--path.rootfs"]
        self.assertEqual(self.mounts("node-exporter")[root], "/")
        written = self.mounts("gpu-sessions")["/textfile"]
        self.assertEqual(given["--collector.textfile.directory"], root + written)

    def test_grafana_finds_the_dashboards(self):
        mounts = self.mounts("grafana")
        (provider,) = document("grafana/dashboards/gpu-sessions.yaml")["providers"]
        place = provider["options"]["path"]
        self.assertEqual((EXAMPLE / mounts[place]).resolve(), CHART / "dashboards")
        self.assertEqual(mounts["/etc/grafana/provisioning/dashboards"], "./grafana/dashboards")
        self.assertEqual(mounts["/etc/grafana/provisioning/datasources"], "./grafana/datasources")
        home = pathlib.PurePosixPath(self.services["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
        self.assertEqual(str(home.parent), place)
        self.assertEqual(json.loads((CHART / "dashboards" / home.name).read_text())["uid"], "gpu-sessions")

    def test_the_readme_names_the_files_that_are_there(self):
        text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
        named = re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
        # .env is the user's own.
        self.assertEqual({name.rstrip("/") for name in named} | {"README.md", ".env"}, {path.name for path in EXAMPLE.iterdir()} | {".env"})

    def test_the_password_is_not_committed(self):
        with contextlib.suppress(FileNotFoundError):
            ignored = subprocess.run(["git", "check-ignore", "--quiet", "packaging/compose/.env"], cwd=ROOT, capture_output=True)
            # 128: this is no git repository.
            self.assertIn(ignored.returncode, (0, 128))


if __name__ == "__main__":
    unittest.main()
