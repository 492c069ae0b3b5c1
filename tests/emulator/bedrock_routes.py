"""The endpoints of Amazon Bedrock: models, agents and knowledge bases. Model ids come percent-encoded."""

from __future__ import annotations

import re
from typing import Final

from tests.emulator import bedrock_agent, bedrock_converse, bedrock_invoke
from tests.emulator.bedrock_error import BEDROCK_ERRORS
from tests.emulator.route import Route


_MODEL: Final = r"/model/(?P<model>[^/]+)"

ROUTES: Final = (
    Route(re.compile(f"{_MODEL}/converse"), bedrock_converse.reply, BEDROCK_ERRORS),
    Route(re.compile(f"{_MODEL}/converse-stream"), bedrock_converse.stream_reply, BEDROCK_ERRORS),
    Route(re.compile(f"{_MODEL}/invoke"), bedrock_invoke.reply, BEDROCK_ERRORS),
    Route(re.compile(f"{_MODEL}/invoke-with-response-stream"), bedrock_invoke.stream_reply, BEDROCK_ERRORS),
    Route(
        re.compile(r"/agents/(?P<agent>[^/]+)/agentAliases/(?P<alias>[^/]+)/sessions/(?P<session>[^/]+)/text"),
        bedrock_agent.agent_reply,
        BEDROCK_ERRORS,
    ),
    Route(re.compile(r"/agents/(?P<session>[^/]+)"), bedrock_agent.agent_reply, BEDROCK_ERRORS),
    Route(re.compile(r"/knowledgebases/(?P<base>[^/]+)/retrieve"), bedrock_agent.retrieve_reply, BEDROCK_ERRORS),
    Route(re.compile(r"/retrieveAndGenerate"), bedrock_agent.generate_reply, BEDROCK_ERRORS, ("input",)),
    Route(re.compile(r"/retrieveAndGenerateStream"), bedrock_agent.generate_stream_reply, BEDROCK_ERRORS, ("input",)),
    Route(re.compile(r"/rerank"), bedrock_agent.rerank_reply, BEDROCK_ERRORS, ("queries", "sources")),
)
