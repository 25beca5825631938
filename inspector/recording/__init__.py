"""The pure core: tracks of marks on one byte axis, and the folder they live in.

Nothing here knows Qt, sockets, threads or a clock. Every other part of the inspector reads or writes recordings
through this package, so that a live, a finished and a loaded recording are one and the same thing.
"""
