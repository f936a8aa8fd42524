"""values.schema.json knows exactly the keys of values.yaml and refuses others and ill-typed ones by name."""

import json
import re
import unittest

import yaml

from rendering import CHART, RenderError, render

from fixtures import at_once
import values_table

SCHEMA = json.loads((CHART / "values.schema.json").read_text())
DEFAULTS = yaml.safe_load((CHART / "values.yaml").read_text())
# Keys that a chart has besides its values.
OPEN = {"global", "gpu-session-monitoring"}
# Keys of the chart that this one takes the place of: taken, with a warning.
OLD = {"": {"gpu"}, "collection": {"image"}, "prometheus": {"textfileCollectorPath", "serverService"}}
# What an alert may have, and what most have not.
OF_AN_ALERT = {"enabled", "keepFiringFor", "runbookURL", "annotations", "excludeNamespaces"}
# Keys of Kubernetes' own objects are Kubernetes' to judge.
KUBERNETES = {"securityContext", "updateStrategy", "resources.requests", "resources.limits", "nodeAffinity", "podAffinity", "podAntiAffinity"}

ILL_TYPED = {
    "enabled": "yes",
    "lookup": 1,
    "image.repository": 7,
    "nameOverride": "Upper",
    "fullnameOverride": "n" * 30,
    "namespaceOverride": "a.b",
    "image.registry": "https://registry.example",
    "image.digest": "sha256:short",
    "image.pullPolicy": "Sometimes",
    "imagePullSecrets": ["registry"],
    "collection.mode": "deployment",
    "collection.schedule": "* * *",
    "collection.nodes": "gpu-a",
    "collection.maxCronJobs": "100",
    "collection.interval": -1,
    "collection.timeout": 0,
    "collection.startingDeadlineSeconds": 5,
    "collection.maxUnavailable": "some",
    "collection.memoryLabel": "no",
    "collection.labels": {"not-a-label": "x"},
    "collection.timeZone": "Europe Berlin",
    "collection.suspend": "no",
    "collection.migUtilization": 1,
    "collection.extraArgs": "--quiet",
    "collection.resources.limits": {"cpu": ["200m"]},
    "textfile.directory": "relative",
    "hostPaths.podLogs": "var/log/pods",
    "kubeletRoot": "",
    "driver.migMonitor": "all",
    "runtimeClassName": {"name": "nvidia"},
    "env": {"A": "b"},
    "nodeSelector": "accelerator=nvidia",
    "affinity": {"nodeaffinity": {}},
    "tolerations": {"key": "nvidia.com/gpu"},
    "securityContext": "privileged",
    "seLinuxOptions": {"type": 1},
    "podSecurityContext": [],
    "hostNetwork": "true",
    "dnsPolicy": "None of these",
    "terminationGracePeriodSeconds": -1,
    "updateStrategy.type": "Recreate",
    "revisionHistoryLimit": "10",
    "extraVolumes": [{"emptyDir": {}}],
    "extraVolumeMounts": [{"mountPath": "/x"}],
    "networkPolicy.enabled": "true",
    "workloadAnnotations": {"a": ["b"]},
    "test.enabled": 1,
    "global.imageRegistry": 7,
    "serviceAccount.create": "true",
    "serviceAccount.annotations": ["a"],
    "priorityClass.value": 2000000000,
    "podLabels": {"a": ["b"]},
    "pools": {"name": "a"},
    "openshift.scc": "yes",
    "prometheus.labels": "both",
    "prometheus.staleAfterSeconds": "3m",
    "prometheus.clusterLabel": "k8s-cluster",
    "prometheusRule.enabled": "true",
    "prometheusRule.keepFiringFor": "15 minutes",
    "prometheusRule.excludeNamespaces": "dev",
    "prometheusRule.alerts.GPUCollectorStale": {"above": 1},
    "prometheusRule.alerts.GPUHighTemperature": {"excludeNamespaces": ["dev"]},
    "dashboards.labels": ["grafana_dashboard"],
    "cleanup.enabled": 1,
    "extraManifests": {},
}


def resolved(schema):
    """The schema, or the one that it refers to."""
    while "$ref" in schema:
        found = SCHEMA
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def objects(schema, at=""):
    """Path and schema of every object that lists its keys."""
    schema = resolved(schema)
    if "properties" in schema:
        yield at, schema
        for key, inner in schema["properties"].items():
            if key not in OPEN:
                yield from objects(inner, f"{at}.{key}".lstrip("."))


def complaint(values):
    """What helm says to these values, empty where it takes them."""
    try:
        render(values)
    except RenderError as error:
        return str(error)
    return ""


class Keys(unittest.TestCase):
    def compare(self, schema, values, at):
        listed = resolved(schema).get("properties")
        if listed is None or not isinstance(values, dict):
            return
        if at.startswith("prometheusRule.alerts."):
            self.assertEqual(set(listed) - OF_AN_ALERT, set(values) - OF_AN_ALERT, at)
        elif at not in KUBERNETES and values:
            self.assertEqual(set(listed) - OPEN - OLD.get(at, set()), set(values), at or "top level")
        for key, inner in values.items():
            self.compare(listed[key], inner, f"{at}.{key}".lstrip("."))

    def test_schema_and_values_have_the_same(self):
        self.compare(SCHEMA, DEFAULTS, "")

    def test_every_object_that_lists_its_keys_refuses_others(self):
        found = dict(objects(SCHEMA))
        self.assertGreater(len(found), 15)
        for path, schema in found.items():
            with self.subTest(path):
                self.assertIs(schema["additionalProperties"], False)

    def test_a_pool_takes_every_value_that_is_read_per_workload(self):
        pool = resolved(SCHEMA["properties"]["pools"]["items"])["properties"]
        of_the_release = {
            *("enabled", "lookup", "serviceAccount", "labels", "pools", "openshift", "prometheus", "prometheusRule", "dashboards"),
            *("cleanup", "extraManifests", "nameOverride", "fullnameOverride", "namespaceOverride", "networkPolicy", "test"),
        }
        self.assertEqual(set(pool) - {"name"}, set(DEFAULTS) - of_the_release)

    def test_the_defaults_that_are_rendered_are_the_values(self):
        self.assertEqual((CHART / "files/defaults.yaml").read_bytes(), (CHART / "values.yaml").read_bytes())


class Refused(unittest.TestCase):
    def refused(self, values, *names):
        said = complaint(values)
        self.assertIn("values don't meet the specifications of the schema", said)
        for name in names:
            self.assertIn(name, said)

    def test_unknown_keys_are_named_with_their_place(self):
        self.refused({"colection": {}}, "Additional property colection is not allowed")
        self.refused({"collection.shedule": "* * * * *"}, "collection: Additional property shedule is not allowed")
        self.refused({"driver.mig": True}, "driver: Additional property mig is not allowed")
        self.refused({"gpu-session-monitoring.colection": {}}, "gpu-session-monitoring: Additional property colection is not allowed")
        self.refused({"gpu-session-monitoring.collection.nodse": []}, "gpu-session-monitoring.collection", "nodse")
        self.refused({"gpu-session-monitoring.gpu-session-monitoring.enabled": True}, "gpu-session-monitoring")

    def test_ill_typed_values_are_named(self):
        complaints = at_once(lambda case: complaint(dict([case])), ILL_TYPED.items())
        for path, said in zip(ILL_TYPED, complaints):
            with self.subTest(path):
                self.assertIn("values don't meet the specifications of the schema", said)
                self.assertRegex(said, rf"(?m)^- {re.escape(path)}\b")

    def test_every_group_of_values_has_such_a_case(self):
        self.assertLessEqual({path.split(".")[0] for path in ILL_TYPED}, set(DEFAULTS) | OPEN)
        untested = set(DEFAULTS) - {path.split(".")[0] for path in ILL_TYPED}
        self.assertEqual(untested, {"dynamicResourceAllocation", "labels", "podAnnotations"})

    def test_labels_that_the_metrics_have_themselves(self):
        known = {name for row in values_table.metrics().splitlines() if row.startswith("| `gpu") for name in row.split("|")[2].strip(" `").split()}
        self.assertEqual(set(SCHEMA["definitions"]["ownLabels"]["enum"]), known | {"node"})
        for name in ("gpu", "node", "__name__", "__own"):
            self.refused({"collection.labels": {name: "x"}}, "collection.labels")
        for name in ("site", "_site", "_", "cluster", "Gpu"):
            self.assertEqual(complaint({"collection.labels": {name: "x"}}), "")

    def test_pools(self):
        self.refused({"pools": [{}]}, "pools.0: name is required")
        self.refused({"pools": [{"name": "a", "prometheusRule": {}}]}, "pools.0: Additional property prometheusRule is not allowed")
        self.refused({"pools": [{"name": "a", "driver": {"migMonitor": "x"}}]}, "pools.0.driver.migMonitor")
        self.refused({"pools": [{"name": "a" * 23}]}, "pools.0.name")

    def test_global_is_anybodys(self):
        self.assertEqual(render({"global": {"anything": [1]}}), render())


if __name__ == "__main__":
    unittest.main()
