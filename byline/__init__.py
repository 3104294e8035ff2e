"""Byline's engine: Markdown files in, a news site out, on one path."""

import gc
import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from byline.extension import Byline, create_app

__all__ = ["Byline", "__version__", "create_app"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """The extension is loaded when somebody asks for it: a part of the engine can be used without all others."""
    if name in ("Byline", "create_app"):
        was_enabled = gc.isenabled()
        gc.disable()  # what is loaded stays: looking through it again and again is a tenth of the time
        try:
            return getattr(importlib.import_module("byline.extension"), name)
        finally:
            if was_enabled:
                gc.enable()
    raise AttributeError(f"module 'byline' has no attribute {name!r}")
