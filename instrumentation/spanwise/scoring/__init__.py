"""Scores that an application gives to its calls, and tokens with which its pages give them."""

from spanwise.scoring.score import score
from spanwise.scoring.token import feedback_token


__all__ = ["feedback_token", "score"]
