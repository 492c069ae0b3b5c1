"""OpenLIT on the openai SDK."""

import calls
import openlit
import recorder


recorder.provider()
openlit.init(application_name="dialect", disable_batch=True, disable_metrics=True)
calls.openai_calls()
recorder.write()
