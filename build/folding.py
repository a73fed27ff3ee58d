#!/usr/bin/env python3
"""Makes src/Loire.EventLog/Stores/Words/folding.txt from the Unicode data that comes with Python.

Each line: a character, or a range of them, and what it becomes in a search: without capitals, accents and compatibility forms.
In a range, the last code point of the target goes up with the source. All code points are hexadecimal. Characters that are
missing stay as they are; Hangul syllables are left out, because they follow from a formula.
"""
import unicodedata


def folded(text):
    while True:
        again = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        if again == text:
            return "".join(c for c in text if not unicodedata.category(c).startswith("M"))
        text = again


def entries():
    for code in range(0x80, 0x110000):
        category = unicodedata.category(chr(code))
        if category in ("Cn", "Co", "Cs") or category.startswith("M") or 0xAC00 <= code <= 0xD7A3:
            continue
        target = folded(chr(code))
        if target != chr(code) and any(unicodedata.category(c)[0] in "LN" for c in target):
            yield code, [ord(c) for c in target]


def lines():
    first = last = target = None
    for code, to in [*entries(), (None, None)]:
        if first is not None and code == last + 1 and to == target[:-1] + [target[-1] + code - first]:
            last = code
            continue
        if first is not None:
            source = f"{first:x}" if first == last else f"{first:x}-{last:x}"
            yield f"{source} {' '.join(f'{c:x}' for c in target)}"
        first, last, target = code, code, to


print(f"# Unicode {unicodedata.unidata_version}, made by build/folding.py")
print("\n".join(lines()))
