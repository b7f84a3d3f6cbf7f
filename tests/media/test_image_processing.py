"""Every accepted upload becomes a WebP of bounded size without metadata."""

from __future__ import annotations

import io
import random
import re
import threading
import time
import tracemalloc
import warnings

import pytest
from PIL import Image

from education.media import image_processing
from education.media.image_processing import MAX_BYTES, ImageTooLarge, InvalidImage, process_upload
from tests.media import sample_images

RED, BLUE = (255, 0, 0), (0, 0, 255)


def opened(upload, **options):
    return Image.open(io.BytesIO(process_upload(upload, **options).data), formats=("WEBP",))


def is_close(one, other, by=12):
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=False))


@pytest.mark.parametrize(
    "upload",
    [sample_images.jpeg(), sample_images.png(), sample_images.webp()],
    ids=["jpeg", "png", "webp"],
)
def test_image_is_stored_as_webp_that_looks_the_same(upload):
    kept = process_upload(upload)
    picture = Image.open(io.BytesIO(kept.data))
    assert (picture.format, picture.mode, picture.size) == ("WEBP", "RGB", (60, 40))
    assert (kept.width, kept.height) == (60, 40)
    original = Image.open(io.BytesIO(upload)).convert("RGB")
    for spot in ((5, 5), (30, 20), (55, 35)):
        assert is_close(picture.getpixel(spot), original.getpixel(spot), by=16)


def test_file_names_are_random_and_valid():
    names = {process_upload(sample_images.jpeg()).name for _each in range(20)}
    assert len(names) == 20
    assert all(re.fullmatch(r"[0-9a-f]{32}\.webp", name) for name in names)


@pytest.mark.parametrize(
    "upload", sample_images.NOT_PICTURES.values(), ids=sample_images.NOT_PICTURES
)
def test_file_that_is_no_jpeg_png_or_webp_is_refused(upload):
    with pytest.raises(InvalidImage) as refusal:
        process_upload(upload)
    assert str(refusal.value).endswith((".", "it."))
    assert "Save it" in str(refusal.value)


@pytest.mark.parametrize("upload", sample_images.BROKEN.values(), ids=sample_images.BROKEN)
def test_damaged_image_is_refused(upload):
    with pytest.raises(InvalidImage, match="damaged"):
        process_upload(upload)


@pytest.mark.parametrize(
    "upload", sample_images.TOO_MANY_PIXELS.values(), ids=sample_images.TOO_MANY_PIXELS
)
def test_image_of_too_many_pixels_is_refused_before_decoding(upload):
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(InvalidImage):
        process_upload(upload)
    took, (_now, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 1
    assert peak < 10_000_000


def test_too_many_pixels_message_says_what_to_do():
    with pytest.raises(
        InvalidImage, match=re.escape("5001 × 5000 pixels). Make it 1600 pixels wide.")
    ):
        process_upload(sample_images.declared_png(5001, 5000))


def test_empty_and_too_large_files_are_refused():
    with pytest.raises(InvalidImage, match="empty"):
        process_upload(b"")
    with pytest.raises(ImageTooLarge, match="larger than 8 MB"):
        process_upload(sample_images.jpeg() + b"\0" * MAX_BYTES)


def test_script_hidden_in_an_image_is_removed():
    hidden = [
        sample_images.jpeg() + sample_images.SCRIPT,
        sample_images.png() + sample_images.SCRIPT,
        sample_images.jpeg(comment=sample_images.SCRIPT),
        sample_images.jpeg(exif=b"Exif\0\0" + sample_images.SCRIPT),
        sample_images.webp(xmp=sample_images.SCRIPT),
        b"\xff\xd8\xff\xfe"
        + (len(sample_images.SCRIPT) + 2).to_bytes(2)
        + sample_images.SCRIPT
        + sample_images.jpeg()[2:],
    ]
    for upload in hidden:
        assert sample_images.SCRIPT in upload
        assert b"script" not in process_upload(upload).data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_location_and_other_metadata_are_removed(kind):
    upload = sample_images.bytes_of(
        sample_images.photograph(),
        kind,
        exif=sample_images.exif(),
        icc_profile=sample_images.wide_colours(),
    )
    assert b"Nurse Example" in upload
    kept = process_upload(upload)
    picture = Image.open(io.BytesIO(kept.data))
    assert not picture.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(picture.info)
    assert not {b"EXIF", b"ICCP", b"XMP "} & {
        kept.data[at : at + 4] for at in range(len(kept.data))
    }
    assert b"Nurse" not in kept.data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_photograph_is_rotated_upright(kind, orientation):
    undo = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    turned = (
        sample_images.arrow()
        if undo is None
        else sample_images.arrow().transpose(Image.Transpose(undo))
    )
    options = {"lossless": True} if kind == "WEBP" else {}
    picture = opened(
        sample_images.bytes_of(turned, kind, exif=sample_images.exif(orientation), **options)
    )
    assert picture.size == (60, 40)
    assert is_close(picture.getpixel((4, 4)), RED, by=40)
    for corner in ((55, 4), (4, 35), (55, 35)):
        assert is_close(picture.getpixel(corner), (255, 255, 255), by=40)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animation_is_reduced_to_its_first_frame(kind):
    kept = process_upload(sample_images.moving(kind))
    picture = Image.open(io.BytesIO(kept.data))
    assert getattr(picture, "n_frames", 1) == 1 and b"ANIM" not in kept.data
    assert is_close(picture.convert("RGB").getpixel((10, 10)), RED)


def test_transparency_is_kept():
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    clear.paste((0, 0, 255, 255), (0, 0, 10, 20))
    indexed = clear.quantize(8)
    grey = Image.new("LA", (20, 20), (90, 0))
    grey.paste((90, 255), (0, 0, 10, 20))
    for each in (clear, indexed, grey):
        for kind in ("PNG", "WEBP"):
            picture = opened(sample_images.bytes_of(each, kind))
            assert picture.mode == "RGBA"
            assert picture.getpixel((5, 5))[3] == 255 and picture.getpixel((15, 5))[3] == 0


def test_image_modes_are_all_accepted():
    for mode, kind in (
        ("1", "PNG"),
        ("L", "PNG"),
        ("P", "PNG"),
        ("I;16", "PNG"),
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
    ):
        source = sample_images.photograph().convert("L" if mode == "I;16" else mode)
        if mode == "I;16":
            source = (
                Image.merge("RGB", (source,) * 3)
                .convert("I")
                .point(lambda grey: grey * 257)
                .convert("I;16")
            )
        picture = opened(sample_images.bytes_of(source, kind))
        assert picture.size == (60, 40)
        light, dark = picture.convert("L").getpixel((58, 38)), picture.convert("L").getpixel((1, 1))
        assert light > dark + 60, mode


def test_drawing_of_few_colors_is_lossless():
    drawing = sample_images.arrow()
    picture = opened(sample_images.bytes_of(drawing, "PNG"))
    assert picture.convert("RGB").tobytes() == drawing.tobytes()


def test_camera_color_profile_is_converted():
    green_there = Image.new("RGB", (20, 20), (0, 220, 0))
    upload = sample_images.bytes_of(green_there, "PNG", icc_profile=sample_images.wide_colours())
    red, green, _blue = opened(upload).getpixel((10, 10))
    assert red > 180 and green < 60


def test_invalid_color_profile_is_ignored():
    for profile in (b"nonsense", sample_images.wide_colours()[:300]):
        assert opened(sample_images.jpeg(icc_profile=profile)).size == (60, 40)


def test_image_is_scaled_down_and_never_up():
    assert opened(sample_images.jpeg(3200, 1200)).size == (1600, 600)
    assert opened(sample_images.png(1601, 10)).size == (1600, 10)
    assert opened(sample_images.webp(400, 8000)).size == (200, 4000)
    assert opened(sample_images.jpeg(9, 7)).size == (9, 7)
    assert opened(sample_images.jpeg(3200, 1200, exif=sample_images.exif(6))).size == (1200, 3200)
    assert opened(sample_images.jpeg(1000, 200), max_size=(480, 160)).size == (480, 96)


def test_large_telephone_photograph_is_accepted_quickly():
    upload = sample_images.jpeg(8064, 6048, quality=30)
    assert len(upload) < MAX_BYTES
    start = time.perf_counter()
    assert opened(upload).size == (1600, 1200)
    assert time.perf_counter() - start < 5


def test_pillow_warnings_are_suppressed():
    odd = [
        sample_images.jpeg(
            exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff"
            + b"\x12\x01\x03\0\x01\0\0\0\xff\xff\xff\xff" * 20
        ),
        sample_images.declared_jpeg(13_000, 10_000),
        sample_images.declared_png(10_000, 13_000),
        sample_images.png().replace(b"IDAT", b"acTL", 1),
    ]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for upload in odd:
            try:
                process_upload(upload)
            except InvalidImage:
                continue
    assert not caught


def test_damaged_bytes_give_an_image_or_a_refusal():
    chance = random.Random(2)
    whole = [
        sample_images.jpeg(progressive=True, exif=sample_images.exif(6)),
        sample_images.png(),
        sample_images.webp(xmp=b"x" * 50),
    ]
    for _each in range(400):
        data = bytearray(chance.choice(whole))
        for _byte in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            kept = process_upload(
                bytes(data[: chance.randint(1, len(data))] if chance.random() < 0.3 else data)
            )
        except InvalidImage:
            continue
        assert kept.width <= 1600 and kept.height <= 4000


def test_images_are_decoded_one_at_a_time(monkeypatch):
    busy, most = 0, 0
    shown = image_processing._normalize

    def counting(*arguments):
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        time.sleep(0.02)
        busy -= 1
        return shown(*arguments)

    monkeypatch.setattr(image_processing, "_normalize", counting)
    threads = [
        threading.Thread(target=process_upload, args=(sample_images.jpeg(),)) for _each in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
