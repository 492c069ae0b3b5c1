"""The torture suite: what an instrumentation of model SDKs promises, tried on any of them.

`python -m tests.torture --suite official` runs small programs with the real SDKs against the emulator, in the suite's
own environment, and judges the spans it makes. `sdk/` holds one module of programs for each SDK, `case/` what is tried
with any of them, `child.py` runs in the suite's environment, everything else here.
"""
