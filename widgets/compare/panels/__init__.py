"""The drawer beside the evidence and the panels on its pages."""
