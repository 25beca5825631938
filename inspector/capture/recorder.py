"""Makes one recording, from its command to its ending: the request, the head, the body, and ``meta.json`` three times.

Called by `__main__` in the recording thread; joins `request`, `body_reader` and `recording_writer`. Whatever goes wrong
outside this program becomes the recording's ending.
"""

from __future__ import annotations

import contextlib
import datetime
import gc
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from inspector.recording.layers import LAYERS
from inspector.recording.meta import Ending, EndingKind, LayerMeta, Meta, RequestMeta, ResponseMeta, write_meta
from inspector.recording.url_credentials import without_userinfo

from .body_reader import BodyReader
from .cancellation import Cancellation
from .client_buffer import CLIENT_BUFFER, ClientBuffer
from .connection import Connection
from .content_decoding import decoder_of
from .framing.framer_factory import BadFraming, BodyPlan, plan_body
from .live_update import LiveUpdater, LiveUpdates
from .process_sampling import ProcessSampler
from .read_throttle import ReadSettings, limited
from .recorder_commands import RecordCommand
from .recording_writer import RecordingWriter, WriteFailed
from .request import ReceivedHead, Request, RequestFailed


class Recorder:
    """Records one response into one folder; `run` once."""

    def __init__(
        self,
        command: RecordCommand,
        folder: Path,
        cancellation: Cancellation,
        updates: LiveUpdates | None = None,
        *,
        report_unsaved: Callable[[Meta], None] = lambda _: None,
    ) -> None:
        """``report_unsaved`` gets the meta data of a recording that has ended where the disk does not take them."""
        self._report_unsaved = report_unsaved
        url, authorization = without_userinfo(command.url)
        if authorization and not command.authorization:
            command = msgspec.structs.replace(command, authorization=authorization)
        self._command = command = msgspec.structs.replace(command, url=url)
        self._folder = folder
        self._cancellation = cancellation
        self._updates = updates
        self.meta = Meta(
            id=command.id,
            title=command.title,
            started_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
            request=RequestMeta(method=command.method.upper(), url=url, headers=command.headers, knobs=command.knobs),
            layers=[LayerMeta(name=layer.name, axis=layer.axis, columns=list(layer.columns)) for layer in LAYERS],
            client_buffer_bytes=command.client.get(CLIENT_BUFFER, 0),
        )

    def run(self) -> None:
        """Record until the end. Raises nothing: a mistake of ours is an ending too, with its traceback on stderr."""
        try:
            with RecordingWriter(self._folder) as files, ProcessSampler(self._command.server_pids, self._folder):
                self.meta.ending = self._record(files)
                # Before the files are closed, which may wait for the disk.
                self._write_ending()
        except WriteFailed as error:
            self._end("cut_short", f"Recording stopped: {error}. What was written is kept.")
        except Exception as error:
            traceback.print_exc()
            text = f"The recorder failed: {type(error).__name__}: {error}. What had arrived is kept."
            self._end("cut_short", text)

    def refuse(self, text: str) -> None:
        """Give the recording its ending without having asked for anything."""
        self._end("not_started", text)

    def _end(self, kind: EndingKind, text: str) -> None:
        self.meta.ending = Ending(kind=kind, text=text, t_ns=time.monotonic_ns(), cut_by="recorder")
        self._write_ending()

    def _record(self, files: RecordingWriter) -> Ending:
        try:
            self._cancellation.begin()
        except RuntimeError:
            text = "Nothing was sent: this computer has no thread left for the time limit. Close some programs."
            return _ending("not_started", text)
        try:
            with Request(self._command, self._cancellation) as request:
                self.meta.request.headers = request.request_headers
                self._write_meta()
                return self._receive(request, files)
        except RequestFailed as error:
            return _ending(error.kind, error.text)

    def _receive(self, request: Request, files: RecordingWriter) -> Ending:
        try:
            head = request.send()
        except RequestFailed as error:
            self.meta.request.sent_t_ns = request.sent_t_ns
            if error.head is not None:
                self._take_head(error.head, None, coded=False)
            interrupted = self._cancellation.ending
            return _ending(*((interrupted.kind, interrupted.text) if interrupted else (error.kind, error.text)))
        try:
            plan = self._plan(head)
        except BadFraming as error:
            self.meta.request.sent_t_ns = request.sent_t_ns
            self._take_head(head, None, coded=False)
            return _ending("protocol_error", f"The body can't be framed: {error}.")
        connection = request.connection
        assert connection is not None
        body = self._body(plan, connection, files, head)
        self.meta.request.sent_t_ns = request.sent_t_ns
        self.meta.read_clock = connection.receiver.read_clock
        self._take_head(head, plan, coded=body.is_coded)
        self._write_meta()
        ending = _without_pauses(body, head)
        self.meta.trailers = body.framer.trailers
        self.meta.notes += [*body.framer.notes, *body.notes]
        self.meta.read_clock = connection.receiver.read_clock
        self.meta.clock_spread_ns = connection.receiver.clock_spread_ns
        return ending

    def _body(self, plan: BodyPlan, connection: Connection, files: RecordingWriter, head: ReceivedHead) -> BodyReader:
        decoder, note = decoder_of(plan.codings)
        self.meta.notes += [*plan.notes, *([note] if note else [])]
        first_bytes = head.first[0].size_bytes if head.first else 0
        read_settings = ReadSettings.of(self._command)
        client_buffer = ClientBuffer(self._command.client.get(CLIENT_BUFFER, 0))
        updates = self._updates
        wake = updates.wake if updates is not None else None
        limit = partial(limited, connection.receiver, cancellation=self._cancellation, wake=wake)
        updater = (
            LiveUpdater(updates, self._folder, client_buffer, read_settings, limit) if updates is not None else None
        )
        return BodyReader(
            plan,
            limit(read_settings, taken_bytes=first_bytes),
            files,
            self._cancellation,
            decoder=decoder,
            client_buffer=client_buffer,
            max_bytes=self._command.max_bytes,
            updater=updater,
            is_secure=connection.is_secure,
        )

    def _plan(self, head: ReceivedHead) -> BodyPlan:
        raw = head.raw
        return plan_body(self._command.method.upper(), raw.status, raw.http_version, raw.headers)

    def _take_head(self, head: ReceivedHead, plan: BodyPlan | None, *, coded: bool) -> None:
        raw = head.raw
        if raw.informational:
            self.meta.notes.append(f"informational responses before the head: {', '.join(raw.informational)}")
        self.meta.response = ResponseMeta(
            http_version=raw.http_version,
            status=raw.status,
            reason=raw.reason,
            headers=raw.headers,
            head_t_ns=head.t_ns,
            framing=plan.framing if plan else "unknown",
            content_coding="+".join(plan.codings) if plan and coded else "identity",
        )

    def _write_ending(self) -> None:
        if not self._write_meta():
            self._report_unsaved(self.meta)

    def _write_meta(self) -> bool:
        try:
            write_meta(self._folder, self.meta)
        except OSError as error:
            # The log may be on the same full disk.
            with contextlib.suppress(OSError):
                print(f"{self._folder.name}: meta.json could not be written: {error}", file=sys.stderr, flush=True)
            return False
        return True


def _without_pauses(body: BodyReader, head: ReceivedHead) -> Ending:
    """Run a body with the cycle collector off: its pauses would be in the times."""
    gc.disable()
    try:
        return body.run(head.t_ns, head.first)
    finally:
        gc.enable()


def _ending(kind: EndingKind, text: str) -> Ending:
    return Ending(kind=kind, text=text, t_ns=time.monotonic_ns())
