"""One run of the executable that is checked."""

import os
import pathlib
import tempfile

import exposition

RUN_SECONDS = 60


class Collector:
    """The executable and the nvidia-smi that it is to ask."""

    def __init__(self, executable, program):
        self.executable, self.program = executable, program

    def command(self, output, more=()):
        return [self.executable, "--nvidia-smi", self.program, "--output", output, *more]

    def run(self, recorder, more=(), variables=(), output=True):
        """(Answer, samples) of one run; the published file is among the results."""
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory, "gpu_sessions.prom")
            answer = recorder.run(self.command(path, more), RUN_SECONDS, variables=variables)
            contents = path.read_bytes() if os.path.exists(path) else b""
        if output:
            recorder.write({"published": contents.decode(errors="surrogateescape")})
        return answer, exposition.parse(contents)
