"""The list of hostile models: functions that make one, with the code it must be refused with."""

from glb_builder import box

CASES = {}


def hostile(code):
    """Register a function that makes the bytes of a model to be refused with this code."""

    def register(make):
        CASES[make.__name__] = (make, code)
        return make

    return register


def bent(change):
    """A good box whose document was changed by hand."""
    glb = box()
    change(glb.doc)
    return glb.pack()
