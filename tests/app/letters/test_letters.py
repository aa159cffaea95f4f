"""Letters in their order and forms, and the fonts that have them."""

from __future__ import annotations

from pathlib import Path

from app.letters.faces import BUILT_IN, face_of, installed
from app.letters.joining import joined
from app.letters.rightwards import leftwards
from app.letters.runs import runs_of_line, turned

NOBODYS = "\ue123"
CASE = "\u0642\u0636\u064a\u0629"  # qaf, dad, yeh, teh marbuta
PEACE = "\u0633\u0644\u0627\u0645"  # seen, lam, alef, meem


def test_arabic_letters_take_the_forms_their_neighbours_ask_for() -> None:
    assert joined(CASE) == "\ufed7\ufec0\ufef4\ufe94"
    assert joined("\u062f\u0627\u0631") == "\ufea9\ufe8d\ufead", "these never reach on"
    assert joined(PEACE) == "\ufeb3\ufefc\ufee1", "lam and alef are one"
    assert joined("\u0644\u0627") == "\ufefb"
    assert joined("\u0645\u0650\u0646") == "\ufee3\ufee6", "a vowel sign parts no letters"
    assert joined("\u0645\u200c\u0646") == "\ufee1\ufee5", "a non-joiner does"
    assert joined("\u067e\u06af") == "\ufb58\ufb93", "Persian letters too"
    assert joined("\u0645\u0640") == "\ufee3\u0640"
    assert joined("Okafor 12 \u05d0") == "Okafor 12 \u05d0"


def test_fonts_are_taken_in_order_and_what_is_none_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("DejaVuSans.ttf", "other.ttf", "deep/Symbola.ttf"):
        (tmp_path / name).write_bytes(b"no font")
    assert installed((tmp_path,)) == () == installed((tmp_path / "absent",))
    assert face_of(NOBODYS) is None and face_of("Ж") == BUILT_IN


def test_what_is_read_from_the_right_is_set_from_the_right() -> None:
    assert leftwards("case 7, plain") == "case 7, plain"
    assert leftwards("אבג") == "גבא"
    assert leftwards("case אבג דהו end") == "case והד גבא end"
    assert leftwards("א 12 ב") == "ב 12 א", "numbers keep their order"
    assert leftwards("(אב)") == "(בא)"
    assert leftwards("by אב גד, at 5.") == "by דג בא, at 5.", "a comma keeps its place"
    assert leftwards("אבג / 1 / 1A") == "גבא / 1 / 1A", "and so does a number behind a name"
    assert leftwards("אב גד.") == ".דג בא", "unless the whole line is read so"
    assert leftwards("مُحَمَّد") == "دمحم", "vowel signs would stand alone"
    long = "אבג " * 40
    assert leftwards(long).split() == ["גבא"] * 40


def test_a_line_is_cut_where_the_font_changes() -> None:
    assert runs_of_line("Ёлка, 東京 ok") == ((BUILT_IN, "Ёлка, 東京 ok"),)
    assert runs_of_line(f"a {NOBODYS}\nb") == ((BUILT_IN, "a [U+E123] b"),)
    assert runs_of_line("a אב, b") == ((BUILT_IN, "a בא, b"),)
    assert "".join(run for _, run in runs_of_line(f"{CASE} 7 x")).startswith("7 ")
    assert turned(f"x {CASE} y") == f"x {joined(CASE)[::-1]} y"
