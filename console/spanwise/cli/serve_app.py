"""`spanwise serve`: the collector with the store, for every program of this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from spanwise.cli.option import StorePath


Port = Annotated[int, typer.Option("--http-port", min=0, max=65_535, help="Port of OTLP/HTTP; 0 takes a free one.")]
GrpcPort = Annotated[int, typer.Option("--grpc-port", min=0, max=65_535, help="Port of OTLP/gRPC; 0 takes a free one.")]


def serve(*, http_port: Port = 4318, grpc_port: GrpcPort = 4317, store: StorePath = None) -> None:
    """Record what programs of this machine send by OTLP, and watch alerts, until Ctrl-C or SIGTERM."""
    from spanwise.cli.serve_command import ServeOptions
    from spanwise.cli.serve_command import serve as serve_until_stopped

    raise typer.Exit(serve_until_stopped(ServeOptions(store, http_port, grpc_port)))
