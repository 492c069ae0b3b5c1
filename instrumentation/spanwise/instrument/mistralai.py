"""Instrumentation of the `mistralai` SDK, 1.2 to 3."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class MistralAIInstrumentor(SdkInstrumentor):
    """Spans for all calls of a model but classifications and speech, in place of those that the SDK makes itself."""

    requirement = "mistralai >= 1.2, < 4"
    # The classes moved to `mistralai.client` with 2.0, the clients of Azure and Google Cloud have copies of their own.
    modules = (
        "mistralai.basesdk",
        "mistralai._hooks.sdkhooks",
        "mistralai._hooks.tracing",
        "mistralai_azure.basesdk",
        "mistralai_azure._hooks.sdkhooks",
        "mistralai_gcp.basesdk",
        "mistralai_gcp._hooks.sdkhooks",
        "mistralai.client.basesdk",
        "mistralai.client._hooks.sdkhooks",
        "mistralai.client._hooks.tracing",
        "mistralai.azure.client.basesdk",
        "mistralai.azure.client._hooks.sdkhooks",
        "mistralai.gcp.client.basesdk",
        "mistralai.gcp.client._hooks.sdkhooks",
    )
    tap = "spanwise.instrument.tap.mistralai"
    scope = "spanwise.instrument.mistralai"
