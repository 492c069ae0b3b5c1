"""Event names.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from typing import Final


GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS: Final = "gen_ai.client.inference.operation.details"
"""Content and attributes of one inference as a log record."""
