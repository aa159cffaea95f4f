"""What the score means, in the drawer: plain sentences, no verdict and no verdict's colours."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.picture.caption import AID, precision_sentence
from app.workbench import ratio_sentence, standing_sentence
from widgets.compare.desk import Desk
from widgets.compare.panels.conclude import heading, hint

NO_SCORE = "Align automatically (A) for a score; then this says where it stands."
PRECISION = (
    "How far the alignment found by software may be off (one standard uncertainty), and the area "
    "that both marks cover there."
)
ASKING = "Looking at the reference populations ..."


class MeaningPanel(QWidget):
    """Where the score stands among pairs of known origin, and its likelihood ratio."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("meaning_panel")
        self._score, self._precision = hint(""), hint("")
        self._standing, self._ratio = hint(""), hint("")
        self._score.setObjectName("meaning_score")
        self._precision.setObjectName("meaning_precision")
        self._precision.setToolTip(PRECISION)
        self._standing.setObjectName("meaning_standing")
        self._ratio.setObjectName("meaning_ratio")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("What the score means"))
        self._labels = (self._score, self._precision, self._standing, self._ratio)
        for label in self._labels:
            layout.addWidget(label)

    def show_desk(self, desk: Desk) -> None:
        """Bring the sentences to the desk."""
        score, meaning = desk.score, desk.meaning
        if score is None:
            texts = (NO_SCORE, "", "", "")
        else:
            head = f"Score {score.score:.2f} of 1, as software aligned the pair; {AID}."
            told = precision_sentence(score)
            if meaning is None:
                texts = (head, told, ASKING, "")
            else:
                texts = (head, told, standing_sentence(meaning), ratio_sentence(meaning))
        for label, text in zip(self._labels, texts, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
