"""The ``casehead`` command: what an examiner can do, without a window.

Exit codes: 0 done; 1 done, but something was refused; 2 not understood; 3 cannot be done;
70 an error of the program itself; 130 stopped.
"""
