"""Gigabytes of zeros, packed a thousand to one, made in no time."""

from __future__ import annotations

import zlib

#: Window bits of zlib: deflate alone, and in gzip.
DEFLATE, GZIP = -15, 31


def packed_zeros(size_mib: int, window_bits: int) -> bytes:
    """Return zeros as one stream. Only two MiB are compressed: after a full flush the same data gives the same bytes.

    The checksum at the end of gzip is that of two MiB, so it is right for those alone.
    """
    compress = zlib.compressobj(9, wbits=window_bits)
    first, other = (compress.compress(bytes(1 << 20)) + compress.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + other * (size_mib - 1) + compress.flush()
