"""The provider that a host belongs to."""

from __future__ import annotations

import pytest

from spanwise.instrument.core.provider import provider_of


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("bedrock-runtime.us-east-1.amazonaws.com", "aws.bedrock"),
        ("bedrock-runtime-fips.us-gov-west-1.amazonaws.com", "aws.bedrock"),
        ("bedrock-agent-runtime.eu-central-1.amazonaws.com", "aws.bedrock"),
        ("bedrock-runtime.cn-north-1.amazonaws.com.cn", "aws.bedrock"),
        ("bedrock-mantle.us-west-2.api.aws", "aws.bedrock"),
        ("vpce-0a-1b.bedrock-runtime.us-east-1.vpce.amazonaws.com", "aws.bedrock"),
        ("aiplatform.googleapis.com", "gcp.vertex_ai"),
        ("us-central1-aiplatform.googleapis.com", "gcp.vertex_ai"),
        ("europe-west4-aiplatform.googleapis.com", "gcp.vertex_ai"),
        ("aiplatform.eu.rep.googleapis.com", "gcp.vertex_ai"),
        ("generativelanguage.googleapis.com", "gcp.gemini"),
    ],
)
def test_known_host(host: str, provider: str) -> None:
    """The hosts of a region are the provider's, as its one global host is."""
    assert provider_of(host, "unknown") == provider


@pytest.mark.parametrize(
    "host",
    [
        "abc123.execute-api.eu-west-1.amazonaws.com",
        "bedrock-proxy.s3.amazonaws.com",
        "bedrock-proxy.s3.eu-west-1.amazonaws.com",
        "bedrock.my-balancer-1.eu-west-1.elb.amazonaws.com",
        "amazonaws.com",
        "bedrock-runtime.us-east-1.amazonaws.com.example.com",
        "bedrock-runtime.us-east-1.amazonaws.com\n",
        "storage.googleapis.com",
        "aiplatform.googleapis.com.example.com",
    ],
)
def test_host_of_somebody_else(host: str) -> None:
    """What else is hosted on a cloud's domain is its customers': the SDK's own flavour is what is said of it."""
    assert provider_of(host, "unknown") == "unknown"
