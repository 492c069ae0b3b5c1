"""The stack on this machine without containers: the engines that are here, from freshly rendered files."""

from spanwise.deploy.stack.engine import ENGINES, Engine
from spanwise.deploy.stack.port import Ports
from spanwise.deploy.stack.stack import Stack, StackError


__all__ = ["ENGINES", "Engine", "Ports", "Stack", "StackError"]
