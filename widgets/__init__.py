"""What the examiner sees: Qt windows over the workbench."""
