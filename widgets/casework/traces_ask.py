"""What is asked when a trace request is taken further."""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.trace_form import Field as FormField
from app.casework.trace_form import Form
from widgets.common.asking import Field

_START = "answer_"


def step_fields(form: Form, after: tuple[str, ...]) -> tuple[Field, ...]:
    """The next status, words, and what came back where it may be answered now."""
    statuses = tuple((one, one) for one in after)
    asked = (
        Field("status", "&Becomes", "choice", choices=statuses, value=after[0]),
        Field("text", "&Words", "text", "what was said, by whom; needed for an end or error"),
    )
    return (*asked, *map(_answered, form.answer)) if "completed" in after else asked


def _answered(one: FormField) -> Field:
    codes = tuple((code, told) for code, told in (one.codes or {}).items())
    choices = (("", "no answer yet"), *codes) if codes else ()
    hint = "year-month-day" if one.is_date else ""
    return Field(f"{_START}{one.key}", one.label, "choice" if codes else "line", hint, choices)


def answer_of(told: Mapping[str, str]) -> dict[str, str]:
    """The parts of the answer that were written, by their keys."""
    found = {k.removeprefix(_START): v for k, v in told.items() if k.startswith(_START)}
    return {key: value for key, value in found.items() if value}
