"""What the desk asks of the workbench, off the GUI thread."""
