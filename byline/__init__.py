"""Byline's engine: Markdown files in, a news site out, on one path."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from byline.extension import Byline, create_app

__all__ = ["Byline", "__version__", "create_app"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """The extension is loaded when somebody asks for it: a part of the engine can be used without all others."""
    if name in ("Byline", "create_app"):
        return getattr(importlib.import_module("byline.extension"), name)
    raise AttributeError(f"module 'byline' has no attribute {name!r}")
