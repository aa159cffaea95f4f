"""A camera at an address: a real MJPEG stream on loopback, which can be cut off and come back."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from types import TracebackType

import cv2
import numpy as np
from numpy.typing import NDArray

BOUNDARY = "frame"


class MjpegServer:
    """Serves ``frames`` (uint8, grey or RGB) over and over, ``rate`` a second, at ``.address``.

    ``drop()`` cuts all connections and refuses new ones until ``resume()``; ``hold()`` keeps
    the connections but sends nothing until ``resume()``. More than ``most`` at a time are refused.
    """

    def __init__(
        self,
        frames: Sequence[NDArray[np.uint8]],
        rate: float = 25.0,
        quality: int = 95,
        most: int = 99,
    ) -> None:
        self._most = most
        self._quality = quality
        self._parts = [_part(frame, quality) for frame in frames]
        self._rate = rate
        self._ended = Event()
        self._flow = Event()
        self._flow.set()
        self._refusing = Event()
        self._changed = Condition()
        self._connections: set[socket.socket] = set()
        self.opened = 0
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        """Where the stream is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/stream.mjpg"

    def __enter__(self) -> MjpegServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self.drop()
        self._flow.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(30)

    def show(self, *frames: NDArray[np.uint8]) -> None:
        """Another specimen lies under the microscope."""
        self._parts = [_part(frame, self._quality) for frame in frames]

    def show_bytes(self, body: bytes) -> None:
        """Send this as every picture, whatever it is."""
        self._parts = [body]

    def drop(self) -> None:
        """Cut every connection and answer new ones with 503."""
        self._refusing.set()
        with self._changed:
            for connection in self._connections:
                _cut(connection)

    def hold(self) -> None:
        """Go silent without hanging up."""
        self._flow.clear()

    def resume(self) -> None:
        """Serve again."""
        self._refusing.clear()
        self._flow.set()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if camera._refusing.is_set() or len(camera._connections) >= camera._most:
                    self.send_error(503)
                    return
                self.send_response(200)
                kind = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
                self.send_header("Content-Type", kind)
                self.end_headers()
                camera._serve(self.connection)
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._changed:
            self._connections.add(connection)
            self.opened += 1
            self._changed.notify_all()
        number, due = 0, time.monotonic()
        with suppress(OSError):
            while not self._ended.wait(max(due - time.monotonic(), 0)):
                if self._refusing.is_set():
                    break
                self._flow.wait()
                late = max(time.monotonic() - due, 0.0)  # a camera's clock goes on: none is made up
                due += (int(late * self._rate) + 1) / self._rate
                body = self._parts[number % len(self._parts)]
                connection.sendall(_head(body) + body + b"\r\n")
                number += 1
        with self._changed:
            self._connections.discard(connection)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error here."""


def _part(frame: NDArray[np.uint8], quality: int) -> bytes:
    picture = cv2.cvtColor(frame, cv2.COLOR_RGB2BGR) if frame.ndim == 3 else frame
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return bytes(data.tobytes())


def _head(body: bytes) -> bytes:
    """The time of sending, on this machine's monotonic clock, is what a camera would tell."""
    head = (
        f"--{BOUNDARY}",
        "Content-Type: image/jpeg",
        f"Content-Length: {len(body)}",
        f"X-Timestamp: {time.monotonic():.6f}",
    )
    return "\r\n".join((*head, "", "")).encode()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
