"""The list of cases: each a function that fills in and damages a `Book`."""

CASES = []


def case(name, program, kind, unit, fault, fill=True, trim=True):
    def add(function):
        CASES.append({"name": name, "program": program, "kind": kind, "unit": unit,
                      "fault": fault, "fill": fill, "trim": trim, "make": function})
        return function
    return add
