"""Arabic letters in the forms they take beside each other.

A font is asked for each letter by itself, so the form is chosen here: Unicode keeps the joined
forms as letters of their own, and says of each which letter and which form it is. From that the
table is made.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

_NON_JOINER, _JOINER, _STRETCH = "\u200c", "\u200d", "\u0640"
_FORMS = ("<isolated>", "<initial>", "<medial>", "<final>")


def joined(word: str) -> str:
    """The word, in the order it is read, with joined forms where Unicode has them."""
    if not any(letter in _table() for letter in word):
        return word
    letters = _with_ligatures([c for c in word if unicodedata.category(c) != "Mn"])
    made = "".join(_form(letters, at) for at in range(len(letters)))
    return made.replace(_NON_JOINER, "").replace(_JOINER, "")


def unjoined(text: str) -> str:
    """The plain letters of a text that is in the order it is drawn, from the left."""
    return "".join(unicodedata.normalize("NFKC", c)[::-1] if c in _forms() else c for c in text)


def has_joined_forms(text: str) -> bool:
    """Whether any letter of it stands in a form of its own."""
    return any(letter in _forms() for letter in text)


def _form(letters: Sequence[str], at: int) -> str:
    """A letter (or two that melt into one) in the form its neighbours ask for."""
    one = letters[at]
    forms = _table().get(one)
    if forms is None:
        return one
    before = at > 0 and _reaches_on(letters[at - 1]) and "<final>" in forms
    after = at + 1 < len(letters) and _reaches_back(letters[at + 1]) and "<initial>" in forms
    wanted = _FORMS[2 if before and after else 3 if before else 1 if after else 0]
    return forms.get(wanted, one)


def _reaches_on(letter: str) -> bool:
    return letter in (_STRETCH, _JOINER) or "<initial>" in _table().get(letter, {})


def _reaches_back(letter: str) -> bool:
    return letter in (_STRETCH, _JOINER) or "<final>" in _table().get(letter, {})


def _with_ligatures(letters: Sequence[str]) -> list[str]:
    """Lam and alef are always written as one."""
    done: list[str] = []
    for letter in letters:
        if done and done[-1] == "\u0644" and f"\u0644{letter}" in _table():
            done[-1] = f"\u0644{letter}"
        else:
            done.append(letter)
    return done


@cache
def _table() -> dict[str, dict[str, str]]:
    """Letter (or lam with alef) to its forms."""
    found: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFBEA), *range(0xFBFC, 0xFC00)):
        _add(found, chr(code), longest=1)
    for code in range(0xFE70, 0xFEFD):
        _add(found, chr(code), longest=2)
    return found


def _add(found: dict[str, dict[str, str]], form: str, longest: int) -> None:
    kind, *codes = unicodedata.decomposition(form).split() or [""]
    letters = "".join(chr(int(code, 16)) for code in codes)
    vowels = any(unicodedata.category(c) in ("Mn", "Zs") or c == _STRETCH for c in letters)
    if kind in _FORMS and 1 <= len(letters) <= longest and not vowels:
        found.setdefault(letters, {})[kind] = form


@cache
def _forms() -> frozenset[str]:
    return frozenset(form for forms in _table().values() for form in forms.values())
