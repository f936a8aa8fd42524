"""Which devices there are to run on."""

import dataclasses

import smi_answers

SMALL_QUERY = ["--query-gpu=index,uuid,mig.mode.current", "--format=csv"]


@dataclasses.dataclass(frozen=True)
class Machine:
    """{label: UUID} of all that a process can be on, and of the MIG instances {label: (UUID, UUID of the GPU, profile)}."""

    devices: dict
    instances: dict
    why_not: str = "there is no device that a process could run on"

    @classmethod
    def read(cls, recorder, program):
        first = recorder.run([program, "-L"])
        if first.status != 0:
            how = "did not answer" if first.status is None else f"ended with {first.status}: {(first.out or first.err).strip()[:200]}"
            return cls({}, {}, f"there is no GPU that nvidia-smi can read: nvidia-smi -L {how}")
        listed, table, query = first.out, *(recorder.run([program, *arguments]).out for arguments in ([], SMALL_QUERY))
        instances = smi_answers.instances(listed, table)
        recorder.say("Which machine is it?", cls.sentence(recorder, program))
        # A driver without MIG does not know the field, and its GPUs are in the list all the same.
        mig = {row["uuid"] for row in smi_answers.rows(query) if row.get("mig.mode.current") == "Enabled"}
        gpus = dict(match.groups() for match in map(smi_answers.LIST_GPU.match, listed.splitlines()) if match)
        whole = {index: uuid for index, uuid in gpus.items() if uuid not in mig}
        return cls(whole | {label: uuid for label, (uuid, _, _) in instances.items()}, instances)

    @staticmethod
    def sentence(recorder, program):
        """Driver and GPUs."""
        said = recorder.run([program, "--query-gpu=index,name,driver_version,mig.mode.current,persistence_mode", "--format=csv,noheader"])
        return said.out.strip().replace("\n", "; ") or said.err.strip()

    @property
    def uuids(self):
        return list(self.devices.values())
