"""Validation and re-encoding of uploaded images.

Only the content of a file counts, not its name or declared type. Nothing but the pixels is kept:
metadata may hold the place where a photograph was taken and the name of the camera's owner.
"""

from __future__ import annotations

import io
import secrets
import threading
import warnings
from dataclasses import dataclass

import PIL.ImageFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 25_000_000
# Larger than MAX_PIXELS, because a JPEG can be decoded at a fraction of its size.
MAX_JPEG_PIXELS = 50_000_000
# Real photographs have about ten; each costs a pass over the whole image.
MAX_JPEG_SCANS = 100
MAX_PAGE_SIZE = (1600, 4000)
EXTENSION = "webp"

_TRANSPOSE_FOR_ORIENTATION = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS_ORIENTATIONS = {5, 6, 7, 8}
_EXIF_ORIENTATION = 0x0112
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

# One large image at a time: eight at once would fill the memory of a small server.
_processing_lock = threading.Lock()


class InvalidImage(Exception):
    """A refused file. `str(error)` is one or two plain sentences for staff."""


class ImageTooLarge(InvalidImage):
    """A file of more than MAX_BYTES."""


@dataclass(frozen=True)
class ProcessedImage:
    """A re-encoded image: a random file name, WebP data, and its size in pixels."""

    name: str
    data: bytes
    width: int
    height: int


def process_upload(upload: bytes, *, max_size: tuple[int, int] = MAX_PAGE_SIZE) -> ProcessedImage:
    """Re-encode `upload` to fit `max_size` (width, height); it is never enlarged.

    Accepts JPEG, PNG and WebP; of an animation the first frame. Raises InvalidImage.
    """
    validate_size(len(upload))
    with _processing_lock, warnings.catch_warnings():
        # Pillow warns of oddities in files; those that matter raise InvalidImage.
        warnings.simplefilter("ignore")
        # Other libraries set this for the whole process, which would accept damaged files.
        setattr(PIL.ImageFile, "LOAD_TRUNCATED_IMAGES", False)  # noqa: B010  typed as always false
        picture = _open(upload)
        try:
            data, size = _encode_webp(_normalize(picture, max_size))
        except Exception as error:
            # Decoders raise nearly any exception for a damaged file.
            raise InvalidImage(_damaged_message()) from error
    return ProcessedImage(f"{secrets.token_hex(16)}.{EXTENSION}", data, *size)


def validate_size(size: int) -> None:
    """Raise InvalidImage for a file of `size` bytes, before it is read."""
    if size == 0:
        raise InvalidImage(_("This file is empty. Choose another one."))
    if size > MAX_BYTES:
        raise ImageTooLarge(
            _(
                "This file is larger than {limit} MB. Make the picture smaller, then choose it again."
            ).format(limit=MAX_BYTES // 1024 // 1024)
        )


def _damaged_message() -> str:
    return _(
        "This picture cannot be read: the file is damaged. Save it again as JPEG or PNG, then choose it."
    )


def _open(upload: bytes) -> ImageFile:
    """Read the header, without decoding pixels; raises InvalidImage."""
    reader = _decoder_for(upload)
    if reader is None:
        raise InvalidImage(
            _("This is not a JPEG, PNG or WebP picture. Save it as one of these first.")
        )
    try:
        picture = reader(io.BytesIO(upload))
    except Exception as error:
        raise InvalidImage(_damaged_message()) from error
    is_jpeg = reader is JpegImageFile
    pixels = picture.width * picture.height
    if pixels > (MAX_JPEG_PIXELS if is_jpeg else MAX_PIXELS):
        raise InvalidImage(
            _(
                "This picture is too large ({width} × {height} pixels). Make it 1600 pixels wide."
            ).format(width=picture.width, height=picture.height)
        )
    if is_jpeg and upload.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise InvalidImage(_damaged_message())
    return picture


def _decoder_for(upload: bytes) -> type[ImageFile] | None:
    """The decoder for the first bytes of a file; None for other types."""
    if upload.startswith(b"\xff\xd8\xff"):
        return JpegImageFile
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile
    if upload.startswith(b"RIFF") and upload[8:12] == b"WEBP":
        return WebPImageFile
    return None


def _normalize(picture: Image.Image, max_size: tuple[int, int]) -> Image.Image:
    """Rotate upright, convert to sRGB, and scale down to `max_size`."""
    profile = picture.info.get("icc_profile")
    orientation = picture.getexif().get(_EXIF_ORIENTATION)
    box = max_size[::-1] if orientation in _SIDEWAYS_ORIENTATIONS else max_size
    if not isinstance(picture, JpegImageFile):
        picture = _to_rgb(picture)
    picture.thumbnail(box, Image.Resampling.LANCZOS)
    picture = _to_rgb(_to_srgb(picture, profile))
    return (
        picture.transpose(_TRANSPOSE_FOR_ORIENTATION[orientation])
        if orientation in _TRANSPOSE_FOR_ORIENTATION
        else picture
    )


def _to_rgb(picture: Image.Image) -> Image.Image:
    """Convert to RGB, or RGBA if there is transparency."""
    if picture.mode in {"RGB", "RGBA"} and "transparency" not in picture.info:
        return picture
    if picture.mode.startswith("I"):
        # 16-bit grey: Pillow would clip values above 255 instead of scaling them.
        return picture.convert("I").point(lambda grey: grey / 257).convert("L").convert("RGB")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB: telephones use a wider gamut, and skin colors must not change."""
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK"}:
        return picture
    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, _SRGB, outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError):
        return picture


def _encode_webp(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """Encode without metadata, losslessly up to 256 colors; returns data and (width, height)."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    is_drawing = bare.getcolors(256) is not None
    file = io.BytesIO()
    bare.save(file, "WEBP", lossless=is_drawing, quality=80, method=4)
    return file.getvalue(), bare.size
