"""What the engines themselves say of a configuration file."""

from spanwise.deploy.check.checker import check_file, files_of
from spanwise.deploy.check.finding import Finding, Report
from spanwise.deploy.check.kind import Kind
from spanwise.deploy.check.tool import TOOLS, Tool


__all__ = ["TOOLS", "Finding", "Kind", "Report", "Tool", "check_file", "files_of"]
