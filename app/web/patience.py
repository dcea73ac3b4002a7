"""Requests that do not come to an end: whoever sends one byte at a time may hold a connection only so long.

The server itself waits without end for the rest of a head or of a body.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = 20.0
"""Seconds from the first byte, or from the connection where nothing comes at all, to the end of the head."""

BODY = 60.0
"""Seconds from the end of the head to the end of the body."""

LOOK_EVERY = 5.0


class PatientProtocol(HttpToolsProtocol):
    """Drops connections whose request takes too long. One look at all of them costs less than a timer for each."""

    head, body, look_every = HEAD, BODY, LOOK_EVERY

    _begun: float | None = None
    _patience = HEAD

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_at_most(self.head)
        _look_later(self)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait_for_at_most(self.head)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._wait_for_at_most(self.body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._begun = None

    def _wait_for_at_most(self, seconds: float) -> None:
        self._begun = self.loop.time()
        self._patience = seconds

    def drop_if_slow(self, at: float) -> None:
        """A server that is busy itself reads late; what it has not read yet is not the sender's fault."""
        if self._begun is None:
            return
        if self.flow.read_paused:
            self._begun = at
        elif at - self._begun > self._patience:
            self.transport.abort()


def _look_later(one: PatientProtocol) -> None:
    """Begin to look at the server's connections; the looking ends with the last of them."""
    state: Any = one.server_state
    if not getattr(state, "is_looked_after", False):
        state.is_looked_after = True
        one.loop.call_later(one.look_every, _look, one.loop, state, one.look_every)


def _look(loop: asyncio.AbstractEventLoop, state: Any, every: float) -> None:
    for one in list(state.connections):
        if isinstance(one, PatientProtocol):
            one.drop_if_slow(loop.time())
    state.is_looked_after = bool(state.connections)
    if state.connections:
        loop.call_later(every, _look, loop, state, every)
