"""A certificate of localhost with its key, made by openssl for the tests over TLS."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def make_certificate(folder: Path) -> Path:
    """Return a self-signed certificate of localhost with its key, in one file; skips the test without openssl."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    file = folder / "localhost.pem"
    key = file.with_suffix(".key")
    what = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    command = ["openssl", *what.split(), "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key)]
    subprocess.run([*command, "-out", str(file)], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file
