"""Uploads to the validation server: no larger than they may be, and refused so that it is heard."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Message, Receive, Scope, Send

__all__ = ["Body", "Refusal", "Refused", "read_file"]

_ROOM = 1 << 16  # what a form needs besides the file
_UPLOAD_SECONDS = 120
# Whoever is refused may go on sending, what is thrown away: so long, and so many times a file.
_LINGER_SECONDS = 30
_LINGER_FILES = 2


class Refusal(Exception):  # noqa: N818 an answer, not an error
    """The answer to a call that is not served.

    Parameters
    ----------
    status : int
        The status of HTTP.
    reason : str
        What the client is told.
    headers : dict of str, optional
        What else the answer says.
    """

    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.headers = {"Connection": "close", **(headers or {})}


class Body:
    """The body of a request, of which no more is read than a file may have, and a form around it.

    Parameters
    ----------
    receive : callable
        What ASGI gives to receive the request by.
    max_bytes : int
        The size that a file may have.
    """

    def __init__(self, receive: Receive, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._receive = receive
        self._left = max_bytes + _ROOM
        self._ended = False

    @property
    def too_large(self) -> Refusal:
        """The answer to more than may be sent."""
        return Refusal(413, f"The file is too large: {self.max_bytes:,} bytes are allowed.")

    def expect(self, length: int) -> None:
        """Refuse more than may be sent before it is."""
        if length > self._left:
            raise self.too_large

    async def receive(self) -> Message:
        """Return the next part; refuse more than may be sent while it is read."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        if self._left < 0:
            raise self.too_large
        return message

    async def drain(self) -> None:
        """Throw away what a client that has its answer still sends, within limits."""
        self._left = _LINGER_FILES * self.max_bytes
        with suppress(TimeoutError, Refusal):
            async with asyncio.timeout(_LINGER_SECONDS):
                while not self._ended:
                    await self.receive()


class Refused:
    """An answer that does not wait for the request's body, and does not lose its way.

    A connection that is closed with bytes unread is reset, and the client may see that instead of
    the answer. So it is answered at once, and hung up on when it has had its say.

    Parameters
    ----------
    answer : Response
        The answer, which asks to close the connection.
    body : Body
        What is still to come.
    """

    def __init__(self, answer: Response, body: Body) -> None:
        self._answer = answer
        self._body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, as an application of ASGI."""

        async def keep_open(message: Message) -> None:
            is_body = message["type"] == "http.response.body"
            await send({**message, "more_body": True} if is_body else message)

        await self._answer(scope, receive, keep_open)
        await self._body.drain()
        await send({"type": "http.response.body", "body": b""})


async def read_file(request: Request, body: Body) -> bytes:
    """Return the field ``file`` of a form; refuse too much of it before and while it is read.

    Raises
    ------
    Refusal
        If the file is too large, the form is broken or has no such field, or it takes too long.
    """
    from starlette.datastructures import UploadFile  # noqa: PLC0415 comes with the extra
    from starlette.exceptions import HTTPException  # noqa: PLC0415 comes with the extra
    from starlette.requests import ClientDisconnect, Request  # noqa: PLC0415 comes with the extra

    body.expect(int(request.headers.get("content-length", 0)))
    try:
        async with asyncio.timeout(_UPLOAD_SECONDS):
            form = await Request(request.scope, body.receive).form(max_files=1, max_fields=8)
            file = form.get("file")
            content = await file.read(body.max_bytes + 1) if isinstance(file, UploadFile) else None
            await form.close()
    except (HTTPException, ClientDisconnect) as error:
        raise Refusal(400, "The form cannot be read: send multipart/form-data.") from error
    except TimeoutError as error:
        raise Refusal(408, "The upload took too long.") from error
    if content is None:
        raise Refusal(400, "Send the file as the field 'file' of a form (multipart/form-data).")
    if len(content) > body.max_bytes:
        raise body.too_large
    return content
