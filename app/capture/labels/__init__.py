"""Evidence labels: QR codes and bar codes read from a frame, and what their text names."""

from app.capture.labels.naming import LabelNames, LabelParts
from app.capture.labels.reading import Label, read_labels

__all__ = ["Label", "LabelNames", "LabelParts", "read_labels"]
