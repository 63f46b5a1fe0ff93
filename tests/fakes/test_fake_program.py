"""The fake as a program of its own, as tests of the command line use it."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.fakes.customer import FLASH, TEXT, VOICE

ROOT = Path(__file__).parent.parent.parent


def test_it_prints_its_address_serves_and_opens_its_books() -> None:
    command = [sys.executable, "-m", "tests.fakes.elevenlabs_server", "--time-scale", "0", "--key", "sk_mine"]
    command += ["--fault", "2:reset_after_read", "--credits", "5000", "--width", "4"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        base_url = process.stdout.readline().strip()
        headers = {"xi-api-key": "sk_mine"}
        with httpx.Client(base_url=base_url, headers=headers, timeout=20) as http:
            order = {"text": TEXT, "model_id": FLASH}
            answer = http.post(f"/v1/text-to-speech/{VOICE}", json=order)
            assert answer.headers["maximum-concurrent-requests"] == "4"
            with pytest.raises(httpx.ReadError):
                http.post(f"/v1/text-to-speech/{VOICE}", json=order)
            sample = http.get(http.get("/v1/voices").json()["voices"][0]["preview_url"])
            assert sample.headers["content-type"] == "audio/mpeg"
            assert http.get("/v1/user/subscription").json()["character_limit"] == 5000
            books = http.get("/-/ledger").json()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
    assert [asked["outcome"] for asked in books["asked"]] == ["ok", "reset_after_read"]
    assert books["charges"][0]["delivered"]
    assert books["charges"][0]["voice_id"] == VOICE
    assert TEXT not in str(books)
