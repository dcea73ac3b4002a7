"""A small HTTP/1.1 client for many simulated browsers in one process: one connection each, kept open."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

PATIENCE = 15.0  # seconds before a request counts as lost, as in the page's own script


class Offline(Exception):
    """No answer: nobody knows whether the request has arrived."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the server; the names of `headers` are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Browser:
    """One connection, one cookie jar. Requests wait for each other; use another browser to be in parallel."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.cookie = cookie
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def get(self, path: str) -> Reply:
        return await self._ask("GET", path, "text/html", "", b"")

    async def post_json(self, path: str, content: Any) -> Reply:
        return await self._ask(
            "POST", path, "application/json", "application/json", json.dumps(content).encode()
        )

    async def post_form(self, path: str, fields: dict[str, str]) -> Reply:
        form = urlencode(fields).encode()
        return await self._ask("POST", path, "text/html", "application/x-www-form-urlencoded", form)

    async def vanish(self, path: str, content: Any) -> None:
        """Send, and be gone before the answer."""
        request = self._request("POST", path, "text/html", "application/json", json.dumps(content).encode())
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(request)
            await writer.drain()
            writer.close()
        except OSError as error:
            raise Offline(str(error)) from error

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None

    def _request(self, method: str, path: str, accept: str, kind: str, body: bytes) -> bytes:
        host = f"127.0.0.1:{self.port}"
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {host}",
            f"Accept: {accept}",
            "Sec-Fetch-Site: same-origin",
        ]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if method == "POST":
            lines += [f"Origin: http://{host}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def _ask(self, method: str, path: str, accept: str, kind: str, body: bytes) -> Reply:
        request = self._request(method, path, accept, kind, body)
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await self._exchange(request)
            except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError) as error:
                self.close()
                raise Offline(str(error)) from error
            except BaseException:  # cancelled in the middle: what follows on this connection is not ours
                self.close()
                raise

    async def _exchange(self, request: bytes) -> Reply:
        if self._streams is None or self._streams[0].at_eof():
            self.close()
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        body = await _body(reader, headers)
        if headers.get("connection") == "close":
            self.close()
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].partition(";")[0]
        return Reply(int(head[0].split()[1]), headers, body)


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    whole = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        whole += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return whole
