"""Verifies pictures from strangers: only what a PNG needs, and only if it decodes."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
PIXELS = 16_000_000
BYTES = 1_000_000
MOST = 8  # pictures that are kept of one cell


def verified(data):
    """Returns a picture without anything that is not picture, or None.

    Args:
        data: Bytes of what should be a PNG.

    Returns:
        Bytes of the same picture, without texts and other extra chunks; None if it
        is no PNG, is damaged, interlaced, or larger than a plot is.
    """
    if len(data) > BYTES or not data.startswith(SIGNATURE):
        return None
    try:
        chunks = [chunk for chunk in _chunks(data) if chunk[0] in KEPT]
        if [chunks[0][0], chunks[-1][0]] != [b"IHDR", b"IEND"] or not _decodes(chunks):
            return None
    except (struct.error, zlib.error, IndexError, KeyError, ValueError):
        return None
    return SIGNATURE + b"".join(_packed(*chunk) for chunk in chunks)


def _chunks(data):
    at = len(SIGNATURE)
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        if crc != zlib.crc32(name + body):
            raise ValueError("a chunk with a wrong sum")
        yield name, body
        if name == b"IEND":
            return
        at += 12 + length


def _packed(name, body):
    return struct.pack(">I4s", len(body), name) + body + _sum(name + body)


def _sum(data):
    return struct.pack(">I", zlib.crc32(data))


def _decodes(chunks):
    width, height, depth, colour, *methods = struct.unpack(">IIBBBBB", chunks[0][1])
    if methods != [0, 0, 0] or depth not in (1, 2, 4, 8, 16):
        return False
    if not 0 < width * height <= PIXELS:
        return False
    row = 1 + (width * CHANNELS[colour] * depth + 7) // 8
    packed = b"".join(body for name, body in chunks if name == b"IDAT")
    stream = zlib.decompressobj()
    left = row * height
    while left > 0:
        part = stream.decompress(packed, min(left, 1 << 20))
        if not part:
            return False
        left -= len(part)
        packed = stream.unconsumed_tail
    return not stream.decompress(packed, 1)
