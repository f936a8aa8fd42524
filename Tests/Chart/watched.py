"""What the dashboards need beside recorded nodes: the chart's rules, and what no recorded node has or what takes an hour."""

import re
import time

from monitoring import job, series, static_page
from rendering import ROOT, of_kind, render

NODE = {"cluster": "east", "instance": "checkpoint-v2:9100", "node": "checkpoint-v2"}
MIG_NODE = {"cluster": "east", "instance": "checkpoint-mig:9100", "node": "checkpoint-mig"}
WHISPER = {"uuid": "MIG-00ab1e47-a7ad-54a1-b56a-fc693e3e4f9d", "namespace": "team-b", "pod": "whisper-6c7d8f5b9-q8m2s"}
VLLM = {
    "gpu": "2", "uuid": "GPU-12db82c2-b373-2ae0-8ebf-44b5dc58ac3a", "namespace": "inference", "pod": "vllm-llama3-8b-7d9c5b6f4-x2kqp",
    "pod_uid": "59cc78f6-5001-40fb-a21a-7c9047efa4d2",
}
EARLIER = {"namespace": "earlier-pods", "pod": "earlier-0", "pod_uid": "earlier-uid"}
PROCESS = {"gpu": "2", "pid": "39870", "command": "VLLM::EngineCore"}


def rules(waiting=False):
    """The chart's rules, of which every alert fires at once unless it shall wait."""
    (rule,) = of_kind(render({"prometheusRule.enabled": True}), "PrometheusRule")
    left_out = () if waiting else ("for", "keep_firing_for")
    groups = rule["spec"]["groups"]
    return [{**group, "rules": [{key: it[key] for key in it if key not in left_out} for it in group["rules"]]} for group in groups]


def alerts():
    """The names of all alerts, those too that are off unless somebody wants them."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "chart/templates/rules").glob("*.tpl"))
    return set(re.findall(r"^- alert: (\w+)$", source, re.MULTILINE))


def line(family, value, *labels, **more):
    pairs = {name: text for group in (*labels, more) for name, text in group.items()}
    return f"{series(family, pairs)} {value}"


def beside():
    """
    A pod that did nothing for an hour; hours of a namespace and a user who held GPUs some minutes ago, as their series was then;
    and what newer drivers say.
    """
    then = int((time.time() - 150) * 1000)
    return [
        line("gpu:held_without_work:replicas", 1, NODE, VLLM),
        line("namespace:gpu_held:fraction", f"4 {then}", cluster="east", namespace="earlier"),
        line("namespace:gpu_idle:fraction", f"1 {then}", cluster="east", namespace="earlier"),
        line("gpu:held:fraction", f"0.5 {then}", NODE, EARLIER, gpu="6"),
        line("user:gpu_held:fraction", f"2 {then}", cluster="east", user="earlier"),
        line("gpu_recovery_action", 1, NODE, gpu="0", uuid="GPU-5768a634-3383-20e8-412d-e771aef8e36a", action="None"),
        line("gpu_recovery_action", 1, NODE, gpu="7", uuid="GPU-8de40c29-f37d-38ac-6ee7-d5cbb7e2f554", action="Drain and Reset"),
        line("gpu_clocks_idle", 1, NODE, gpu="7", uuid="GPU-8de40c29-f37d-38ac-6ee7-d5cbb7e2f554"),
        line("gpu_clocks_idle", 0, NODE, gpu="2", uuid=VLLM["uuid"]),
        line("gpu_session_collector_stage_success", 0, NODE, stage="mig"),
        line("instance:gpus_missing:count", 2, NODE),
        line("gpu_process_encoder_utilization", 12, NODE, PROCESS),
        line("gpu_process_decoder_utilization", 34, NODE, PROCESS),
        *(
            line(f"gpu_mig{kind}_utilization", 42, MIG_NODE, WHISPER, gpu="0_2_1", gpu_uuid="GPU-of-nobody", gpu_instance_id="2")
            for kind in ("_sm", "_memory_bandwidth")
        ),
    ]


def recorded_beside(stack, *_):
    """The job that scrapes these, for `clusters.three_nodes`."""
    page = stack.enter_context(static_page("\n".join(beside()) + "\n"))
    return job("beside", page, {}, honor_labels=True)


def wait(server, expression, seconds=60):
    """Until the expression finds something: rules take a while after the first scrape."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if server.query(expression):
            return
        time.sleep(0.5)
    raise RuntimeError(f"nothing within {seconds} s: {expression}")
