"""The acquire screen: the live picture and what is captured from it."""

from widgets.acquire.screen import AcquireScreen

__all__ = ["AcquireScreen"]
