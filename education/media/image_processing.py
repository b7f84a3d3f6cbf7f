"""A picture that somebody sent, made anew: nothing of the file that came is kept but what it shows.

What a file is called or says it is counts for nothing; only its content does. All metadata go: a
photograph may hold the place where it was taken and the name of the camera's owner.
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
# A JPEG is read at a fraction of its size when it is larger than needed, as telephones make them.
MAX_JPEG_PIXELS = 50_000_000
# Real photographs have ten or so; each costs a pass over the whole picture.
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

# One large picture at a time: eight at once would fill the memory of a small server.
_processing_lock = threading.Lock()


class InvalidImage(Exception):
    """A file that is not taken in. `str(error)` is one or two plain sentences for the member of
    staff.
    """


class ImageTooLarge(InvalidImage):
    """A file of more bytes than are taken in."""


@dataclass(frozen=True)
class ProcessedImage:
    """A picture as it is kept: a name of ours, WebP of ours, and its size in pixels."""

    name: str
    data: bytes
    width: int
    height: int


def process_upload(upload: bytes, *, max_size: tuple[int, int] = MAX_PAGE_SIZE) -> ProcessedImage:
    """`upload` as a new picture that fits `max_size` (width and height); never made larger.

    Takes JPEG, PNG and WebP; of a moving picture the first frame. Raises InvalidImage.
    """
    validate_size(len(upload))
    with _processing_lock, warnings.catch_warnings():
        # The library warns of oddities in files; whoever sent the file hears of those that matter.
        warnings.simplefilter("ignore")
        # Other libraries ask for damaged files to be shown as far as they go, for the whole
        # process.
        setattr(PIL.ImageFile, "LOAD_TRUNCATED_IMAGES", False)  # noqa: B010  typed as always false
        picture = _open(upload)
        try:
            data, size = _encode_webp(_normalize(picture, max_size))
        except Exception as error:
            # Broken files make the decoders raise nearly anything; all of it means the same.
            raise InvalidImage(_damaged_message()) from error
    return ProcessedImage(f"{secrets.token_hex(16)}.{EXTENSION}", data, *size)


def validate_size(size: int) -> None:
    """Raises InvalidImage for a file of this many bytes, before anybody reads it."""
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
    """The picture with its header read and nothing decoded; raises InvalidImage for all we do not
    take.
    """
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
    """What reads such a file, by its first bytes alone."""
    if upload.startswith(b"\xff\xd8\xff"):
        return JpegImageFile
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile
    if upload.startswith(b"RIFF") and upload[8:12] == b"WEBP":
        return WebPImageFile
    return None


def _normalize(picture: Image.Image, max_size: tuple[int, int]) -> Image.Image:
    """What the picture shows: upright, in the colours of the web, small enough."""
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
    """Red, green and blue, with transparency if there is any."""
    if picture.mode in {"RGB", "RGBA"} and "transparency" not in picture.info:
        return picture
    if picture.mode.startswith("I"):
        # Sixteen bits of grey; the library would cut off all above 255 instead of scaling.
        return picture.convert("I").point(lambda grey: grey / 257).convert("L").convert("RGB")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in the web's own colours: telephones use wider ones, and red must stay as red."""
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK"}:
        return picture
    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, _SRGB, outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError):
        return picture


def _encode_webp(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """The picture as WebP without metadata: drawings of few colours exactly,
    photographs nearly so.
    """
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    is_drawing = bare.getcolors(256) is not None
    file = io.BytesIO()
    bare.save(file, "WEBP", lossless=is_drawing, quality=80, method=4)
    return file.getvalue(), bare.size
