"""Both ends of the supported releases of `boto3` and `aioboto3` pass the tests of the Bedrock instrumentor.

botocore wants python-dateutil before 3, and aioboto3 wants a botocore of its own: every run is an overlay, the newest
releases included.
"""

from __future__ import annotations

import pytest

from tests.versions.overlay import kept_overlay
from tests.versions.suite import suite


FOLDER = "tests/instrument/bedrock"
ASYNC = f"{FOLDER}/test_async_bedrock.py"
TORTURE = ("tests/torture/test_interference.py", "-k", "aioboto3")
# The first botocore whose Bedrock has Converse.
OLDEST = ("aioboto3==13.1.0", "boto3==1.34.116", "botocore==1.34.116")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("requirements", "tests", "least"),
    [
        pytest.param(("boto3==1.44.8",), (FOLDER,), 95, id="newest-boto3"),
        pytest.param(("aiobotocore==3.10.0",), (ASYNC,), 35, id="newest-aiobotocore"),
        pytest.param(("aioboto3==15.5.0",), (ASYNC,), 35, id="newest-aioboto3"),
        pytest.param(OLDEST, (FOLDER,), 115, id="oldest"),
        pytest.param(("aioboto3==15.5.0",), TORTURE, 10, id="newest-aioboto3-interference"),
        pytest.param(OLDEST, TORTURE, 10, id="oldest-aioboto3-interference"),
    ],
)
def test_supported_releases(requirements: tuple[str, ...], tests: tuple[str, ...], least: int) -> None:
    """The tests of the folder, those of coroutines, or those of non-interference pass with these releases."""
    ignored = f"--ignore={FOLDER}/test_codec_bedrock.py"
    assert suite(kept_overlay(*requirements), *tests, ignored).passed >= least
