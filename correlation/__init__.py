"""Comparison of toolmarks on fired cartridge cases: numpy in, values out.

Units are micrometres and degrees throughout; missing values are NaN.
"""
