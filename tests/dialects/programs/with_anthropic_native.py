"""The Anthropic SDK's own tracing."""

import calls
import recorder


recorder.provider()
calls.anthropic_calls()
recorder.write()
