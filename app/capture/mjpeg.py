"""A stream of JPEG pictures over HTTP, read so that the newest picture is the next one decoded.

A thread empties the connection all the time; what comes while a picture is being decoded replaces
what waited. So a slow machine shows fewer pictures but never older ones.
"""

from __future__ import annotations

import base64
import http.client
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition, Thread
from urllib.parse import unquote, urlsplit

import numpy as np

from app.capture.frame import Pixels
from app.capture.opencv import cv2

LARGEST = 64 * 1024 * 1024
"""Bytes of one picture at most; more is no picture."""
_LINE = 4096
_CHUNK = 64 * 1024


class NotMjpegError(Exception):
    """What answers is no such stream."""


class BrokenOffError(Exception):
    """Nothing more comes."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One JPEG as it came; ``came_at`` is the monotonic clock when its last byte was there."""

    data: bytes
    came_at: float
    headers: Mapping[str, str] = field(default_factory=dict)


class MjpegReader:
    """One connection. ``next`` may be ended from another thread by ``interrupt``.

    Raises NotMjpegError when the address answers something else, BrokenOffError when nothing does.
    ``timeout`` is the silence, in seconds, that counts as broken off.
    """

    def __init__(self, address: str, *, connect_s: float, timeout: float) -> None:
        self._changed = Condition()
        self._newest: Part | None = None
        self._error: Exception | None = None
        self._timeout = timeout
        self._connection = _connection(address, connect_s)
        try:
            self._response = self._asked(address)
            self._boundary = _boundary_of(self._response)
        except BaseException:
            self._connection.close()
            raise
        # the response owns the socket once the server says that it closes the connection
        self._socket = _socket_of(self._response) or self._connection.sock
        if self._socket is not None:
            self._socket.settimeout(timeout)
        self._thread = Thread(target=self._receive, name="stream", daemon=True)
        self._thread.start()

    def next(self) -> Part:
        """The newest picture not given yet, as soon as there is one."""
        with self._changed:
            self._changed.wait_for(lambda: self._newest or self._error, self._timeout + 1)
            part, self._newest = self._newest, None
            if part is not None:
                return part
            raise BrokenOffError(str(self._error or "silence")) from self._error

    def interrupt(self) -> None:
        """Make ``next`` raise now; safe from any thread."""
        self._fail(BrokenOffError("closed"))
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up."""
        self.interrupt()
        self._thread.join(self._timeout + 1)
        self._response.close()
        self._connection.close()

    def _asked(self, address: str) -> http.client.HTTPResponse:
        parts = urlsplit(address)
        path = parts.path or "/"
        try:
            self._connection.request(
                "GET", f"{path}?{parts.query}" if parts.query else path, headers=_rights(address)
            )
            return self._connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise BrokenOffError(str(error)) from error

    def _receive(self) -> None:
        try:
            while True:
                part = _read_part(self._response, self._boundary)
                with self._changed:
                    if self._error is not None:
                        return
                    self._newest = part
                    self._changed.notify_all()
        except Exception as error:  # whatever a broken connection makes of its reader
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        with self._changed:
            self._error = self._error or error
            self._changed.notify_all()


def decoded(data: bytes) -> Pixels | None:
    """A JPEG as uint8 rows x columns, x 3 (RGB) where it has colours; None for a damaged one."""
    channels = _channels(data)
    if channels not in (1, 3) or b"\xff\xd9" not in data[-64:]:
        return None
    colours = cv2.IMREAD_GRAYSCALE if channels == 1 else cv2.IMREAD_COLOR_RGB
    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), colours | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        return None
    return None if found is None else np.asarray(found, np.uint8)


def _channels(data: bytes) -> int:
    """How many colours the frame header (SOF) of a JPEG names; 0 where there is none."""
    at = 2 if data[:2] == b"\xff\xd8" else len(data)
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return data[at + 9]
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0


def _connection(address: str, timeout: float) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        return kind(parts.hostname or "", parts.port, timeout=timeout)
    except (ValueError, http.client.HTTPException) as error:
        raise NotMjpegError(str(error)) from error


def _rights(address: str) -> dict[str, str]:
    """User and password of the address, as HTTP wants them."""
    parts = urlsplit(address)
    if parts.username is None:
        return {}
    told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": "Basic " + base64.b64encode(told.encode()).decode()}


def _boundary_of(response: http.client.HTTPResponse) -> bytes:
    kind = response.headers.get_content_type()
    if response.status != 200 or not kind.startswith("multipart/"):
        raise NotMjpegError(f"{response.status} {kind}")
    told = str(response.headers.get_param("boundary") or "").strip('"')
    return told.removeprefix("--").encode("latin-1")


def _socket_of(response: http.client.HTTPResponse) -> socket.socket | None:
    raw = getattr(response.fp, "raw", None)
    found = getattr(raw, "_sock", None)
    return found if isinstance(found, socket.socket) else None


def _read_part(response: http.client.HTTPResponse, boundary: bytes) -> Part:
    """The next part of a multipart stream, by its length or up to the next boundary."""
    headers = _read_headers(response)
    length = headers.get("content-length", "")
    data = (
        _exactly(response, int(length))
        if length.isdecimal() and 0 < int(length) <= LARGEST
        else _until(response, b"\r\n--" + boundary)
    )
    return Part(data, time.monotonic(), headers)


def _read_headers(response: http.client.HTTPResponse) -> dict[str, str]:
    headers: dict[str, str] = {}
    while True:
        line = response.readline(_LINE)
        if not line:
            raise BrokenOffError("the stream ended")
        text = line.strip()
        name, colon, value = text.partition(b":")
        if colon and not text.startswith(b"--"):
            headers[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
        if not text and headers:
            return headers


def _exactly(response: http.client.HTTPResponse, length: int) -> bytes:
    data = bytearray(length)
    view, got = memoryview(data), 0
    while got < length:
        came = response.readinto(view[got:])
        if not came:
            raise BrokenOffError("the stream ended within a picture")
        got += came
    return bytes(data)


def _until(response: http.client.HTTPResponse, end: bytes) -> bytes:
    """Line by line, as ``readline`` alone leaves what follows the boundary unread."""
    lines: list[bytes] = []
    size = 0
    while True:
        line = response.readline(_CHUNK)
        if not line or size > LARGEST:
            raise BrokenOffError("the stream ended within a picture")
        if line.startswith(end[2:]) and lines and lines[-1].endswith(b"\n"):
            return b"".join(lines).removesuffix(b"\r\n")
        lines.append(line)
        size += len(line)
