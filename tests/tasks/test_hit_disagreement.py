"""Two examiners disagree: a third settles it, and every version stays on the record."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.tasks.casework_bench import LINDQVIST, MATE, MENSAH, OKAFOR, QUERY, CaseworkBench

FIRST = "Striae agree from three to six on the dial"
SECOND = "Too little is marked beside the aperture"
THIRD = "The agreement exceeds what chance explains"


def test_a_disagreement_goes_to_a_third(bench: CaseworkBench) -> None:
    bench.sign_in(OKAFOR)
    bench.open_pair(QUERY, MATE)
    bench.conclude("identification", FIRST)
    bench.until_words("conclude_says", "Recorded: Identification")
    bench.ask("open", MENSAH)

    bench.sign_in(MENSAH)
    bench.open_task()
    bench.until_words("conclude_manner", "You verify this conclusion")
    assert FIRST in bench.words("earlier_conclusions"), "open: the first is seen"
    bench.conclude("inconclusive-b", SECOND)
    bench.until_words("verification_state", "another conclusion")
    assert FIRST in bench.words("first_said") and SECOND in bench.words("second_said")
    assert bench.workbench.hits() == ()

    bench.sign_in(OKAFOR)
    bench.to_verifications(Qt.Key.Key_4)
    assert _waiting(bench) == ["disagreed, a third is to be asked"]
    bench.press(Qt.Key.Key_T)
    bench.write("verify_ask_person", LINDQVIST)
    bench.submit("verify_ask", "A third examiner is asked")

    bench.sign_in(LINDQVIST)
    bench.to_verifications()
    assert _waiting(bench) == ["a third opinion waits for you"]
    bench.press(Qt.Key.Key_Return)
    bench.at_desk()
    bench.conclude("identification", THIRD)
    bench.until_words("verification_state", "settled")
    for name, said, who in (
        ("first_said", FIRST, OKAFOR),
        ("second_said", SECOND, MENSAH),
        ("third_said", THIRD, LINDQVIST),
    ):
        assert said in bench.words(name) and who in bench.words(name), "all versions are seen"
    assert not bench.seen(QWidget, "ask_verification")
    _all_is_kept(bench)


def _waiting(bench: CaseworkBench) -> list[str]:
    return [row.words for row in bench.window.leads.verify.model.lines]


def _all_is_kept(bench: CaseworkBench) -> None:
    (hit,) = bench.workbench.hits()
    assert hit.counted
    (pair,) = bench.workbench.comparisons()
    kept = bench.workbench.verification_versions(pair.id)
    assert [one.reasons for one in kept] == [SECOND, THIRD]
    assert [one.reasons for one in bench.workbench.conclusions(pair.id)] == [FIRST]
    assert bench.is_sound()
