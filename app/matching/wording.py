"""The meaning of a score in words: what is known, no more, and never a conclusion."""

from __future__ import annotations

from typing import Any

from app.matching.meaning import Meaning, Standing
from correlation.likelihood import Ratio


def standing_sentence(meaning: Meaning) -> str:
    """Where the score stands among pairs of known origin; "" when nothing is known."""
    standing = meaning.standing
    if standing is None:
        return ""
    return (
        f"{_different(standing)}; of {_count(standing.same, 'pair')} from one firearm, "
        f"{_lower(standing)} "
        f"(population \u201c{meaning.population}\u201d, {meaning.firearms} firearms)."
    )


def ratio_sentence(meaning: Meaning) -> str:
    """The likelihood ratio with its interval, or why there is none."""
    ratio = meaning.ratio
    if ratio is None:
        return meaning.refusal
    told = f"log10 likelihood ratio {ratio.log10_lr:.1f}"
    if ratio.low < ratio.high:
        told += f", 95 % interval {ratio.low:.1f} to {ratio.high:.1f}"
    return f"{told}: agreement such as this is {_times(ratio)}.{_held(ratio, meaning)}"


def brief(meaning: Meaning) -> str:
    """A few words beside the score; "" when there is nothing to tell."""
    ratio, standing = meaning.ratio, meaning.standing
    if ratio is not None:
        around = f"{ratio.low:.1f} to {ratio.high:.1f}" if ratio.low < ratio.high else "held there"
        return f"log10 LR {ratio.log10_lr:.1f} ({around})"
    if standing is not None:
        return f"{standing.different_as_high} of {standing.different:,} pairs of two guns as high"
    return ""


def meaning_facts(meaning: Meaning) -> dict[str, Any]:
    """Plain values for JSON."""
    standing, ratio = meaning.standing, meaning.ratio
    return {
        "population": meaning.population or None,
        "firearms": meaning.firearms or None,
        "known_same": standing and standing.same,
        "known_same_below": standing and standing.same_below,
        "known_different": standing and standing.different,
        "known_different_as_high": standing and standing.different_as_high,
        "log10_lr": ratio and round(ratio.log10_lr, 4),
        "log10_lr_interval": ratio and [round(ratio.low, 4), round(ratio.high, 4)],
        "log10_lr_bounds": ratio and [round(ratio.bounds.low, 4), round(ratio.bounds.high, 4)],
        "log10_lr_held": ratio and ratio.held,
        "sentences": [s for s in (standing_sentence(meaning), ratio_sentence(meaning)) if s],
    }


def _different(standing: Standing) -> str:
    whole = _count(standing.different, "pair")
    if standing.different_as_high == 0:
        return (
            f"Of {whole} from two firearms, none scores as high "
            f"(the highest is {standing.highest_different:.2f})"
        )
    share = standing.different_as_high / standing.different
    verb = "scores" if standing.different_as_high == 1 else "score"
    return (
        f"Of {whole} from two firearms, {standing.different_as_high:,} ({_percent(share)}) {verb} "
        "as high or higher"
    )


def _lower(standing: Standing) -> str:
    below = standing.same_below
    if below == 0:
        return "none scores lower"
    share = _percent(below / standing.same)
    return f"{below:,} ({share}) {'scores' if below == 1 else 'score'} lower"


def _percent(share: float) -> str:
    if 0 < share < 0.001:
        return "under 0.1\u00a0%"
    digits = 1 if share < 0.1 else 0
    return f"{100 * share:.{digits}f}\u00a0%"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _times(ratio: Ratio) -> str:
    """A ratio as people say it, with no more figures than it carries."""
    size = 10 ** abs(ratio.log10_lr)
    figure = f"{size:,.0f}" if size >= 10 else f"{size:.1f}"
    if figure == "1.0":
        return "as likely if one firearm made both marks as if two did"
    if ratio.log10_lr > 0:
        return f"about {figure} times as likely if one firearm made both marks as if two did"
    return f"about {figure} times as likely if two firearms made the marks as if one did"


def _held(ratio: Ratio, meaning: Meaning) -> str:
    if not ratio.held:
        return ""
    return (
        " It would go further, and is held there with its interval: "
        f"{meaning.firearms} firearms support no more."
    )
