"""``python -m app`` and the ``casehead`` command."""

from __future__ import annotations

from app.cli.root import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
