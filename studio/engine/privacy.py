"""What a library would tell its makers about this machine, it does not."""

import os


def silence_telemetry() -> None:
    """Keep ONNX Runtime from reporting its use over the network; to be called before it is loaded in a process.

    Its packages do so since 1.31, on Linux too. The switch that it has in Python comes too late: loading it reports.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
