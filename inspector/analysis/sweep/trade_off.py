"""The best trade-off of a sweep in one honest sentence: what it gives, and what both ends of the trade would give.

Nothing is claimed that the spread between repetitions does not allow (`significance`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from inspector.analysis.formatting import bytes_text, ratio_text, time_text

from .significance import SINGLE_RUN_VARIATION, Noise
from .sweep_results import METRICS, Measured, Metric, MetricUnit, Point, measured, values_of
from .sweep_values import NONE_WORD, number_of

#: A gain is one if it is more than so much of all that the knob gains.
_GAIN_SHARE = 0.05
#: Bodies that differ by more than this mean other work, so that less is not better.
_SAME_WORK_SHARE = 0.05
#: From it on, per cents are written without a decimal.
_WHOLE_PERCENT = 9.95
_TEXTS: Mapping[MetricUnit, Callable[[float], str]] = {
    "ms": time_text,
    "bytes": bytes_text,
    "%": lambda share: f"{share:.0f} %" if abs(share) >= _WHOLE_PERCENT else f"{share:.1f} %",
    "": lambda count: f"{count:,.0f}",
}
_COARSE_MS = 10.0
#: What a value may give away of both metrics together, as shares of all that each of them changes by: the ends of the
#: sweep give away 1. Values this close to each other are as good.
_MOST_GIVEN_AWAY = 0.9
_AS_GOOD = 0.05
#: Medians that differ by no more than this ratio look the same on a chart, too.
_SAME_RATIO = 1.5
_MOST_COSTS = 2
_ONCE = "Each value ran once, so only large differences count."
_CONTENT = Metric("content_bytes", "Body", "bytes", lambda summary: summary.content_bytes, "client", 64.0, "", "", "")


@dataclass(frozen=True, slots=True)
class TradeOff:
    """What a sweep shows. ``value`` is where the best trade-off is, None where there is none."""

    sentence: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class _Curve:
    """One metric over the values of the sweep, in their order."""

    metric: Metric
    at: tuple[Measured, ...]
    noise: Noise

    @property
    def changes(self) -> bool:
        """Whether any two values differ by more than the noise."""
        return any(self.noise.differ(one, other) for at, one in enumerate(self.at) for other in self.at[at + 1 :])

    def enough(self) -> Measured:
        """The first value that no later one improves on by a gain worth the name."""
        medians = [each.median for each in self.at]
        least_gain = _GAIN_SHARE * (max(medians) - min(medians))
        for at, one in enumerate(self.at):
            later = (each for each in self.at[at + 1 :] if one.median - each.median > least_gain)
            if not any(self.noise.differ(one, each) for each in later):
                return one
        return self.at[-1]

    @property
    def is_worth_a_chart(self) -> bool:
        """Whether it changes; where each value ran once, whether it looks so and its measure is fine enough."""
        if self.noise.spread is not None or self.changes or self.metric.resolution:
            return self.changes
        medians = [each.median for each in self.at]
        low, high = min(medians), max(medians)
        return high - low > self.metric.floor and high > _SAME_RATIO * low

    def share_above_best(self, value: str) -> float:
        """Return how far a value is above the least median, as a share of the whole range; 1 where it has none."""
        medians = {each.value: each.median for each in self.at}
        low, high = min(medians.values()), max(medians.values())
        return (medians[value] - low) / (high - low) if value in medians and high > low else 1.0

    def worst_after(self, value: str) -> tuple[Measured, Measured] | None:
        """A value and the first above it that is as bad as any, None where none is worse."""
        places = [each.value for each in self.at]
        if value not in places:
            return None
        here = self.at[places.index(value)]
        worse = [
            each for each in self.at[places.index(value) + 1 :]
            if each.median > here.median and self.noise.differ(here, each)
        ]  # fmt: skip
        if not worse:
            return None
        worst = max(worse, key=lambda each: each.median)
        return here, next(each for each in worse if each is worst or not self.noise.differ(each, worst))


def trade_off_of(points: Sequence[Point], unit: str = "") -> TradeOff:
    """Return what a sweep shows; ``unit`` is that of its knob."""
    values = values_of([point for point in points if point.is_good])
    if len(values) < 2:
        return TradeOff(_too_few(points, values, unit))
    curves = [curve for curve in (_curve(points, metric) for metric in METRICS) if len(curve.at) > 1]
    if any(number_of(value) is None for value in values):
        found = _between_words(curves, values)
    elif _works_differ(points):
        found = _other_work(points, curves, values, unit)
    elif not any(curve.changes for curve in curves):
        found = TradeOff(f"From {_span(values, unit)} nothing changes by more than {_noise_text(curves)}.")
    else:
        found = _trade_off(curves, values, unit)
    once = _ONCE if all(curve.noise.spread is None for curve in curves) else ""
    best = "" if found.value is None else f"{value_text(found.value, unit)} is the best trade-off."
    return TradeOff(" ".join(filter(None, (best, found.sentence, once, _left_out(points)))), found.value)


def figure_text(metric: Metric, figure: float) -> str:
    """Return a figure of a metric with its unit: ``12 ms``, ``1.2 kB``, ``0.4 %``, ``41``."""
    if metric.unit == "ms" and metric.floor >= _COARSE_MS and figure < 1_000:
        return f"{figure:.0f} ms"  # it is measured in ticks, so that 0 may be anything below one
    return _TEXTS[metric.unit](figure)


def value_text(value: str, unit: str = "") -> str:
    """Return a value of a knob for people: ``1,000 items``, ``none``, ``gzip``."""
    number = number_of(value)
    if number is None:
        return value or NONE_WORD
    plain = f"{number:,.0f}" if number == int(number) else f"{number:,g}"
    return f"{plain} {unit}" if unit else plain


def _curve(points: Sequence[Point], metric: Metric) -> _Curve:
    at = tuple(measured(points, metric).values())
    return _Curve(metric, at, Noise.of(at, metric.floor, SINGLE_RUN_VARIATION.get(metric.id, metric.floor)))


def _trade_off(curves: Sequence[_Curve], values: Sequence[str], unit: str) -> TradeOff:
    """Find the first value that no cost improves on, and tell what is lost above it."""
    costs = [curve for curve in curves if curve.metric.is_cost]
    enough = {curve.metric.id: curve.enough() for curve in costs}
    place = max((values.index(each.value) for each in enough.values()), default=0)
    value = values[place]
    gaining = [curve for curve in costs if enough[curve.metric.id].value != values[0]]
    losing = [curve for curve in costs if curve not in gaining and curve.worst_after(values[0])]
    if gaining and losing:
        return _both_ends(_Trade(gaining, losing), values, unit)
    gains = [_gain_text(curve, value) for curve in gaining]
    losses = _losses(costs, value, unit)
    if place == len(values) - 1:
        return TradeOff(f"Up to {value_text(value, unit)}, the most that ran, {_joined(gains)}.")
    if gains:
        above = f"above, nothing more is gained{f', and {losses}' if losses else ''}"
        return TradeOff(f"Up to {value_text(value, unit)} {_joined(gains)}; {above}.", value)
    if losses:
        return TradeOff(f"Above {value_text(value, unit)} nothing is gained, {losses}.", value)
    return TradeOff(_only_neutral(curves, values, unit))


@dataclass(frozen=True, slots=True)
class _Trade:
    """Metrics that fall, and others that rise over the values of a sweep: what is gained by the one costs the other."""

    gaining: Sequence[_Curve]
    losing: Sequence[_Curve]

    def given_away(self, value: str) -> float:
        """Return what a value gives away of both, compared with the best of each: 0 for nothing, 1 at either end."""
        return sum(max(curve.share_above_best(value) for curve in side) for side in (self.gaining, self.losing))

    def best(self, values: Sequence[str]) -> str | None:
        """Return the first of the values that give away least, None where that is hardly less than at the ends."""
        inside = values[1:-1]
        least = min((self.given_away(value) for value in inside), default=1.0)
        if least > _MOST_GIVEN_AWAY:
            return None
        return next(value for value in inside if self.given_away(value) <= least + _AS_GOOD)

    def far_end(self, best: str | None, values: Sequence[str]) -> str:
        """Return where nothing more is gained, and if that is the best value, the first that is as bad as any."""
        enough = max((curve.enough().value for curve in self.gaining), key=values.index)
        if best is None or values.index(enough) > values.index(best):
            return enough
        worst = [pair[1].value for curve in self.losing if (pair := curve.worst_after(best))]
        return worst[0] if worst else values[-1]

    def figures_at(self, value: str, *, with_names: bool) -> str:
        """Return the first figure of each side at a value: ``first byte after 30 ms, 6.0 % framing``."""
        first = sorted((self.gaining[0], self.losing[0]), key=lambda curve: METRICS.index(curve.metric))
        texts = []
        for curve in first:
            at = next((each for each in curve.at if each.value == value), None)
            figure = figure_text(curve.metric, at.median) if at is not None else "?"
            texts.append(curve.metric.at.format(figure) if with_names else figure)
        return ", ".join(texts)


def _both_ends(trade: _Trade, values: Sequence[str], unit: str) -> TradeOff:
    """Say what the best value gives and what the two ends of the trade would give."""
    best = trade.best(values)
    ends = dict.fromkeys((values[0], trade.far_end(best, values)))
    if best is None:
        texts = [f"{value_text(end, unit)}: {trade.figures_at(end, with_names=True)}" for end in ends]
        return TradeOff(f"No value is best at both. At {'; at '.join(texts)}.")
    here = trade.figures_at(best, with_names=True)
    there = [f"At {value_text(end, unit)}: {trade.figures_at(end, with_names=False)}." for end in ends]
    return TradeOff(" ".join((f"{here[:1].upper()}{here[1:]}.", *there)), best)


def unchanged_metrics(points: Sequence[Point]) -> tuple[tuple[Metric, str], ...]:
    """Return the metrics that the values of a sweep don't change, each with what it is; those of no figures too.

    A chart of such a one would show noise.
    """
    found = []
    for metric in METRICS:
        curve = _curve(points, metric)
        if len(curve.at) > 1 and curve.is_worth_a_chart:
            continue
        medians = [each.median for each in curve.at]
        said = _between(metric, min(medians), max(medians)) if medians else "not known"
        found.append((metric, f"{said}: {metric.resolution}" if metric.resolution and medians else said))
    return tuple(found)


def draws_line(points: Sequence[Point], metric: Metric) -> bool:
    """Tell whether the medians of a metric differ by more than chance: else a line through them would be noise."""
    return _curve(points, metric).changes


def _between(metric: Metric, low: float, high: float) -> str:
    texts = [figure_text(metric, low), figure_text(metric, high)]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]} to {texts[1]}"


def _gain_text(curve: _Curve, value: str) -> str:
    """Return how far a figure falls until the value of the best trade-off."""
    last = next((at for at, each in enumerate(curve.at) if each.value == value), len(curve.at) - 1)
    before, after = (figure_text(curve.metric, each) for each in (_worst(curve.at[: last + 1]), curve.at[last].median))
    return f"{curve.metric.less} falls from {before} to {after}"


def _worst(at: Sequence[Measured]) -> float:
    return max(each.median for each in at)


def _losses(costs: Sequence[_Curve], value: str, unit: str) -> str:
    """Return what is lost above a value, the first loss with its figures; empty where nothing is."""
    found = [(curve.metric, pair) for curve in costs if (pair := curve.worst_after(value))]
    texts: list[str] = []
    for metric, (here, worst) in found[:_MOST_COSTS]:
        text = metric.more.format(_how_much(metric, here.median, worst.median))
        if not texts:
            figures = f"{figure_text(metric, worst.median)} instead of {figure_text(metric, here.median)}"
            text += f" (at {value_text(worst.value, unit)}: {figures})"
        texts.append(text)
    return _joined(texts)


def _how_much(metric: Metric, before: float, after: float) -> str:
    if before <= metric.floor / 10:
        return figure_text(metric, after - before)
    ratio = after / before
    return f"{ratio_text(ratio)} times" if ratio >= 2 else f"{(ratio - 1) * 100:.0f} %"


def _only_neutral(curves: Sequence[_Curve], values: Sequence[str], unit: str) -> str:
    changing = [curve for curve in curves if curve.changes]
    texts = [f"{curve.metric.less} ({_range_text(curve)})" for curve in changing]
    return f"From {_span(values, unit)} only {_joined(texts)} changes; the rest stays within {_noise_text(curves)}."


def _between_words(curves: Sequence[_Curve], values: Sequence[str]) -> TradeOff:
    changing = [curve for curve in curves if curve.changes]
    if not changing:
        names = _joined([value_text(value) for value in values])
        return TradeOff(f"Between {names} nothing changes by more than {_noise_text(curves)}.")
    texts: list[str] = []
    for curve in changing:
        least, most = (pick(curve.at, key=lambda each: each.median) for pick in (min, max))
        ends = [f"{figure_text(curve.metric, each.median)} ({value_text(each.value)})" for each in (least, most)]
        texts.append(f"{curve.metric.title.lower().replace('cpu', 'CPU')} from {ends[0]} to {ends[1]}")
    rest = "" if len(changing) == len(curves) else "; the rest stays within the noise"
    sentence = f"{'; '.join(texts)}{rest}."
    return TradeOff(sentence[:1].upper() + sentence[1:])


def _works_differ(points: Sequence[Point]) -> bool:
    bodies = [each.median for each in measured(points, _CONTENT).values()]
    return bool(bodies) and max(bodies) - min(bodies) > max(_CONTENT.floor, _SAME_WORK_SHARE * max(bodies))


def _other_work(points: Sequence[Point], curves: Sequence[_Curve], values: Sequence[str], unit: str) -> TradeOff:
    body = _range_text(_curve(points, _CONTENT))
    times = [curve for curve in curves if curve.metric.id in ("ttfb_ms", "total_ms")]
    said = [f"{curve.metric.less} goes from {_range_text(curve)}" for curve in times if curve.changes]
    if same := [curve.metric.less for curve in times if not curve.changes]:
        said.append(f"{_joined(same)} {'stays' if len(same) == 1 else 'stay'} within the noise")
    return TradeOff(
        f"From {_span(values, unit)} the body itself goes from {body}, so less is not better: {_joined(said)}."
    )


def _range_text(curve: _Curve) -> str:
    return f"{figure_text(curve.metric, curve.at[0].median)} to {figure_text(curve.metric, curve.at[-1].median)}"


def _noise_text(curves: Sequence[_Curve]) -> str:
    """Return how much repetitions differ, of the two figures that are times of a clock."""
    said = [
        f"{curve.metric.less} {curve.noise.spread * 100:.0f} %"
        for curve in curves if curve.metric.id in ("ttfb_ms", "total_ms") and curve.noise.spread is not None
    ]  # fmt: skip
    return f"the noise (spread of {_joined(said)})" if said else "chance would"


def _span(values: Sequence[str], unit: str) -> str:
    return f"{value_text(values[0])} to {value_text(values[-1], unit)}"


def _too_few(points: Sequence[Point], values: Sequence[str], unit: str) -> str:
    if not points:
        return ""
    if not values:
        return f"No run completed. {next(point.failure for point in points if point.failure)}"
    return " ".join(filter(None, (f"Only {value_text(values[0], unit)} ran: nothing to compare.", _left_out(points))))


def _left_out(points: Sequence[Point]) -> str:
    failed = sum(not point.is_good for point in points)
    are = "is" if failed == 1 else "are"
    return f"{failed:,} of {len(points):,} runs did not complete and {are} left out." if failed else ""


def _joined(texts: Sequence[str]) -> str:
    return ", ".join(texts[:-1]) + " and " + texts[-1] if len(texts) > 1 else "".join(texts)
