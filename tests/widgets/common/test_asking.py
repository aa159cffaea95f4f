"""A question is answered once; a late answer does not touch what is asked by then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain import CaseheadError
from app.main import application
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.asking import AskDrawer, Field, Question
from widgets.common.parts import line
from widgets.lab import asking as lab


@dataclass
class Asked:
    """A drawer on a bridge, and what becomes of its questions."""

    bridge: Bridge
    drawer: AskDrawer
    go_on: Event = field(default_factory=Event)
    told: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def ask(self, name: str, work: Callable[[], str] | None = None) -> None:
        question = Question(name, "Note it", (Field("why", "Why"),), said=f"{name} is noted.")
        self.drawer.ask(question, lambda _: (work or (lambda: name))(), self.done.append)

    def held(self, refuse: bool) -> str:
        assert self.go_on.wait(30)
        if refuse:
            raise CaseheadError("The first was refused.")
        return "First"


@pytest.fixture
def asked(qtbot: QtBot, empty_workbench: Workbench) -> Iterator[Asked]:
    application()
    bridge = Bridge(empty_workbench)
    made = Asked(bridge, AskDrawer("ask", empty_workbench, bridge))
    bridge.told.connect(lambda notice: made.told.append(notice.sentence))
    qtbot.addWidget(made.drawer)
    yield made
    made.go_on.set()
    bridge.close()


@pytest.mark.parametrize("refuse", [False, True])
def test_a_late_answer_leaves_the_next_question_as_it_is(
    qtbot: QtBot, asked: Asked, refuse: bool
) -> None:
    asked.ask("First", lambda: asked.held(refuse))
    asked.drawer.submit()
    asked.drawer.close_drawer()
    asked.ask("Second")
    why = asked.drawer.findChildren(QLineEdit, "ask_why")[-1]
    why.setText("half a sentence")
    asked.go_on.set()
    qtbot.waitUntil(lambda: bool(asked.told))
    assert asked.told == ["The first was refused." if refuse else "First is noted."]
    assert asked.done == ([] if refuse else ["First"])
    assert asked.drawer.isVisible() and asked.drawer.title.text() == "Second"
    assert asked.drawer.values == {"why": "half a sentence"} and not asked.drawer._says.text()


def test_a_refusal_is_told_although_the_drawer_was_closed(qtbot: QtBot, asked: Asked) -> None:
    asked.ask("First", lambda: asked.held(refuse=True))
    asked.drawer.submit()
    asked.drawer.close_drawer()
    asked.go_on.set()
    qtbot.waitUntil(lambda: asked.told == ["The first was refused."])


def test_a_refusal_of_the_lab_is_not_said_of_what_is_asked_next(qtbot: QtBot, asked: Asked) -> None:
    drawer = lab.AskDrawer("lab_ask", asked.bridge)
    qtbot.addWidget(drawer)

    def question(title: str, operation: Callable[[], object]) -> lab.Question:
        return lab.Question(title, "", [("Why", line("lab_why", "Why"))], "Do", lambda: operation)

    drawer.ask(question("First", lambda: asked.held(refuse=True)))
    drawer.go()
    drawer.close_drawer()
    drawer.ask(question("Second", lambda: None))
    asked.go_on.set()
    qtbot.waitUntil(lambda: asked.told == ["The first was refused."])
    assert drawer.isVisible() and not drawer._says.text()
