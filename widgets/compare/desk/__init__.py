"""What an examiner does to a pair on the screen, as values; knows no window."""

from widgets.compare.desk.moving import Desk
from widgets.compare.desk.setting import Place, Point, Setting, Similarity

__all__ = ["Desk", "Place", "Point", "Setting", "Similarity"]
