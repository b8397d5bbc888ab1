"""Where each value, key and table of a document is, and how its path is shown."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.key_places import KeyPlaces
from tests.together import together

TEXT = """\
a.b = 1
'c' . "d e" = { f.g = [1, { h = 2 }], "i" = "x" }
[x.y]
z = [10, { w = true }]
[[items]]
name = "one"
id = "1"
[[items]]
name = "one"
id = "2"
[[items]]
id = "2"
[items.sub.deep]
k = 1
[[other]]
x = "p"
[[other]]
x = "q"
y = "r"
[[dot.list]]
label = 1
"""
PLACES = KeyPlaces(Document.parse(TEXT))


def at(span):
    return f"{span.start}:{TEXT[span.start : span.end]}"


def item_key(path):
    return "x" if str(path) == "other" else None


@together(
    ("path", "value", "key", "table", "shown"),
    [
        ("", "0:", "0:", "0:", ""),
        ("a", "0:a", "0:a", "0:a", "a"),
        ("a.b", "6:1", "2:b", "2:b", "a.b"),
        ("c", "8:'c'", "8:'c'", "8:'c'", "c"),
        ('c."d e"', '22:{ f.g = [1, { h = 2 }], "i" = "x" }', '14:"d e"', '14:"d e"', 'c."d e"'),
        ('c."d e".f', "24:f", "24:f", "24:f", 'c."d e".f'),
        ('c."d e".f.g', "30:[1, { h = 2 }]", "26:g", "26:g", 'c."d e".f.g'),
        ('c."d e".f.g[0]', "31:1", "31:1", "31:1", 'c."d e".f.g[0]'),
        ('c."d e".f.g[1]', "34:{ h = 2 }", "34:{ h = 2 }", "34:{", 'c."d e".f.g[1]'),
        ('c."d e".f.g[1].h', "40:2", "36:h", "36:h", 'c."d e".f.g[1].h'),
        ('c."d e".i', '52:"x"', '46:"i"', '46:"i"', 'c."d e".i'),
        ("x", "59:x", "59:x", "59:x", "x"),
        ("x.y", "58:[x.y]", "61:y", "58:[x.y]", "x.y"),
        ("x.y.z", "68:[10, { w = true }]", "64:z", "64:z", "x.y.z"),
        ("x.y.z[0]", "69:10", "69:10", "69:1", "x.y.z[0]"),
        ("x.y.z[1]", "73:{ w = true }", "73:{ w = true }", "73:{", "x.y.z[1]"),
        ("x.y.z[1].w", "79:true", "75:w", "75:w", "x.y.z[1].w"),
        ("items", "87:[[items]]", "89:items", "89:items", "items"),
        ("items[0]", "87:[[items]]", "87:[[items]]", "87:[[items]]", "items[id=1]"),
        ("items[0].name", '104:"one"', "97:name", "97:name", "items[id=1].name"),
        ("items[0].id", '115:"1"', "110:id", "110:id", "items[id=1].id"),
        ("items[1]", "119:[[items]]", "119:[[items]]", "119:[[items]]", "items[1]"),
        ("items[1].name", '136:"one"', "129:name", "129:name", "items[1].name"),
        ("items[1].id", '147:"2"', "142:id", "142:id", "items[1].id"),
        ("items[2]", "151:[[items]]", "151:[[items]]", "151:[[items]]", "items[2]"),
        ("items[2].id", '166:"2"', "161:id", "161:id", "items[2].id"),
        ("items[2].sub", "177:sub", "177:sub", "177:sub", "items[2].sub"),
        (
            "items[2].sub.deep",
            "170:[items.sub.deep]",
            "181:deep",
            "170:[items.sub.deep]",
            "items[2].sub.deep",
        ),
        ("items[2].sub.deep.k", "191:1", "187:k", "187:k", "items[2].sub.deep.k"),
        ("other", "193:[[other]]", "195:other", "195:other", "other"),
        ("other[0]", "193:[[other]]", "193:[[other]]", "193:[[other]]", "other[x=p]"),
        ("other[0].x", '207:"p"', "203:x", "203:x", "other[x=p].x"),
        ("other[1]", "211:[[other]]", "211:[[other]]", "211:[[other]]", "other[x=q]"),
        ("other[1].x", '225:"q"', "221:x", "221:x", "other[x=q].x"),
        ("other[1].y", '233:"r"', "229:y", "229:y", "other[x=q].y"),
        ("dot", "239:dot", "239:dot", "239:dot", "dot"),
        ("dot.list", "237:[[dot.list]]", "243:list", "243:list", "dot.list"),
        ("dot.list[0]", "237:[[dot.list]]", "237:[[dot.list]]", "237:[[dot.list]]", "dot.list[0]"),
        ("dot.list[0].label", "258:1", "250:label", "250:label", "dot.list[0].label"),
    ],
)
def test_each_part_has_its_place(path, value, key, table, shown):
    path = KeyPath.parse(path)
    assert at(PLACES.value(path)) == value
    assert at(PLACES.key(path)) == key
    assert at(PLACES.table(path)) == table
    assert str(PLACES.shown(path, item_key)) == shown
