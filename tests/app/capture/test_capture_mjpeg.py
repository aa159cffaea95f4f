"""Our reader of JPEG streams: newest first, whatever the server's manners; damage is told."""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import cv2
import numpy as np
import pytest

from app.capture import SourceLost, StreamSource
from app.capture.mjpeg import BrokenOffError, MjpegReader, NotMjpegError, decoded
from tests.app.capture.capture_parts import until
from tests.mjpeg import MjpegServer

GREY = np.tile(np.arange(0, 250, 2, dtype=np.uint8), (100, 1))


def jpeg(picture: np.ndarray) -> bytes:
    done, data = cv2.imencode(".jpg", picture)
    assert done
    return data.tobytes()


class Served:
    """What the server is to send, and what it was asked."""

    def __init__(self, kind: str, body: bytes, status: int = 200) -> None:
        self.kind, self.body, self.status = kind, body, status
        self.asked: dict[str, str] = {}
        self.address = ""
        self.over = Event()


@contextmanager
def serving(kind: str, body: bytes, status: int = 200) -> Iterator[Served]:
    """A server that sends this once and then stays silent until the end."""
    served = Served(kind, body, status)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked = dict(self.headers) | {"path": self.path}
            self.send_response(served.status)
            self.send_header("Content-Type", served.kind)
            self.end_headers()
            self.wfile.write(served.body)
            self.wfile.flush()
            served.over.wait(20)

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_address[1]}/video?x=1"
    try:
        yield served
    finally:
        served.over.set()
        server.shutdown()
        server.server_close()
        thread.join(30)


def read_all(served: Served, count: int) -> list[bytes]:
    reader = MjpegReader(served.address, connect_s=30, timeout=30)
    try:
        return [reader.next().data for _ in range(count)]
    finally:
        reader.close()


def part(data: bytes, *lines: str, boundary: str = "--b") -> bytes:
    head = "\r\n".join((boundary, "Content-Type: image/jpeg", *lines, "", ""))
    return head.encode() + data + b"\r\n"


def test_a_part_without_its_length_ends_at_the_boundary() -> None:
    picture = jpeg(GREY)
    body = part(picture) + b"--b\r\n"
    with serving("multipart/x-mixed-replace;boundary=b", body) as served:
        assert read_all(served, 1) == [picture]


@pytest.mark.parametrize("told", ["b", "--b", '"b"'])
def test_the_boundary_is_found_however_it_is_told(told: str) -> None:
    picture = jpeg(GREY)
    body = part(picture) + b"--b\r\n"
    with serving(f"multipart/x-mixed-replace; boundary={told}", body) as served:
        assert read_all(served, 1) == [picture]


def test_a_part_with_its_length_and_the_cameras_time() -> None:
    picture = jpeg(GREY)
    body = part(picture, f"Content-Length: {len(picture)}", "X-Timestamp: 12.5")
    with serving("multipart/x-mixed-replace;boundary=b", body) as served:
        source = StreamSource(served.address)
        source.open()
        frame = source.read()
        source.close()
    assert frame.settings["camera_time"] == "12.5"
    assert frame.pixels.shape == GREY.shape
    assert served.asked["path"] == "/video?x=1"


def test_user_and_password_of_the_address_are_sent() -> None:
    picture = jpeg(GREY)
    with serving("multipart/x-mixed-replace;boundary=b", part(picture) + b"--b\r\n") as served:
        served.address = served.address.replace("//", "//anna:p%40ss@")
        read_all(served, 1)
    told = served.asked["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(told) == b"anna:p@ss"


@pytest.mark.parametrize(
    ("kind", "status"), [("text/html", 200), ("multipart/x-mixed-replace;boundary=b", 404)]
)
def test_what_is_no_stream_is_told_apart(kind: str, status: int) -> None:
    with serving(kind, b"hello", status) as served, pytest.raises(NotMjpegError):
        MjpegReader(served.address, connect_s=30, timeout=30)


def test_only_the_newest_picture_waits() -> None:
    pictures = [np.full((40, 40), value, np.uint8) for value in (10, 90, 170, 250)]
    body = b"".join(part(jpeg(p), f"Content-Length: {len(jpeg(p))}") for p in pictures)
    with serving("multipart/x-mixed-replace;boundary=b", body) as served:
        reader = MjpegReader(served.address, connect_s=30, timeout=30)
        newest = jpeg(pictures[-1])
        assert until(lambda: reader._newest is not None and reader._newest.data == newest)
        assert reader.next().data == newest
        reader.close()


def test_a_waiting_read_is_ended_from_outside() -> None:
    with MjpegServer([GREY], rate=50) as server:
        source = StreamSource(server.address)
        source.open()
        source.read()
        server.hold()
        ended: list[Exception] = []

        def wait() -> None:
            try:
                for _ in range(100):
                    source.read()
            except SourceLost as lost:
                ended.append(lost)

        thread = Thread(target=wait)
        thread.start()
        source.interrupt()
        thread.join(30)
        assert ended and not thread.is_alive()
        source.close()


def test_a_server_that_hangs_up_within_a_picture_is_a_loss() -> None:
    with serving(
        "multipart/x-mixed-replace;boundary=b", part(b"x" * 10, "Content-Length: 99")
    ) as s:
        reader = MjpegReader(s.address, connect_s=30, timeout=30)
        s.over.set()
        with pytest.raises(BrokenOffError):
            reader.next()
        reader.close()


def test_pictures_that_cannot_be_decoded_end_in_a_sentence() -> None:
    broken = jpeg(GREY)[:-200]
    body = part(broken, f"Content-Length: {len(broken)}")
    with serving("multipart/x-mixed-replace;boundary=b", body) as served:
        source = StreamSource(served.address)
        source.open()
        reader = source._reader
        assert reader is not None
        given = reader.next()
        reader.next = lambda: given  # type: ignore[method-assign]
        with pytest.raises(SourceLost, match="no picture that can be shown, or damaged"):
            source.read()
        source.close()


@pytest.mark.parametrize(
    "spoil",
    [lambda d: b"", lambda d: d[: len(d) // 2], lambda d: b"\xff\xd8" + bytes(400) + b"\xff\xd9"],
)
def test_a_damaged_picture_is_never_shown(spoil: Callable[[bytes], bytes]) -> None:
    assert decoded(spoil(jpeg(GREY))) is None


def test_grey_stays_grey_and_colours_are_true() -> None:
    grey = decoded(jpeg(GREY))
    assert grey is not None and grey.shape == GREY.shape
    blue_first = np.zeros((40, 40, 3), np.uint8)
    blue_first[..., 0] = 200
    shown = decoded(jpeg(blue_first))
    assert shown is not None and shown[..., 2].mean() > 180 and shown[..., 0].mean() < 20


def test_a_port_that_is_taken_by_nobody_is_broken_off() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(BrokenOffError):
            MjpegReader(address, connect_s=2, timeout=2)
