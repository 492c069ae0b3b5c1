"""Instrumentation of Amazon Bedrock by `boto3` and `aioboto3`, that is by botocore 1.34.116 to 1 and aiobotocore."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class BedrockInstrumentor(SdkInstrumentor):
    """Spans for Converse, InvokeModel, agents and knowledge bases; other services of AWS are left alone."""

    requirement = "botocore >= 1.34.116, < 2"
    modules = ("botocore.client", "aiobotocore.client")
    tap = "spanwise.instrument.tap.bedrock"
    scope = "spanwise.instrument.bedrock"
