"""Names in every script: drawn, found again by a search, or told in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.letters import faces, runs
from app.letters.faces import BUILT_IN, face_of_all, installed, known
from app.letters.joining import has_joined_forms, joined, unjoined
from app.letters.rightwards import leftwards
from app.letters.runs import clean
from app.reporting import text
from app.reporting.bound import about_letters, letters_told, texts_in
from app.reporting.setting import casework_pdf
from app.reporting.templates import shipped
from app.reporting.text import Word, drawn_word, letter_words, letters_of, plain, rich
from tests.app.reporting.casework_parts import filled

NOBODYS = "\ue123"
CASE = "\u0642\u0636\u064a\u0629"  # qaf, dad, yeh, teh marbuta
PEACE = "\u0633\u0644\u0627\u0645"  # seen, lam, alef, meem
NEEDS_ARABIC = "no font of this computer has Arabic in joined forms"


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer that has none of the fonts that are looked for."""
    monkeypatch.setattr(faces, "installed", lambda: ())
    runs.runs_of.cache_clear()
    text._letters.cache_clear()
    yield
    runs.runs_of.cache_clear()
    text._letters.cache_clear()


def test_western_text_is_left_as_it_is_and_made_safe() -> None:
    assert rich("Müller – 50 € <b>") == ("Müller – 50 € &lt;b&gt;", ())
    assert letters_of(["M\u00fcller", "\u0416"]) == text.Letters()
    assert clean("e\u0301\r\nb\x07") == "\u00e9\nb "


def test_other_words_are_drawn_and_letters_nobody_has_are_told() -> None:
    markup, drawn = rich(f"Ёлка ok 東京 {NOBODYS} <x>\nłódź")
    assert [word.text for word in drawn] == ["Ёлка", "東京", "łódź"]
    assert {word.face for word in drawn} == {BUILT_IN}
    assert "[U+E123]" in markup and "&lt;x&gt;<br/>" in markup
    assert plain(f"a\x07b Ж{NOBODYS}") == "a b [U+0416][U+E123]"
    told = letters_of([f"Ёлка {NOBODYS}", "東京"])
    assert told.lacking == (NOBODYS,) and told.fonts == ()
    assert "[U+E123] without a name" in letter_words(told)[0]


def test_one_letter_that_is_lacking_does_not_take_the_word_with_it() -> None:
    markup, drawn = rich(f"東{NOBODYS}京")
    assert [word.text for word in drawn] == ["東", "京"]
    assert markup.endswith('<onDraw name="0"/>[U+E123]<onDraw name="1"/>')


def test_many_lacking_letters_are_counted() -> None:
    many = "".join(chr(0xE000 + n) for n in range(40))
    said = letter_words(letters_of([many]))
    assert len(said) == 1 and said[0].count("[U+") == 24 and "; and 16 more." in said[0]


def test_scripts_that_melt_together_are_not_set_letter_by_letter() -> None:
    told = letters_of(["\u0939\u093f\u0902\u0926\u0940"])
    assert len(told.lacking) == 5 and "DEVANAGARI LETTER HA" in letter_words(told)[0]
    assert not known(str(next(iter(installed()), BUILT_IN)), "\u0939")


def test_letters_that_turn_the_line_are_shown_and_those_without_a_look_are_not() -> None:
    markup, drawn = rich("invoice\u202efdp.exe \u200b\ufeff东\u200d京")
    assert "[U+202E]" in markup and [word.text for word in drawn] == ["东京"]
    assert "RIGHT-TO-LEFT OVERRIDE" in letter_words(letters_of(["a\u202eb"]))[0]


def test_what_is_joined_can_be_searched_for() -> None:
    shown = leftwards(joined(PEACE))
    assert has_joined_forms(shown) and unjoined(shown) == PEACE[::-1]
    assert Word(shown).text == PEACE[::-1]
    assert not has_joined_forms(PEACE)


def test_without_a_font_for_it_arabic_stays_unjoined_and_is_drawn(no_fonts: None) -> None:
    _, drawn = rich(CASE)
    assert [word.shown for word in drawn] == [CASE[::-1]] and drawn[0].face == BUILT_IN
    assert letters_of([CASE]) == text.Letters()
    assert letters_of(["\u0540\u0561\u0575"]).lacking, "Armenian is told"


def test_with_a_font_for_it_arabic_is_joined_and_the_font_is_told() -> None:
    face = face_of_all(joined(CASE))
    if face is None:
        pytest.skip(NEEDS_ARABIC)
    _, drawn = rich(CASE)
    assert drawn == (Word(joined(CASE)[::-1], face),) and drawn[0].text == CASE[::-1]
    told = letters_of([CASE])
    assert told.fonts == (face,) and Path(face).name in letter_words(told)[0]
    assert drawn_word(drawn[0]).width < 0.8 * drawn_word(Word(CASE[::-1])).width


def test_vowel_signs_left_out_are_told() -> None:
    name = "\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f"
    assert letters_of([name]).vowels_left_out
    assert "Vowel signs" in letter_words(letters_of([name]))[-1]
    assert not letters_of([CASE, "x\u0302"]).vowels_left_out


def test_a_word_is_parted_only_where_it_must_be() -> None:
    name = "Полицейская"
    _, whole = rich(name)
    assert [word.text for word in whole] == [name]
    markup, parts = rich(name, widest=4.0)
    assert len(parts) > 1 and "".join(word.text for word in parts) == name
    assert all(drawn_word(word).width <= 4.0 for word in parts)
    assert '<font size="1"> </font>' in markup
    _, ideographs = rich("東" * 25)
    assert [len(word.text) for word in ideographs] == [10, 10, 5]


def test_words_are_drawn_as_heavy_and_as_dark_as_the_line_they_stand_in() -> None:
    light, bold = drawn_word(Word("Жук")), drawn_word(Word("Жук", bold=True))
    assert light.png != bold.png and drawn_word(Word("Жук"), 85).png != light.png
    assert rich("Жук", bold=True)[1] == (Word("Жук", bold=True),)


def test_a_drawn_word_is_black_and_has_its_width() -> None:
    one, two = drawn_word(Word("Ж")), drawn_word(Word("ЖЖ"))
    assert 1.6 < two.width / one.width < 2.1 and one.height == two.height
    assert one.png.startswith(b"\x89PNG") and drawn_word(Word("Ж")) is one


def test_a_report_says_at_its_end_what_is_not_as_it_was_written() -> None:
    report = filled("custody", f"東京 {NOBODYS}", rows=1)
    assert letters_told(report)[0].startswith("Letters that cannot be drawn")
    assert len(list(about_letters(report))) == 3 * len(letters_told(report))
    assert list(about_letters(filled("custody", "plain 東京", rows=1))) == []
    assert "東京" in " ".join(texts_in(report))


def test_drawn_words_are_found_by_a_search_of_the_file() -> None:
    data = casework_pdf(filled("custody", "Ёлка", rows=1), shipped("custody"))
    assert data.count(b"/ToUnicode") == 1 and b"/FontFile2" in data
    assert b"/FontFile2" not in casework_pdf(filled("custody", "x", rows=1), shipped("custody"))
