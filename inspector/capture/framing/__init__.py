"""Message framing of HTTP/1.1 bodies (RFC 9112 sections 6 and 7): bytes in, offsets out; no clock and no I/O.

`choose` tells from a response head which framing its body has; `chunked` and `plain` are the incremental framers. A
framer is fed the wire bytes in any cuts and gives the same chunks, trailers, end and error offset for all of them.
"""
