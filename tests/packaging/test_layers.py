"""Dependencies point one way, and importing is cheap."""

from __future__ import annotations

import subprocess
import sys

from tests.packaging.layers import check


def test_import_contracts_hold() -> None:
    """import-linter finds no import against the layers."""
    ran = check()
    assert ran.returncode == 0, ran.stdout
    assert "1 kept, 0 broken" in ran.stdout


def test_instrumentors_import_no_provider_sdk() -> None:
    """Loading and switching on the instrumentors does not import the SDKs."""
    code = (
        "import sys\n"
        "from spanwise.instrument import AnthropicInstrumentor, OpenAIInstrumentor\n"
        "OpenAIInstrumentor().instrument(); AnthropicInstrumentor().instrument()\n"
        "names = ('openai', 'anthropic', 'httpx2', 'pydantic', 'duckdb', 'grpc', 're2')\n"
        "print([m for m in names if m in sys.modules])\n"
        "import openai\n"
        "print(hasattr(openai._base_client.SyncAPIClient.request, '_spanwise_tap'))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines() == ["[]", "True"], ran.stderr
