"""Whether a check is within limits, and the sentences that say why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from app.capture.checks.limits import limits_of
from app.capture.checks.settings import CheckSettings, Rule, check_settings
from app.capture.checks.words import number_words
from app.instruments import FIGURES, Figure, InstrumentCheck, Limits, Outcome

_ROUNDING = 1e-6
_TOO_LITTLE = "too little of what the golden picture shows is there."


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a check is, by which limits, and why; the gravest figure decides."""

    outcome: Outcome
    limits: Mapping[str, Limits]
    reasons: tuple[str, ...]


def judged(
    figures: Mapping[str, float],
    earlier: Sequence[InstrumentCheck],
    settings: CheckSettings | None = None,
) -> Judgement:
    """Hold the figures of a check against the limits that follow from the earlier ones.

    The reasons begin with the correlation where it is out, because the scale of a picture that does
    not agree with the golden one means nothing, then with the figure farthest out of its limits.
    """
    told = settings or check_settings()
    limits: dict[str, Limits] = {one: limits_of(one, earlier, told) for one in FIGURES}
    out: list[tuple[float, str]] = []
    remarks: list[str] = []
    for figure in FIGURES:
        label, value = told.figures[figure].label, figures.get(figure)
        if value is None:
            out.append((1.0, f"{label} could not be measured: {_TOO_LITTLE}"))
            continue
        found = limits[figure].outcome(value)
        if found != "within":
            sentence = _sentence(figure, value, limits[figure], found, told)
            if found == "out":
                first = figure == "correlation"
                out.append((inf if first else _far(value, limits[figure]), sentence))
            else:
                remarks.append(sentence)
        runs = _runs(figure, value, limits[figure], earlier, told)
        remarks.extend(f"{label}: {words}" for words in runs)
    outcome: Outcome = "out" if out else "warning" if remarks else "within"
    gravest = sorted(out, key=lambda one: -one[0])
    return Judgement(outcome, limits, (*(words for _, words in gravest), *remarks))


def _far(value: float, limits: Limits) -> float:
    """How far off a value is, the distance of its action limit being 1."""
    bound = limits.act_low if value < limits.mean else limits.act_high
    if bound is None or bound == limits.mean:
        return inf
    return abs((value - limits.mean) / (bound - limits.mean))


def _sentence(
    figure: Figure, value: float, limits: Limits, found: Outcome, told: CheckSettings
) -> str:
    own = told.figures[figure]
    low = value < limits.mean
    pair = (limits.act_low, limits.act_high), (limits.warn_low, limits.warn_high)
    bounds = pair[0] if found == "out" else pair[1]
    bound, what = (bounds[0], "below") if low else (bounds[1], "above")
    kind = "action" if found == "out" else "warning"
    hint = own.hints.get("low" if low else "high", "")
    number = number_words(figure, value)
    limit = "" if bound is None else f" of {number_words(figure, bound)}"
    return f"{own.label} {number} is {what} the {kind} limit{limit}. {hint}".rstrip()


def _runs(
    figure: Figure,
    value: float,
    limits: Limits,
    earlier: Sequence[InstrumentCheck],
    told: CheckSettings,
) -> Iterator[str]:
    """The rules that the check and the ones just before it complete, once limits are computed."""
    if limits.sd is None or not limits.sd > 0:
        return
    values = [value]
    for check in reversed(earlier[-max((rule.of for rule in told.rules), default=1) :]):
        known, held = check.figures.get(figure), check.limits.get(figure)
        if known is None or held is None or not held.count:
            break
        values.append(known)
    away = [(one - limits.mean) / limits.sd for one in values]
    if ("high" if away[0] > 0 else "low") not in told.figures[figure].sides:
        return
    for rule in told.rules:
        last = away[: rule.of]
        if len(last) == rule.of and _one_sided(last, rule):
            yield rule.words


def _one_sided(away: Sequence[float], rule: Rule) -> bool:
    """Whether the run is there, and the newest check is part of it."""
    side = 1 if away[0] > 0 else -1
    beyond = [side * one > rule.beyond + _ROUNDING for one in away]
    return beyond[0] and sum(beyond) >= rule.count
