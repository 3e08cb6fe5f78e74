"""Makes the small pictures in engine/pictures, and expected.tsv: what Pillow reads in them.

Run in the project's folder with Pillow 12 and numpy:
    python src/test/python/pictures.py

Each line of expected.tsv: file, height, width, then red, green and blue of each pixel, 0 to 255,
row by row, as Image.convert("RGB") gives them; or the word "refused" where Pillow cannot read it.
Sixteen bits are an exception: Pillow reads them as numbers up to 65535, of which the upper 8 bits
are expected.
"""

import pathlib
import struct
import zlib

import numpy as np
import PIL
from PIL import Image

HERE = pathlib.Path("src/test/resources/io/github/convlens/engine/pictures")
HEIGHT, WIDTH = 6, 8
Y, X = np.mgrid[0:HEIGHT, 0:WIDTH]
GREY = (Y * 40 + X * 7).astype(np.uint8)
ALPHA = np.where((X + Y) % 3 == 0, 0, np.where(X % 2 == 0, 128, 255)).astype(np.uint8)
RGB = np.stack([X * 30, Y * 45, (X * 17 + Y * 29) % 256], axis=-1).astype(np.uint8)


def png(name, bits, colour_type, rows, *chunks):
    """Writes the kinds of PNG that Pillow does not write. rows: one bytes object a row."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, colour_type, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = [chunk(b"IHDR", header), *[chunk(*one) for one in chunks],
             chunk(b"IDAT", data), chunk(b"IEND", b"")]
    (HERE / name).write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def big_endian(*channels):
    """Rows of 16-bit samples, channel by channel within a pixel."""
    return [row.tobytes() for row in np.stack(channels, axis=-1).astype(">u2")]


def ycck(cmyk):
    """Writes Adobe's YCCK: brightness and colour of C, M and Y, which Pillow only reads."""
    *cmy, black = cmyk.split()
    channels = Image.merge("RGB", cmy).convert("YCbCr").split()
    inverted = [channel.point(lambda value: 255 - value) for channel in channels]
    Image.merge("CMYK", [*inverted, black]).save(HERE / "ycck.jpg", quality=95)
    data = bytearray((HERE / "ycck.jpg").read_bytes())
    data[data.index(b"Adobe") + 11] = 2  # the transform: YCCK
    (HERE / "ycck.jpg").write_bytes(data)


def make():
    opaque = np.full_like(GREY, 255)
    grey16 = GREY.astype(np.uint16) * 256 + 255 - GREY
    rgb16 = RGB.astype(np.uint16) * 256 + 77
    Image.fromarray(GREY).save(HERE / "grey.png")
    Image.merge("LA", [Image.fromarray(GREY), Image.fromarray(opaque)]).save(
        HERE / "grey-alpha-opaque.png")
    Image.merge("LA", [Image.fromarray(GREY), Image.fromarray(ALPHA)]).save(
        HERE / "grey-alpha.png")
    Image.fromarray(GREY).save(HERE / "grey-trns.png", transparency=int(GREY[2, 3]))
    png("grey16.png", 16, 0, big_endian(grey16))
    png("grey16-alpha.png", 16, 4, big_endian(grey16, ALPHA.astype(np.uint16) * 257))
    png("grey16-trns.png", 16, 0, big_endian(grey16),
        (b"tRNS", struct.pack(">H", int(grey16[2, 3]))))
    Image.fromarray((GREY > 120).astype(np.uint8) * 255).convert("1").save(HERE / "grey1.png")
    Image.fromarray(RGB).save(HERE / "rgb.png")
    Image.fromarray(np.dstack([RGB, ALPHA])).save(HERE / "rgba.png")
    Image.fromarray(RGB).save(HERE / "rgb-trns.png", transparency=tuple(map(int, RGB[2, 3])))
    png("rgb16.png", 16, 2, big_endian(*np.moveaxis(rgb16, -1, 0)))
    palette = Image.fromarray(RGB).quantize(16)
    palette.save(HERE / "palette.png")
    palette.save(HERE / "palette-trns.png", transparency=3)
    palette.save(HERE / "palette.gif", transparency=3)
    Image.fromarray(RGB).save(HERE / "rgb.bmp")
    Image.fromarray(RGB).save(HERE / "rgb.jpg", quality=95)
    Image.fromarray(GREY).save(HERE / "grey.jpg", quality=95)
    Image.fromarray(RGB).convert("CMYK").save(HERE / "cmyk.jpg", quality=95)
    ycck(Image.fromarray(RGB).convert("CMYK"))
    noise = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    Image.fromarray(noise).save(HERE / "noise.jpg", quality=60)
    Image.fromarray(noise).save(HERE / "noise-progressive.jpg", quality=60, progressive=True)
    for name in ["noise.jpg", "noise-progressive.jpg", "rgb.png"]:
        whole = (HERE / name).read_bytes()
        cut = len(whole) * 3 // 4 if name.endswith("jpg") else len(whole) - 40
        (HERE / ("cut-" + name)).write_bytes(whole[:cut])
    (HERE / "no-end.jpg").write_bytes((HERE / "rgb.jpg").read_bytes()[:-2])
    (HERE / "rest-behind.jpg").write_bytes((HERE / "rgb.jpg").read_bytes() + b"rest")


def read(file):
    image = Image.open(file)
    if image.mode.startswith("I"):
        return np.repeat((np.asarray(image) >> 8)[..., None], 3, axis=-1)
    return np.asarray(image.convert("RGB"))


def expected():
    lines = [f"# made by pictures.py with Pillow {PIL.__version__}"]
    for file in sorted(HERE.iterdir()):
        if file.suffix not in (".png", ".jpg", ".gif", ".bmp") or file.name.startswith("noise") or file.name == "scene.png":
            continue
        try:
            pixels = read(file)
            numbers = [*pixels.shape[:2], *pixels.reshape(-1)]
            lines.append("\t".join([file.name, " ".join(str(int(n)) for n in numbers)]))
        except (OSError, SyntaxError):
            lines.append(file.name + "\trefused")
    (HERE / "expected.tsv").write_text("\n".join(lines) + "\n")


make()
expected()
