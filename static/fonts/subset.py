"""Cuts the fonts down to what the pages need. Run by hand; its results are committed beside it.

    pip install fonttools brotli
    python3 static/fonts/subset.py FOLDER

FOLDER holds the fonts as @fontsource-variable publishes them (version 5.3): literata-{latin,latin-ext,vietnamese} and
atkinson-hyperlegible-next-{latin,latin-ext}, each followed by -wght-normal.woff2. Both are under the SIL Open Font
License (ATKINSON-OFL.txt, LITERATA-OFL.txt), which reserves no font name.

Each font is cut in two or three: the letters, digits and marks that the pages and conversations are written in, which
every visitor fetches, and the rest, which a browser fetches only where a name or a word holds such a letter. Weights
that no page uses are left out, and kerning below a sixtieth of an em.
"""

import io
import string
import sys
from collections import defaultdict
from pathlib import Path

from fontTools import subset
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.otlLib.optimize.gpos import compact
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
TYPOGRAPHIC = "’‘“”–—…\u00a0"
VOICE = string.ascii_letters + string.digits + " !\"'(),-./:;?&" + TYPOGRAPHIC
SANS = VOICE + "@%+=#_*/›·×"
ONE, UI = {"wght": 400}, {"wght": (400, 680)}
FINE, STEP = 16, 8  # kerning in thousandths of an em: the least that is kept, and in steps of how many


def cut(path, limits, keep, features):
    font = TTFont(path)
    have = set(font.getBestCmap())
    options = subset.Options()
    options.layout_features = features
    options.name_IDs = [0, 14]  # whose it is, and where its licence stands
    options.drop_tables += ["vhea", "vmtx", "STAT", "HVAR", "gasp", "prep"]
    options.hinting = options.glyph_names = options.notdef_outline = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for code in have if keep(code)])
    cutter.subset(font)
    font.flavor = None
    made = instantiateVariableFont(again(font), limits)
    if "fvar" in made:
        made["fvar"].instances = []
        made["name"].names = [name for name in made["name"].names if name.nameID < 257]
    return made


def again(font):
    """What the font is once written and read: the tools disagree about names of glyphs otherwise."""
    file = io.BytesIO()
    font.save(file)
    file.seek(0)
    return TTFont(file)


def pairs(font):
    """Kerning by pair of glyphs; within a lookup the first that speaks of a pair decides."""
    table, found = font["GPOS"].table, {}
    lookups = {i for f in table.FeatureList.FeatureRecord if f.FeatureTag == "kern" for i in f.Feature.LookupListIndex}
    for index in sorted(lookups):
        seen = {}
        for part in table.LookupList.Lookup[index].SubTable:
            part = getattr(part, "ExtSubTable", part)
            for left, right, value in pairs_of(part, font.getGlyphOrder()):
                seen.setdefault((left, right), getattr(value, "XAdvance", 0) if value else 0)
        for pair, value in seen.items():
            found[pair] = found.get(pair, 0) + value
    return found


def pairs_of(part, order):
    if part.Format == 1:
        for left, rights in zip(part.Coverage.glyphs, part.PairSet):
            for record in rights.PairValueRecord:
                yield left, record.SecondGlyph, record.Value1
        return
    first, second = part.ClassDef1.classDefs, part.ClassDef2.classDefs
    for left in part.Coverage.glyphs:
        row = part.Class1Record[first.get(left, 0)].Class2Record
        for right in order:
            yield left, right, row[second.get(right, 0)].Value1


def rekern(font):
    """The same kerning, coarser and in classes, the same at every weight."""
    kept = {pair: round(v / STEP) * STEP for pair, v in pairs(font).items() if abs(v) >= FINE}
    rows, columns = defaultdict(dict), defaultdict(dict)
    for (left, right), value in kept.items():
        rows[left][right] = columns[right][left] = value
    lefts, rights = defaultdict(list), defaultdict(list)
    for left, row in rows.items():
        lefts[tuple(sorted(row.items()))].append(left)
    for right, column in columns.items():
        rights[tuple(sorted(column.items()))].append(right)
    group = {right: " ".join(same) for same in rights.values() for right in same}
    rules = []
    for row, same in lefts.items():
        for rest, value in sorted({group[right]: value for right, value in row}.items()):
            rules.append(f"pos [{' '.join(same)}] [{rest}] {value};")
    del font["GPOS"]
    if "GDEF" in font:
        font["GDEF"].table.VarStore, font["GDEF"].table.Version = None, 0x00010000
    if rules:
        addOpenTypeFeaturesFromString(font, f"feature kern {{ {' '.join(rules)} }} kern;", tables=["GPOS"])
        compact(font, 9)


def write(font, name):
    if "GPOS" in font:
        rekern(font)
    font.flavor = "woff2"
    file = HERE / f"{name}.woff2"
    font.save(file)
    print(f"{file.stat().st_size:6} {name:18} {ranges(font)}")


def ranges(font):
    """What stands in the stylesheet as its unicode-range."""
    runs = []
    for code in sorted(font.getBestCmap()):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in runs)


def main(folder):
    literata = lambda part: folder / f"literata-{part}-wght-normal.woff2"
    atkinson = lambda part: folder / f"atkinson-hyperlegible-next-{part}-wght-normal.woff2"
    voice, sans, brand = (set(map(ord, text)) for text in (VOICE, SANS, "Warmly, no"))
    every = lambda code: True
    write(cut(literata("latin"), ONE, voice.__contains__, ["kern", "liga"]), "literata")
    write(cut(literata("latin"), ONE, lambda code: code not in voice, ["kern"]), "literata-rest")
    write(cut(literata("latin-ext"), ONE, lambda code: code < 0x250 or code == 0x20BA, ["kern"]), "literata-ext")
    write(cut(literata("vietnamese"), ONE, lambda code: 0x1EA0 <= code <= 0x1EF9, ["kern"]), "literata-viet")
    write(cut(literata("latin"), {"wght": 600}, brand.__contains__, ["kern"]), "literata-brand")
    write(cut(atkinson("latin"), UI, sans.__contains__, ["kern", "tnum"]), "atkinson")
    write(cut(atkinson("latin"), UI, lambda code: code not in sans, ["kern"]), "atkinson-rest")
    write(cut(atkinson("latin-ext"), UI, every, ["kern"]), "atkinson-ext")


main(Path(sys.argv[1]))
