"""Message framing of HTTP/1.1 bodies (RFC 9112 sections 6 and 7): bytes in, offsets out; no clock and no I/O.

`framer_factory` reads from a response head which framing its body has; `chunked_framing` and `identity_framing` are the
incremental framers. A framer takes the wire bytes in any cuts and gives the same chunks, trailers, end and error offset
for all of them.
"""
