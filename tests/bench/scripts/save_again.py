"""Saves workbooks again through openpyxl: part of the returns come back like
that, from other programs than the one that wrote them. One path a line."""
import sys

import openpyxl

with open(sys.argv[1], encoding="utf-8") as paths:
    for path in paths.read().splitlines():
        workbook = openpyxl.load_workbook(path)
        workbook.save(path)
