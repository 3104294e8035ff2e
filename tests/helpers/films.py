"""Films of a few bytes: their headers say how large they are, and there is nothing to see."""

import struct


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", 8 + len(data)) + kind + data


def mp4(width: int, height: int, *, turned: bool = False, version: int = 0) -> bytes:
    """A sound track, which has no size, and a film."""
    upright, quarter = (
        (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000),
        (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000),
    )
    times = bytes(20 if version == 0 else 32)

    def track(width: int, height: int) -> bytes:
        matrix = struct.pack(">9i", *(quarter if turned else upright))
        size = struct.pack(">2I", width << 16, height << 16)
        return _box(b"trak", _box(b"tkhd", bytes([version, 0, 0, 7]) + times + bytes(16) + matrix + size))

    return _box(b"ftyp", b"isom") + _box(b"moov", track(0, 0) + track(width, height))


def webm(width: int, height: int) -> bytes:
    size = b"\xb0\x82" + struct.pack(">H", width) + b"\xba\x82" + struct.pack(">H", height)
    return b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff\x16\x54\xae\x6b\x8e\xae\x8c\xe0\x88" + size
