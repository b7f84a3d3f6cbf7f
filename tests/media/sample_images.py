"""Images for tests: valid ones, and files made to do harm."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

SCRIPT = b"<script>alert(document.domain)</script>"


def bytes_of(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """`picture` as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def photograph(width: int = 60, height: int = 40) -> Image.Image:
    """Thousands of colours, as a photograph has them: red to the right, green downwards."""
    picture = (
        Image.linear_gradient("L").resize((height, width)).transpose(Image.Transpose.ROTATE_90)
    )
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (picture, down, Image.new("L", (width, height), 90)))


def arrow() -> Image.Image:
    """White, with a red corner at the top left: it tells which way is up."""
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste("red", (0, 0, 20, 12))
    return picture


def jpeg(width: int = 60, height: int = 40, **options: Any) -> bytes:
    return bytes_of(photograph(width, height), "JPEG", **options)


def png(width: int = 60, height: int = 40, **options: Any) -> bytes:
    return bytes_of(photograph(width, height), "PNG", **options)


def webp(width: int = 60, height: int = 40, **options: Any) -> bytes:
    return bytes_of(photograph(width, height), "WEBP", **options)


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: which way is up, who made it, and where."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x013B] = "Nurse Example"
    gps = data.get_ifd(0x8825)
    gps[1], gps[2] = "N", (51.0, 30.0, 26.0)
    return data


def moving(kind: str) -> bytes:
    """Two frames: red, then blue."""
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    return bytes_of(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def wide_colours() -> bytes:
    """A colour profile under which the same numbers mean other colours (green and red are
    exchanged).
    """
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # The tags of the red and the green primary change places.
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def declared_png(width: int, height: int) -> bytes:
    """A tiny PNG that says it is this large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + _chunk(b"IEND", b"")
    )


def declared_jpeg(width: int, height: int) -> bytes:
    """A small JPEG that says it is this large."""
    data = bytearray(jpeg())
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def declared_webp(width: int, height: int) -> bytes:
    """A small WebP that says it is this large (three bytes each)."""
    body = b"\0" * 4 + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    chunk = b"VP8X" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'

NOT_PICTURES: dict[str, bytes] = {
    "svg": SVG,
    "svg with a declaration": b'<?xml version="1.0"?>' + SVG,
    "html": b"<!doctype html>" + SCRIPT,
    "text": b"Spots are common.",
    "gif": moving("GIF"),
    "gif with a script": b"GIF89a/*" + SCRIPT + b"*/=1;",
    "bmp": bytes_of(photograph(), "BMP"),
    "tiff": bytes_of(photograph(), "TIFF"),
    "avif": bytes_of(photograph(), "AVIF"),
    "pdf": b"%PDF-1.7\n1 0 obj\n",
    "zip": b"PK\x03\x04" + b"\0" * 60,
    "sound in the same container": b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40,
    "beginning of a jpeg alone": b"\xff\xd8\xff",
    "beginning of a png alone": b"\x89PNG\r\n\x1a\n",
    "beginning of a webp alone": b"RIFF\x24\0\0\0WEBPVP8 ",
    "html after the first bytes of a png": b"\x89PNG\r\n\x1a\n" + SCRIPT * 9,
    "html after the first bytes of a jpeg": b"\xff\xd8\xff\xe0" + SCRIPT * 9,
    "nulls": b"\0" * 5000,
}

BROKEN: dict[str, bytes] = {
    **{
        f"half a {kind}": data[: len(data) // 2]
        for kind, data in (("png", png()), ("webp", webp()))
    },
    "half a jpeg": jpeg(600, 400)[:4000],
    "png with a damaged middle": png()[:60] + b"\xff" * 60 + png()[120:],
    "png of no size": declared_png(0, 0),
    "png without the pixels it declares": declared_png(2000, 2000),
    "jpeg with a thousand passes": jpeg()[:-2]
    + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" * 1000
    + b"\xff\xd9",
}

TOO_MANY_PIXELS: dict[str, bytes] = {
    "png": declared_png(60_000, 60_000),
    "png of the largest numbers": declared_png(2**31 - 1, 2**31 - 1),
    "png just too large": declared_png(5001, 5000),
    "jpeg": declared_jpeg(65_000, 65_000),
    "webp": declared_webp(16_383, 16_383),
    "webp of the largest numbers": declared_webp(2**24, 2**24),
}
