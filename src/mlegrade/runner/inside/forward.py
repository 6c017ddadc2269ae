"""Lead ports of a container's own loopback to unix sockets; needs nothing but Python.

Runs inside the container, in whatever Python 3 there is: it imports nothing of mlegrade.
Usage: python3 forward.py PORT=SOCKET...
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time


def pump(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until their source ends."""
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def join(client: socket.socket, path: str) -> None:
    """Connect a client with a socket, until both sides have ended."""
    server = socket.socket(socket.AF_UNIX)
    try:
        server.connect(path)
        back = threading.Thread(target=pump, args=(server, client), daemon=True)
        back.start()
        pump(client, server)
        back.join()
    except OSError:
        pass
    finally:
        client.close()
        server.close()


def serve(listener: socket.socket, path: str) -> None:
    """Join each client of a port with a socket."""
    while True:
        try:
            client, _ = listener.accept()
            threading.Thread(target=join, args=(client, path), daemon=True).start()
        except (OSError, RuntimeError):
            # Too many files or threads: the agent's own, since all of this counts as the agent's.
            time.sleep(0.05)


def main(pairs: list[str]) -> None:
    """Open the ports, then go into the background."""
    listeners = []
    for pair in pairs:
        port, _, path = pair.partition("=")
        listener = socket.socket(socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", int(port)))
        listener.listen(64)
        listeners.append((listener, path))
    if os.fork():
        os._exit(0)
    # An agent that is told to end may still want to validate.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    for listener, path in listeners[1:]:
        threading.Thread(target=serve, args=(listener, path), daemon=True).start()
    serve(*listeners[0])


if __name__ == "__main__":
    main(sys.argv[1:])
