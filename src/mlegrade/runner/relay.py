"""Ways out of a container without network: a port of its loopback that leads to one address.

An agent needs its model, and nothing else of the network. The runner listens on a unix socket in
the folder that a container sees, and passes bytes on to one host and port; inside, the same
forwarder that serves the validation server leads a port of the loopback to that socket.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from typing import TYPE_CHECKING

from mlegrade.errors import SetupError
from mlegrade.runner.inside.forward import pump
from mlegrade.runner.serving import listen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["parse_forward", "relay", "socket_name"]

_FORWARD = re.compile(r"(\d{1,5})=(?:\[([0-9a-fA-F:]+)\]|([^:\s\[\]]+)):(\d{1,5})")
_TIMEOUT = 30
_PORTS = range(1, 65536)


def parse_forward(text: str) -> tuple[int, str]:
    """Return port and address of ``PORT=HOST:PORT``.

    Raises
    ------
    ValueError
        If the text is something else.
    """
    match = _FORWARD.fullmatch(text.strip())
    if match is None or int(match[1]) not in _PORTS or int(match[4]) not in _PORTS:
        raise ValueError(f"{text!r} is no forwarding; write 4000=HOST:PORT.")
    return int(match[1]), f"{match[2] or match[3]}:{match[4]}"


def socket_name(port: int) -> str:
    """Return the name of the socket that a port inside leads to."""
    return f"forward-{port}.sock"


@contextlib.contextmanager
def relay(control: Path, forward: Mapping[int, str]) -> Iterator[None]:
    """Pass connections on while the context lasts.

    Parameters
    ----------
    control : Path
        The folder for the sockets.
    forward : mapping
        Ports inside, and the addresses that they lead to.
    """
    with contextlib.ExitStack() as stack:
        for port, address in forward.items():
            try:
                listener = stack.enter_context(listen(control / socket_name(port)))
            except OSError as error:
                raise SetupError(f"no socket can be made in {control}: {error}") from error
            # A listener that is shut down no longer accepts: its thread ends.
            stack.callback(_hang_up, listener)
            host, _, number = address.rpartition(":")
            target = (host, int(number))
            threading.Thread(target=_accept, args=(listener, target), daemon=True).start()
        yield


def _hang_up(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, target: tuple[str, int]) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_join, args=(client, target), daemon=True).start()


def _join(client: socket.socket, target: tuple[str, int]) -> None:
    """Connect a client with the address, until both sides have ended."""
    with client:
        try:
            server = socket.create_connection(target, timeout=_TIMEOUT)
        except OSError:
            return
        with server:
            server.settimeout(None)
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join()
