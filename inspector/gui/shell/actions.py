"""The table of actions: name, text, keys, tooltip and menu of each, and what it does to the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .keys_help import show_keys
from .pane_focus import focus_next_pane
from .story_keys import leave_story

if TYPE_CHECKING:
    from .main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Action:
    """One action. ``text`` has its mnemonic, ``act`` gets the window.

    ``menu`` is where it stands, "" for keys alone: a menu of `menu.MENUS`, and after a slash the group in it, which a
    line sets off from the others.
    """

    name: str
    text: str
    keys: tuple[str, ...]
    tip: str
    act: Callable[[MainWindow], object]
    menu: str = ""


def _show_preferences(window: MainWindow) -> None:
    from .preferences_dialog import show_preferences

    show_preferences(window)


def _show_about(window: MainWindow) -> None:
    from .about import show_about

    show_about(window)


ACTIONS: tuple[Action, ...] = (
    Action("run", "&Stream or stop", ("Ctrl+R", "F5"), "Send the request, or end it", lambda w: w.run_or_stop(),
           "stream"),
    Action("pause", "&Freeze or resume", ("Ctrl+P",), "Freeze the picture; recording goes on (Space)",
           lambda w: w.document.set_paused(not w.document.paused), "stream"),
    Action("replay", "&Replay or rest", ("K",), "See the run again, from the moment shown (Space)",
           lambda w: w.replay.toggle(), "stream"),
    Action("target", "&Go to the stream picker", ("Ctrl+L",), "Type a route or a URL", lambda w: w.go_to_picker(),
           "stream"),
    Action("reset_settings", "Reset s&ettings", ("Ctrl+Backspace",), "Every setting back to what the view takes",
           lambda w: w.pages.focused_run().knobs.reset(), "stream/settings"),
    Action("undo", "&Undo", ("Ctrl+Z",), "Take back the last change of settings, or deleted runs",
           lambda w: w.undo_history.undo(), "stream/settings"),
    Action("open_file", "&Open…", ("Ctrl+O",), "Open a saved recording", lambda w: w.files.ask_and_open(), "file"),
    Action("save_file", "&Save recording…", ("Ctrl+S",), "Save the run on screen as a file",
           lambda w: w.runs.save_shown(), "file"),
    Action("save_picture", "Save &picture…", ("Ctrl+Shift+S",), "Save the picture as PNG, SVG or PDF",
           lambda w: w.saved_pictures.ask_and_save(), "file/picture"),
    Action("copy_picture", "&Copy picture", ("Ctrl+Shift+C",), "Put the picture on the clipboard",
           lambda w: w.saved_pictures.copy(), "file/picture"),
    Action("preferences", "Pre&ferences…", ("Ctrl+,",), "Theme, text size, what happens at the start",
           _show_preferences, "file/preferences"),
    Action("quit", "&Quit", ("Ctrl+Q",), "Stop the stream and close the window", lambda w: w.close(), "file/end"),
    Action("start_page", "Start pa&ge", ("Ctrl+Shift+H", "Alt+Home"), "Stories, recent runs and addresses",
           lambda w: w.start.show(), "view"),
    Action("ladder", "&Ladder", ("Ctrl+1",), "Lanes for layers, gaps for buffers",
           lambda w: w.show_view("ladder"), "view"),
    Action("staircase", "S&taircase", ("Ctrl+2",), "Bytes over time", lambda w: w.show_view("staircase"), "view"),
    Action("runs", "&Runs", ("Ctrl+B",), "The list of all runs", lambda w: w.runs.toggle(), "view"),
    Action("fit", "Show the &whole run", ("Ctrl+Home",), "Fit all of it into the window",
           lambda w: w.time_range.fit(), "view/time"),
    Action("end", "Follow the &end", ("Ctrl+End",), "Show new items as they arrive", lambda w: w.follow_end(),
           "view/time"),
    Action("present", "&Present", ("F11", "Ctrl+Shift+P"), "Presentation mode: large text, picture only",
           lambda w: w.presentation.toggle(), "view/present"),
    Action("larger", "L&arger text", ("Ctrl++", "Ctrl+="), "Make all text larger",
           lambda w: w.appearance.change_type_size(1), "view/look"),
    Action("smaller", "S&maller text", ("Ctrl+-",), "Make all text smaller",
           lambda w: w.appearance.change_type_size(-1), "view/look"),
    Action("normal", "&Default text size", ("Ctrl+0",), "The size that the system uses",
           lambda w: w.appearance.change_type_size(0), "view/look"),
    Action("compare", "&Compare A and B", ("Ctrl+3",), "Two runs on one time axis", lambda w: w.show_view("compare"),
           "compare"),
    Action("run_both", "&Stream A and B", ("Ctrl+Shift+R",), "Both requests at the same time",
           lambda w: w.pages.run_both(), "compare"),
    Action("try_advice", "&Try what the verdict advises", ("T",), "Stream it beside the run on screen, as B",
           lambda w: w.pages.try_advice(), "compare"),
    Action("keep_b", "&Keep B", ("Ctrl+K",), "Go on with B alone: its settings become yours",
           lambda w: w.pages.keep_b(), "compare"),
    Action("readers", "&What the readers have", ("R",), "The body as it is there at this moment, of A and of B",
           lambda w: w.pages.show_readers(toggle=True), "compare"),
    Action("sweep", "Swee&p a setting", ("Ctrl+4",), "One setting, many values: which one is best",
           lambda w: w.show_view("sweep"), "compare"),
    Action("keys", "&Keyboard shortcuts…", ("F1",), "All keys of the window",
           lambda w: show_keys(w, ACTIONS), "help"),
    Action("legend", "What the &ladder shows", ("?",), "Lanes, marks, lines and signs, and what they mean",
           lambda w: w.pages.focused_run().ladder.legend_button.open_or_close(), "help"),
    Action("about", "&About Streaming Inspector…", (), "Versions, for bug reports", _show_about, "help"),
    Action("present_buttons", "Buttons of the buffer", ("B",), "In a presentation: show them, or put them away",
           lambda w: w.presentation.toggle_buttons()),
    Action("next_pane", "Next pane", ("F6",), "Move the focus to the next pane", lambda w: focus_next_pane(w, 1)),
    Action("previous_pane", "Previous pane", ("Shift+F6",), "Move the focus to the previous pane",
           lambda w: focus_next_pane(w, -1)),
    Action("context_menu", "Menu of what has the focus", ("Shift+F10",), "What can be done with the selection",
           lambda w: w.context_menus.open_at_focus()),
    Action("story_next", "Next step of the story", ("PgDown",), "While a story is on; after its last step it ends",
           lambda w: w.stories.next()),
    Action("story_back", "Step before, of the story", ("PgUp",), "While a story is on", lambda w: w.stories.back()),
    Action("replay_back", "Replay: one item back", (",",), "The item before, of the layer that is selected or chunk",
           lambda w: w.replay.step(w.a.ladder.canvas.current_layer, -1)),
    Action("replay_on", "Replay: one item on", (".",), "The next item, of the layer that is selected or chunk",
           lambda w: w.replay.step(w.a.ladder.canvas.current_layer, 1)),
    Action("replay_slower", "Replay: slower", ("<",), "The next lower speed", lambda w: w.replay.change_speed(-1)),
    Action("replay_faster", "Replay: faster", (">",), "The next higher speed", lambda w: w.replay.change_speed(1)),
    Action("replay_loop", "Replay: loop", ("L",), "Begin again at the end, or not",
           lambda w: w.replay.set_loops(not w.replay.loops)),
    Action("story_end", "End the story", ("Esc",), "Your own settings come back", leave_story),
    Action("nudge_up", "Buffer a quarter larger", ("+", "="), "In effect at once on a running stream",
           lambda w: w.pages.focused_run().live_knobs.nudge(1)),
    Action("nudge_down", "Buffer a quarter smaller", ("-",), "In effect at once on a running stream",
           lambda w: w.pages.focused_run().live_knobs.nudge(-1)),
    *(Action(f"preset_{key}", f"Buffer preset {key}", (str(key),), "In effect at once on a running stream",
             lambda w, key=key: w.pages.focused_run().live_knobs.preset(key))  # type: ignore[misc]
      for key in range(1, 10)),
)  # fmt: skip
