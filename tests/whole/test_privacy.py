"""Nothing is told to anybody: the built-in voice and ears work without a word to the network."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

LISTENS_S = 13  # ONNX Runtime first reports eight seconds after it is loaded, where it is let

WORK = """
import sys, time
from pathlib import Path
import numpy as np
from studio.audio.encode import FlacWriter
from studio.quality.ears import hear
from studio.voices.builtin_worker import RATE_HZ, load
sound = load("heart")("Nobody is told of this.", seed=0)
path = Path(sys.argv[1])
with FlacWriter(path, RATE_HZ) as flac:
    flac.write(sound)
assert hear(lambda fraction: None, path, "tiny.en", len(sound) / RATE_HZ)
time.sleep(float(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.model
def test_voice_and_ears_ask_nobody_on_the_network(tmp_path: Path) -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def listen() -> None:
            while True:
                try:
                    caller, _ = proxy.accept()
                except OSError:
                    return
                with caller:
                    asked.append(caller.recv(200))

        threading.Thread(target=listen, daemon=True).start()
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), address)
        environment = {**os.environ, **proxies}
        environment.pop("ORT_DISABLE_TELEMETRY", None)
        arguments = [sys.executable, "-c", WORK, str(tmp_path / "sound.flac"), str(LISTENS_S)]
        subprocess.run(arguments, env=environment, check=True, timeout=120)
        proxy.shutdown(socket.SHUT_RDWR)
    assert asked == []
