"""The table of commands: name, one sentence, arguments, and the function that does it.

Adding a command is adding a row. What a command needs is imported when it runs, so that no command waits for the parts
of another, and only those with a window load Qt.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from inspector import __version__

from .console import PROGRAM, print_message
from .standard_output import print_all

if TYPE_CHECKING:
    from typing_extensions import override
else:  # Python 3.11 has none, and none is worth loading for --help

    def override(method: Callable[..., Any]) -> Callable[..., Any]:
        """Return the method as it is."""
        return method


THEMES = ("light", "dark")


class Command(NamedTuple):
    """One row: ``add_arguments`` fills a parser, ``run`` does the work and returns the exit status.

    ``is_light`` is a command that loads no numpy, and so runs in little memory.
    """

    name: str
    sentence: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    is_light: bool = False

    def parser(self) -> argparse.ArgumentParser:
        """Return this command's own parser."""
        parser = _Parser(
            prog=f"{PROGRAM} {self.name}".strip(),
            description=self.sentence,
            more=partial(_more_help, self),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.add_arguments(parser)
        return parser


class _Parser(argparse.ArgumentParser):
    """Prints its help like every other text of a command; what is wrong goes to standard error."""

    def __init__(self, *, more: Callable[[], str], **options: Any) -> None:
        """``more`` returns what stands below the help, where that is asked for; ``options`` are `argparse`'s."""
        super().__init__(**options)
        self._more = more

    @override
    def format_help(self) -> str:
        self.epilog = self._more()
        return super().format_help()

    @override
    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            if not print_all(message):
                raise SystemExit(1)
        elif message:
            print_message(message.rstrip("\n"))


def knob_pair(text: str) -> tuple[str, str]:
    """Parse ``KNOB=VALUE`` for argparse."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not KNOB=VALUE")
    return name.strip(), value


def seconds_limit(text: str) -> float:
    """Parse a positive number of seconds for argparse."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


def bytes_limit(text: str) -> int:
    """Parse a positive number of bytes for argparse."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1 << 62):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of bytes above 0")
    return int(text)


def repetitions(text: str) -> int:
    """Parse how often each value of a sweep runs, for argparse."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 100):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of runs from 1 to 100")
    return int(text)


def port_number(text: str) -> int:
    """Parse a TCP port for argparse, 0 for any free one."""
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def speed_factor(text: str) -> float:
    """Parse how many times as fast a recording is served, for argparse."""
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.001 <= speed <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0.001 to 1000")
    return speed


def picture_size(text: str) -> tuple[int, int]:
    """Parse ``WIDTHxHEIGHT`` in pixels for argparse."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) <= 16384 and 0 < int(height) <= 16384):
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT in pixels, such as 1280x800")
    return int(width), int(height)


def _open_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", nargs="?", metavar="TARGET", help="a route of the built-in server, or a URL")
    parser.add_argument("--no-run", action="store_true", help="open the window without streaming")
    parser.add_argument(
        "--story", metavar="ID", help="play a story: see stories; the path of a .toml file will do, too"
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")


def _record_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="TARGET", help="a route of the built-in server, or a URL")
    parser.add_argument(
        "-k", dest="knobs", action="append", type=knob_pair, default=[], metavar="KNOB=VALUE",
        help="set a knob; overrides the query of TARGET",
    )  # fmt: skip
    parser.add_argument("-o", dest="output", type=Path, metavar="FILE.stream", help="save the recording")
    parser.add_argument("--json", action="store_true", help="print one JSON object, verdict and statistics too")
    parser.add_argument("--max-seconds", type=seconds_limit, metavar="S", help="end it after this time")
    parser.add_argument("--max-bytes", type=bytes_limit, metavar="N", help="end it after this many bytes of content")
    parser.add_argument(
        "--with-secrets", action="store_true",
        help="keep Authorization, cookies and values named like token, key, secret, password in --json and -o",
    )  # fmt: skip


def _sweep_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="TARGET", help="a route of the built-in server, or a URL")
    parser.add_argument("--knob", required=True, metavar="KNOB", help="the knob to change from run to run")
    parser.add_argument(
        "--values", default="presets", metavar="VALUES",
        help="a list 0,2,5,50, a range '0..100 step 10' or '1..1000 x10', or presets (the default); "
        "semicolons separate values that have commas",
    )  # fmt: skip
    parser.add_argument(
        "--repeat", type=repetitions, default=1, metavar="N", help="runs of each value, interleaved (1)"
    )
    parser.add_argument("--max-seconds", type=seconds_limit, metavar="S", help="end each run after this time")
    parser.add_argument(
        "-k", dest="knobs", action="append", type=knob_pair, default=[], metavar="KNOB=VALUE",
        help="set another knob; overrides the query of TARGET",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object: the sentence, medians, all runs")


def _open_file_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.stream", help="a saved recording")
    parser.add_argument("--json", action="store_true", help="print what record --json prints, without a window")
    parser.add_argument(
        "--with-secrets", action="store_true",
        help="keep Authorization, cookies and values named like token, key, secret, password in --json",
    )  # fmt: skip


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port_number, default=0, metavar="P", help="port on 127.0.0.1, else a free one")


def _replay_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.stream", help="a saved recording")
    parser.add_argument("--port", type=port_number, default=0, metavar="P", help="port to listen on, else a free one")
    parser.add_argument("--host", default="127.0.0.1", metavar="H", help="address to listen on (127.0.0.1)")
    parser.add_argument("--speed", type=speed_factor, default=1.0, metavar="X", help="times as fast as recorded (1)")
    parser.add_argument("--loop", action="store_true", help="repeat the body without an end")


def _shot_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", nargs="?", metavar="TARGET", help="a route of the built-in server, or a URL")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="PICTURE.png", help="where to save it")
    parser.add_argument("--size", type=picture_size, default=(1280, 800), metavar="WxH", help="pixels (1280x800)")
    parser.add_argument("--theme", choices=THEMES, default=THEMES[0], help=f"colours ({THEMES[0]})")


def _run_open(arguments: argparse.Namespace) -> int:
    from .window_commands import open_window

    return open_window(arguments.target, run=not arguments.no_run, story=arguments.story)


def _stories_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.toml", help="check these files alone")


def _run_stories(arguments: argparse.Namespace) -> int:
    from .stories_command import stories

    return stories(arguments.files)


def _run_record(arguments: argparse.Namespace) -> int:
    from .record_command import record

    return record(arguments)


def _run_sweep(arguments: argparse.Namespace) -> int:
    from .sweep_command import sweep

    return sweep(arguments)


def _run_open_file(arguments: argparse.Namespace) -> int:
    from .open_command import open_file

    return open_file(arguments)


def _run_serve(arguments: argparse.Namespace) -> int:
    from .serve_command import serve

    return serve(arguments.port)


def _run_replay(arguments: argparse.Namespace) -> int:
    from .replay_command import replay

    return replay(arguments)


def _run_routes(_: argparse.Namespace) -> int:
    from .routes_command import routes_text

    return 0 if print_all(f"{routes_text()}\n") else 1


def _run_shot(arguments: argparse.Namespace) -> int:
    from .window_commands import shoot

    return shoot(arguments.target, arguments.output, size=arguments.size, theme=arguments.theme)


def _desktop_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--remove", action="store_true", help="take it out of the menu again")


def _run_desktop(arguments: argparse.Namespace) -> int:
    from .desktop_command import desktop

    return desktop(remove=arguments.remove)


#: What happens without a command's name: the window.
OPEN = Command(
    "", "See every yield and every chunk of a streamed response, and where each one waited.", _open_arguments, _run_open
)
_ROWS = (
    Command("record", "Record one response without a window.", _record_arguments, _run_record),
    Command("sweep", "Stream with one knob at many values, and find the best trade-off.", _sweep_arguments, _run_sweep),
    Command("open", "Open a saved recording in the window, or print it.", _open_file_arguments, _run_open_file),
    Command("replay", "Serve a saved recording again, with its timing, until Ctrl+C.", _replay_arguments, _run_replay),
    Command("serve", "Run the built-in Flask server alone, until Ctrl+C.", _serve_arguments, _run_serve, is_light=True),
    Command(
        "routes", "List the views of the built-in server and their knobs.", lambda _: None, _run_routes, is_light=True
    ),
    Command(
        "stories",
        "List the stories that the window plays, and check your own.",
        _stories_arguments,
        _run_stories,
        is_light=True,
    ),
    Command("shot", "Save a picture of the window after the stream ended.", _shot_arguments, _run_shot),
    Command(
        "desktop",
        "Put the window into the applications menu of a Linux desktop.",
        _desktop_arguments,
        _run_desktop,
        is_light=True,
    ),
)
COMMANDS: dict[str, Command] = {row.name: row for row in _ROWS}


def _more_help(command: Command) -> str:
    from .routes_command import knobs_text, views_text

    commands = "\n".join(f"  {PROGRAM} {row.name:<8}{row.sentence}" for row in _ROWS)
    blocks = {
        "": f"commands (each has its own --help):\n{commands}\n\nroutes:\n{views_text()}\n\nknobs:\n{knobs_text()}",
        "record": f"knobs:\n{knobs_text()}",
        "sweep": f"knobs:\n{knobs_text()}",
    }
    return blocks.get(command.name, "")
