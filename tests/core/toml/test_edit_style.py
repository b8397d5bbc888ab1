"""New text looks like its neighbours: each case is a rule, with the exact text."""

from __future__ import annotations

from datetime import UTC, datetime, time

from sessionctl.core.toml.document import Document
from tests.together import together

CASES = [
    # -- one key ---------------------------------------------------------------------------
    (
        "a new value stands where the old one stood, before its comment",
        "a = 1   # one\nb = 2\n",
        ("set", "a", 22),
        "a = 22   # one\nb = 2\n",
    ),
    (
        "a new key goes below the last key of its table",
        "a = 1\n\n[t]\nx = 1\n\n# about u\n[u]\n",
        ("set", "t.y", 2),
        "a = 1\n\n[t]\nx = 1\ny = 2\n\n# about u\n[u]\n",
    ),
    (
        "a new key of the document goes above the first header",
        "a = 1\n\n# about t\n[t]\nx = 1\n",
        ("set", "b", 2),
        "a = 1\nb = 2\n\n# about t\n[t]\nx = 1\n",
    ),
    (
        "the first key of the document stands apart from the first header and its comment",
        "#:schema ./x.json\n# about t\n[t]\n",
        ("set", "b", 2),
        "#:schema ./x.json\n\nb = 2\n\n# about t\n[t]\n",
    ),
    (
        "the first key of a table goes right below its header",
        "[t] # t\n# t.y = 1\n\n[u]\n",
        ("set", "t.x", 1),
        "[t] # t\nx = 1\n# t.y = 1\n\n[u]\n",
    ),
    (
        "a key below nothing but a comment does not take the comment",
        "# the head\n",
        ("set", "a", 1),
        "# the head\n\na = 1\n",
    ),
    (
        "a new key may stand before another, above that one's comment",
        "a = 1\n# about b\nb = 2\n",
        ("insert", "x", 0, {"before": "b"}),
        "a = 1\nx = 0\n# about b\nb = 2\n",
    ),
    (
        "a new key may stand after another",
        "a = 1 # one\nb = 2\n",
        ("insert", "x", 0, {"after": "a"}),
        "a = 1 # one\nx = 0\nb = 2\n",
    ),
    (
        "a new key stands after all lines of a dotted table",
        "a.b = 1\na.c = 2\nd = 3\n",
        ("insert", "x", 0, {"after": "a"}),
        "a.b = 1\na.c = 2\nx = 0\nd = 3\n",
    ),
    (
        "a plain key cannot stand after a header, it goes to the other keys",
        "a = 1\n\n[t]\n",
        ("insert", "x", 0, {"after": "t"}),
        "a = 1\nx = 0\n\n[t]\n",
    ),
    (
        "a key that needs quotes gets them",
        "a = 1\n",
        ("set", ("x y",), 2),
        'a = 1\n"x y" = 2\n',
    ),
    # -- white space -----------------------------------------------------------------------
    (
        "the indent is that of the neighbour",
        "[t]\n    x = 1\n\n[u]\n",
        ("set", "t.y", 2),
        "[t]\n    x = 1\n    y = 2\n\n[u]\n",
    ),
    (
        "the first key of a table is indented as in the tables beside it",
        "[t]\n\tx = 1\n\n[u]\n",
        ("set", "u.y", 2),
        "[t]\n\tx = 1\n\n[u]\n\ty = 2\n",
    ),
    (
        "no space around the equals sign where there is none",
        "a=1\n",
        ("set", "b", {"c": [1, 2]}),
        "a=1\n\n[b]\nc=[1, 2]\n",
    ),
    (
        "aligned equals signs stay aligned",
        "short   = 1\nlonger  = 2\nlongest = 3\n",
        ("set", "new", 4),
        "short   = 1\nlonger  = 2\nlongest = 3\nnew     = 4\n",
    ),
    (
        "a key too long for the column reaches over it",
        "a    = 1\nlong = 2\n",
        ("set", "longest", 3),
        "a    = 1\nlong = 2\nlongest = 3\n",
    ),
    (
        "keys of one length are not aligned",
        "aa = 1\nbb = 2\n",
        ("set", "c", 3),
        "aa = 1\nbb = 2\nc = 3\n",
    ),
    (
        "one padded key is not a column",
        "a   = 1\nb = 2\n",
        ("set", "c", 3),
        "a   = 1\nb = 2\nc = 3\n",
    ),
    (
        "alignment ends at a blank line",
        "a   = 1\nbbb = 2\n\nc = 3\n",
        ("set", "d", 4),
        "a   = 1\nbbb = 2\n\nc = 3\nd = 4\n",
    ),
    (
        "a new table aligns its keys where the tables beside it do",
        "[t]\na   = 1\nbbb = 2\n",
        ("set", "u", {"x": 1, "yyyyy": 2}),
        "[t]\na   = 1\nbbb = 2\n\n[u]\nx     = 1\nyyyyy = 2\n",
    ),
    (
        "a renamed key keeps the equals sign in its column",
        "short = 1\nlong  = 2\n",
        ("rename", "long", "lo"),
        "short = 1\nlo    = 2\n",
    ),
    (
        "a key renamed to a long name pushes the equals sign",
        "short = 1\nlong  = 2\n",
        ("rename", "long", "longest"),
        "short = 1\nlongest = 2\n",
    ),
    (
        "new lines end as the lines before",
        "a = 1\r\n\r\n[t]\r\nx = 1\r\n",
        ("set", "t.y", {"z": [1]}),
        "a = 1\r\n\r\n[t]\r\nx = 1\r\n\r\n[t.y]\r\nz = [1]\r\n",
    ),
    (
        "a text without a final newline stays without",
        "a = 1",
        ("set", "b", 2),
        "a = 1\nb = 2",
    ),
    (
        "a table below a text without a final newline, too",
        "[a]\r\nx = 1",
        ("set", "b.y", 2),
        "[a]\r\nx = 1\r\n\r\n[b]\r\ny = 2",
    ),
    (
        "without the last line, the line before has no newline either",
        "a = 1\r\nb = 2",
        ("delete", "b"),
        "a = 1",
    ),
    (
        "the last key without a newline leaves nothing",
        "a = 1",
        ("delete", "a"),
        "",
    ),
    (
        "a byte order mark stays first",
        "\ufeffa = 1\n",
        ("insert", "b", 2, {"before": "a"}),
        "\ufeffb = 2\na = 1\n",
    ),
    (
        "a byte order mark outlives everything else",
        "\ufeff# a\na = 1",
        ("delete", "a"),
        "\ufeff",
    ),
    (
        "blank lines that would double go, the longer run stays",
        "a = 1\n\nb = 2\n\n\n[t]\n",
        ("delete", "b"),
        "a = 1\n\n\n[t]\n",
    ),
    (
        "no blank lines are left at the start",
        "a = 1\n\nb = 2\n",
        ("delete", "a"),
        "b = 2\n",
    ),
    (
        "no blank lines are left at the end",
        "a = 1\n\nb = 2\n",
        ("delete", "b"),
        "a = 1\n",
    ),
    # -- strings ---------------------------------------------------------------------------
    (
        "a string takes the quotes of its neighbours",
        "a = 'x'\n",
        ("set", "b", "y"),
        "a = 'x'\nb = 'y'\n",
    ),
    (
        "a string keeps its own quotes",
        'a = "x"\nb = \'x\'\nc = "x"\n',
        ("set", "b", "y"),
        'a = "x"\nb = \'y\'\nc = "x"\n',
    ),
    (
        "a string that its quotes cannot hold takes the others",
        "a = 'x'\n",
        ("set", "a", "it's"),
        'a = "it\'s"\n',
    ),
    (
        "quotes that were needed are no habit",
        "a = 'x'\nb = \"it's\"\n",
        ("set", "c", "y"),
        "a = 'x'\nb = \"it's\"\nc = 'y'\n",
    ),
    (
        "line breaks are escaped where no string has several lines",
        'a = "x"\n',
        ("set", "a", "x\ny"),
        'a = "x\\ny"\n',
    ),
    (
        "a string of several lines stays one",
        'a = """\nx\ny\n"""\n',
        ("set", "a", 'one\ntwo"""\\\n'),
        'a = """\none\ntwo""\\"\\\\\n"""\n',
    ),
    (
        "a literal string of several lines stays one, on the line it started",
        "a = '''x\ny'''\n",
        ("set", "a", "one\n\\d"),
        "a = '''one\n\\d'''\n",
    ),
    (
        "a literal string of several lines that cannot hold the text becomes basic",
        "a = '''x\ny'''\n",
        ("set", "a", "one\n'''"),
        'a = """one\n\'\'\'"""\n',
    ),
    (
        "a string of several lines takes the line ends of the file",
        'a = """\r\nx\r\n"""\r\n',
        ("set", "a", "one\ntwo\n"),
        'a = """\r\none\r\ntwo\r\n"""\r\n',
    ),
    (
        "a first empty line is kept by another",
        'a = """x\ny"""\n',
        ("set", "a", "\nx"),
        'a = """\n\nx"""\n',
    ),
    # -- dates -----------------------------------------------------------------------------
    (
        "dates are RFC 3339",
        "a = 1\n",
        ("set", "a", [datetime(2024, 1, 2, 3, 4, 5, 60000, UTC), time(1, 2, 3)]),
        "a = [2024-01-02T03:04:05.06Z, 01:02:03]\n",
    ),
    # -- tables ----------------------------------------------------------------------------
    (
        "a new table goes last, parted by as many blank lines as its neighbours",
        "[a]\nx = 1\n\n\n[b]\ny = 1\n",
        ("set", "c", {"z": 1}),
        "[a]\nx = 1\n\n\n[b]\ny = 1\n\n\n[c]\nz = 1\n",
    ),
    (
        "tables without blank lines get none",
        "[a]\nx = 1\n[b]\ny = 1\n",
        ("set", "c", {"z": 1}),
        "[a]\nx = 1\n[b]\ny = 1\n[c]\nz = 1\n",
    ),
    (
        "blank lines at the end count",
        "[a]\nx = 1\n\n",
        ("set", "b", {"y": 1}),
        "[a]\nx = 1\n\n[b]\ny = 1\n",
    ),
    (
        "a sub-table goes behind the last section of its parent",
        "[a]\nx = 1\n\n[a.b]\ny = 1\n# z = 1\n\n# about c\n[c]\n",
        ("set", "a.d", {"z": 1}),
        "[a]\nx = 1\n\n[a.b]\ny = 1\n# z = 1\n\n[a.d]\nz = 1\n\n# about c\n[c]\n",
    ),
    (
        "a table is written inline where its neighbours are",
        'a = { x = 1 }\nb = {}\n\n[t]\np = { s = "q" }\n',
        ("set", "t.r", {"s": "t"}),
        'a = { x = 1 }\nb = {}\n\n[t]\np = { s = "q" }\nr = { s = "t" }\n',
    ),
    (
        "a table is written as the table of the same name elsewhere",
        '[c.prod]\nport = 1\npassword = { secret = "p" }\n\n[c.dev]\nport = 2\n',
        ("set", "c.dev.password", {"secret": "d"}),
        '[c.prod]\nport = 1\npassword = { secret = "p" }\n\n'
        '[c.dev]\nport = 2\npassword = { secret = "d" }\n',
    ),
    (
        "a table is written with dots where its neighbours are",
        "a.b = 1\na.c.d = 2\ne = 3\n",
        ("set", "a.f", {"g": 1, "h": {"i": 2}, "j": {}}),
        "a.b = 1\na.c.d = 2\na.f.g = 1\na.f.h.i = 2\na.f.j = {}\ne = 3\n",
    ),
    (
        "a key of a dotted table is dotted as its neighbours, with their spelling",
        "[t]\n'a' . b = 1\nc = 2\n",
        ("set", "t.a.d", 2),
        "[t]\n'a' . b = 1\n'a'.d = 2\nc = 2\n",
    ),
    (
        "missing tables are made, without headers that hold nothing",
        "x = 1\n",
        ("set", "a.b.c", 1),
        "x = 1\n\n[a.b]\nc = 1\n",
    ),
    (
        "a key of a table that only its sub-tables name gets the header, above them",
        "x = 1\n\n# b\n[a.b]\ny = 1\n",
        ("set", "a.z", 2),
        "x = 1\n\n[a]\nz = 2\n\n# b\n[a.b]\ny = 1\n",
    ),
    (
        "inline padding and equals signs are those of the neighbours",
        "a = {x=1}\n",
        ("set", "b", {"y": 1, "z": 2}),
        "a = {x=1}\nb = {y=1, z=2}\n",
    ),
    (
        "an entry joins an inline table in its spacing",
        "a = {x=1,y=2}\n",
        ("set", "a.z", 3),
        "a = {x=1,y=2, z=3}\n",
    ),
    (
        "an entry may stand before another",
        "a = { x = 1, y.z = 2 }\n",
        ("insert", "a.new", 0, {"before": "y"}),
        "a = { x = 1, new = 0, y.z = 2 }\n",
    ),
    (
        "an entry may stand after another",
        "a = { x.y = 1, x.z = 2, w = 3 }\n",
        ("insert", "a.new", 0, {"after": "x"}),
        "a = { x.y = 1, x.z = 2, new = 0, w = 3 }\n",
    ),
    (
        "a list of tables becomes headers where there are headers",
        "[t]\nx = 1\n",
        ("set", "a", [{"x": 1}, {"x": 2, "b": [{"y": 1}]}]),
        "[t]\nx = 1\n\n[[a]]\nx = 1\n\n[[a]]\nx = 2\n\n[[a.b]]\ny = 1\n",
    ),
    (
        "a list of tables stays inline where all is inline",
        "t = { x = 1 }\n",
        ("set", "a", [{"x": 1}]),
        "t = { x = 1 }\na = [{ x = 1 }]\n",
    ),
    (
        "an element takes the layout of those before, sub-tables too",
        "[[a]]\nx = 1\n  [[a.b]]\n    y = 1\n\n[[a]]\nx = 2\n\n[c]\n",
        ("append", "a", {"x": 3, "b": [{"y": 3}]}),
        "[[a]]\nx = 1\n  [[a.b]]\n    y = 1\n\n[[a]]\nx = 2\n\n"
        "[[a]]\nx = 3\n  [[a.b]]\n    y = 3\n\n[c]\n",
    ),
    (
        "an element goes behind the sections of the element before, wherever they are",
        "[[a]]\nx = 1\n\n[b]\n\n[a.c]\ny = 1\n\n[d]\n",
        ("append", "a", {"x": 2}),
        "[[a]]\nx = 1\n\n[b]\n\n[a.c]\ny = 1\n\n[[a]]\nx = 2\n\n[d]\n",
    ),
    (
        "an element goes above the comment of the one it pushes down",
        "# one\n[[a]]\nx = 1\n\n# two\n[[a]]\nx = 2\n",
        ("insert", "a[1]", {"x": 9}),
        "# one\n[[a]]\nx = 1\n\n[[a]]\nx = 9\n\n# two\n[[a]]\nx = 2\n",
    ),
    (
        "the first element of an empty array is a table with a header again",
        "a = [] # none\n\n[t]\n",
        ("append", "a", {"x": 1}),
        "[t]\n\n[[a]] # none\nx = 1\n",
    ),
    (
        "a new array of tables may be appended to",
        "[t]\nx = 1\n",
        ("append", "a", {"y": 1}),
        "[t]\nx = 1\n\n[[a]]\ny = 1\n",
    ),
    (
        "a table may stand before another, above its comment",
        "# a\n[a]\n\n# c\n[c]\n",
        ("insert", "b", {"x": 1}, {"before": "c"}),
        "# a\n[a]\n\n[b]\nx = 1\n\n# c\n[c]\n",
    ),
    (
        "a table may stand after another with all its sub-tables",
        "[a]\n\n[a.b]\nx = 1\n\n[c]\n",
        ("insert", "b", {"x": 1}, {"after": "a"}),
        "[a]\n\n[a.b]\nx = 1\n\n[b]\nx = 1\n\n[c]\n",
    ),
    (
        "a table cannot stand after a plain key, it goes to the other tables",
        "a = 1\nb = 2\n\n[t]\nx = 1\n",
        ("insert", "u", {"y": 1}, {"after": "a"}),
        "a = 1\nb = 2\n\n[t]\nx = 1\n\n[u]\ny = 1\n",
    ),
    (
        "a header of a dotted table goes behind all keys of the section",
        "a.b = 1\nc = 2\n\n[t]\n",
        ("set", "a.n", [{"x": 1}]),
        "a.b = 1\nc = 2\n\n[[a.n]]\nx = 1\n\n[t]\n",
    ),
    (
        "a table of a super table is dotted where its like are",
        "[t]\np.q = 1\n\n[a.b]\n",
        ("set", "a.p", {"q": 2}),
        "[t]\np.q = 1\n\n[a]\np.q = 2\n\n[a.b]\n",
    ),
    # -- arrays ----------------------------------------------------------------------------
    (
        "an item is appended in the line",
        "a = [ 1, 2 ]\n",
        ("append", "a", 3),
        "a = [ 1, 2, 3 ]\n",
    ),
    (
        "an item is appended on a line of its own, with its comma",
        "a = [\n    1, # one\n    2, # two\n]\n",
        ("append", "a", 3),
        "a = [\n    1, # one\n    2, # two\n    3,\n]\n",
    ),
    (
        "an item is appended without a comma where the last has none",
        "a = [\n  1,\n  2 # two\n]\n",
        ("append", "a", 3),
        "a = [\n  1,\n  2, # two\n  3\n]\n",
    ),
    (
        "an item goes above the comment of the one it pushes down",
        "a = [\n  1,\n  # two\n  2,\n]\n",
        ("insert", "a[1]", 9),
        "a = [\n  1,\n  9,\n  # two\n  2,\n]\n",
    ),
    (
        "items that share lines take one more",
        "a = [\n  1, 2,\n  3, 4,\n]\n",
        ("insert", "a[2]", 9),
        "a = [\n  1, 2,\n  9, 3, 4,\n]\n",
    ),
    (
        "lines that start with the comma stay so",
        "a = [ 1 # one\n    , 2\n    ]\n",
        ("append", "a", 3),
        "a = [ 1 # one\n    , 2\n    , 3\n    ]\n",
    ),
    (
        "a line that starts with the comma may come between",
        "a = [ 1\n    # two\n    , 2\n    ]\n",
        ("insert", "a[1]", 9),
        "a = [ 1\n    , 9\n    # two\n    , 2\n    ]\n",
    ),
    (
        "a line that starts with the comma keeps its indentation, gap and newline",
        "a = [ 1\r\n\t,  2\r\n\t,  3\r\n\t]\r\n",
        ("insert", "a[2]", 9),
        "a = [ 1\r\n\t,  2\r\n\t,  9\r\n\t,  3\r\n\t]\r\n",
    ),
    (
        "a comma without a gap behind it stays so",
        "a = [ 1\n    ,2\n    ]\n",
        ("append", "a", 9),
        "a = [ 1\n    ,2\n    ,9\n    ]\n",
    ),
    (
        "one comma within a line is enough, and lines do not start with it",
        "a = [ 1\n    , 2, 3\n    ]\n",
        ("append", "a", 9),
        "a = [ 1\n    , 2, 3, 9\n    ]\n",
    ),
    (
        "a comma that has its line to itself is no line that starts with it",
        "a = [ 1\n    ,\n    2\n    ]\n",
        ("append", "a", 9),
        "a = [ 1\n    ,\n    2,\n    9\n    ]\n",
    ),
    (
        "a bracket behind the last item leaves no line to add",
        "a = [ 1\n    , 2 ]\n",
        ("append", "a", 9),
        "a = [ 1\n    , 2, 9 ]\n",
    ),
    (
        "a comma behind the last item stays the last",
        "a = [ 1\n    , 2\n    ,\n    ]\n",
        ("append", "a", 9),
        "a = [ 1\n    , 2\n    , 9,\n    ]\n",
    ),
    (
        "an element takes the quotes and spacing of its neighbours",
        "a = [{x='1'}]\nb = \"x\"\n",
        ("append", "a", {"x": "2"}),
        "a = [{x='1'}, {x='2'}]\nb = \"x\"\n",
    ),
    (
        "a new array is laid out as the one beside it",
        "a = [\n    1,\n    2\n]\n",
        ("set", "b", ["x", "y"]),
        'a = [\n    1,\n    2\n]\nb = [\n    "x",\n    "y"\n]\n',
    ),
    (
        "a new array in an indented table is indented with it",
        "[t]\n  a = [\n    1,\n  ]\n",
        ("set", "t.b", [1, [2, 3]]),
        "[t]\n  a = [\n    1,\n  ]\n  b = [\n    1,\n    [2, 3],\n  ]\n",
    ),
    (
        "an array that is too long for a line gets more",
        "a = 1\n",
        ("set", "b", ["x" * 50, "y" * 50]),
        f'a = 1\nb = [\n  "{"x" * 50}",\n  "{"y" * 50}",\n]\n',
    ),
    (
        "the first item of an inner empty array stands in its brackets",
        "a = [[], 1]\n",
        ("append", "a[0]", {"x": 1}),
        "a = [[{ x = 1 }], 1]\n",
    ),
    (
        "the items of one line are put in order in it",
        "a = [ 1,2, 3 ] # one\n",
        ("set", "a", [3, 1, 2]),
        "a = [ 3,1,2 ] # one\n",
    ),
    (
        "the first item of an empty array stands in its brackets",
        "a = [ ]\n",
        ("append", "a", 1),
        "a = [1]\n",
    ),
    (
        "the first item of an empty array with a comment does not take the comment",
        "a = [\n    # none\n]\n",
        ("append", "a", 1),
        "a = [\n    # none\n\n    1,\n]\n",
    ),
    (
        "the first item of an empty array with lines is indented",
        "a = [\n]\n",
        ("append", "a", 1),
        "a = [\n  1,\n]\n",
    ),
    (
        "a new array in an inline table stays on its line",
        "a = [\n  1,\n  2,\n]\nb = { x = 1 }\n",
        ("set", "b.y", [1, 2]),
        "a = [\n  1,\n  2,\n]\nb = { x = 1, y = [1, 2] }\n",
    ),
    # -- another kind of value -------------------------------------------------------------
    (
        "a value that becomes a table takes its comments along",
        "# about a\na = 1 # one\nb = 2\n\n[c]\n",
        ("set", "a", {"x": 1}),
        "b = 2\n\n[c]\n\n# about a\n[a] # one\nx = 1\n",
    ),
    (
        "a value that becomes an inline table stays where it is",
        "# about a\na = 1 # one\nb = { y = 1 }\n",
        ("set", "a", {"x": 1}),
        "# about a\na = { x = 1 } # one\nb = { y = 1 }\n",
    ),
    (
        "a value that becomes dotted keys stays where it is",
        "# about b\na.b = 1 # one\na.c.d = 2\n",
        ("set", "a.b", {"x": 1, "y": 2}),
        "# about b\na.b.x = 1 # one\na.b.y = 2\na.c.d = 2\n",
    ),
    (
        "a table that becomes a value joins the keys of its parent, with its comments",
        "a = 1\n\n# about b\n[b] # two\nx = 1\n\n[c]\n",
        ("set", "b", 2),
        "a = 1\n# about b\nb = 2 # two\n\n[c]\n",
    ),
    (
        "a sub-table that becomes a value gets the header of its parent",
        "# about b\n[a.b]\nx = 1\n\n[c]\n",
        ("set", "a.b", 2),
        "[a]\n# about b\nb = 2\n\n[c]\n",
    ),
    (
        "dotted keys that become a value become one line",
        "# about b\na.b.x = 1 # x\na.b.y = 2\na.c = 3\n",
        ("set", "a.b", 2),
        "# about b\na.b = 2 # x\na.c = 3\n",
    ),
    (
        "a table that becomes an array of tables stays where it is",
        "# about a\n[a] # t\nx = 1\n\n[b]\n",
        ("set", "a", [{"x": 1}, {"x": 2}]),
        "# about a\n[[a]] # t\nx = 1\n\n[[a]]\nx = 2\n\n[b]\n",
    ),
    (
        "an array of tables that becomes a table stays where it is",
        "# about a\n[[a]]\nx = 1\n\n# second\n[[a]]\nx = 2\n\n[b]\n",
        ("set", "a", {"x": 3}),
        "# about a\n[a]\nx = 3\n\n[b]\n",
    ),
    (
        "an array of tables that takes a number is written as a value",
        "# about a\n[[a]]\nx = 1\n\n[b]\n",
        ("append", "a", 2),
        "# about a\na = [{ x = 1 }, 2]\n\n[b]\n",
    ),
    (
        "a dotted table in an inline one may become a value",
        "a = { b = 1, c.d = 2, c.e = 3 }\n",
        ("set", "a.c", 4),
        "a = { b = 1, c = 4 }\n",
    ),
    (
        "a dotted value keeps its place and comment when headers would be the habit",
        "# about b\na.b = 1\n\n[x.y]\n",
        ("set", "a.b", {"z": 1}),
        "# about b\na.b = { z = 1 }\n\n[x.y]\n",
    ),
    (
        "a value in CRLF that is all there is becomes a table in CRLF",
        "a = 1\r\n",
        ("set", "a", {"x": 1}),
        "[a]\r\nx = 1\r\n",
    ),
    (
        "a plain value among others becomes an inline table where it stands",
        '[needs]\nserde = "1.0" # why\ntokio = "1"\n\n[z]\n',
        ("set", "needs.serde", {"version": "1.0", "optional": True}),
        '[needs]\nserde = { version = "1.0", optional = true } # why\ntokio = "1"\n\n[z]\n',
    ),
    (
        "a number among others becomes an inline table where it stands",
        "a = 1\nb = 2\nc = 3\n",
        ("set", "b", {"x": 1}),
        "a = 1\nb = { x = 1 }\nc = 3\n",
    ),
    (
        "a plain value becomes a header where the tables beside it have one",
        "[p]\na = 1\nb = 2\n\n[p.c]\nx = 1\n",
        ("set", "p.a", {"x": 2}),
        "[p]\nb = 2\n\n[p.c]\nx = 1\n\n[p.a]\nx = 2\n",
    ),
    (
        "a plain value that becomes a table with tables in it gets headers",
        '[needs]\nserde = "1.0"\ntokio = "1"\n\n[z]\n',
        ("set", "needs.serde", {"version": "1", "on": {"linux": {"x": 1}}}),
        '[needs]\ntokio = "1"\n\n[needs.serde]\nversion = "1"\n\n'
        "[needs.serde.on.linux]\nx = 1\n\n[z]\n",
    ),
    (
        "a new table in a map of texts is one more line of it",
        '[needs]\nserde = "1.0"\ntokio = "1"\n\n[z]\n',
        ("set", "needs.rand", {"version": "0.8"}),
        '[needs]\nserde = "1.0"\ntokio = "1"\nrand = { version = "0.8" }\n\n[z]\n',
    ),
    (
        "a new table in a map of texts that is too long for a line gets a header",
        '[needs]\nserde = "1.0"\ntokio = "1"\n\n[z]\n',
        ("set", "needs.rand", {"version": "0.8", "description": 60 * "x"}),
        '[needs]\nserde = "1.0"\ntokio = "1"\n\n'
        f'[needs.rand]\nversion = "0.8"\ndescription = "{60 * "x"}"\n\n[z]\n',
    ),
    (
        "a new table beside values of several kinds gets a header",
        '[server]\nhost = "a"\nport = 1\n\n[z]\n',
        ("set", "server.tls", {"key": "k"}),
        '[server]\nhost = "a"\nport = 1\n\n[server.tls]\nkey = "k"\n\n[z]\n',
    ),
    (
        "a reference in a missing table is one line below its header",
        'name = "a"\n\n[[windows]]\nname = "w"\n',
        ("set", "env.X", {"secret": "p"}),
        'name = "a"\n\n[[windows]]\nname = "w"\n\n[env]\nX = { secret = "p" }\n',
    ),
    (
        "a table of one key in a missing table has a header, as one of several keys has",
        '[package]\nname = "a"\n',
        ("set", "needs.rand", {"version": "0.8"}),
        '[package]\nname = "a"\n\n[needs.rand]\nversion = "0.8"\n',
    ),
    (
        "a reference beside values of several kinds is one line",
        '[connections.prod]\nhost = "a"\nport = 1\n',
        ("set", "connections.prod.password", {"secret": "p"}),
        '[connections.prod]\nhost = "a"\nport = 1\npassword = { secret = "p" }\n',
    ),
    (
        "missing tables above a plain value are one header",
        'a = "a"\n',
        ("set", "connections.prod.host", "h"),
        'a = "a"\n\n[connections.prod]\nhost = "h"\n',
    ),
    (
        "a new table in a sorted map goes to its place, above the comment of the next",
        '[needs]\na = "1"\nc = "1"\n# about serde\nserde = "1"\ntokio = { path = "t" }\n',
        ("set", "needs.rand", {"version": "0.8"}),
        '[needs]\na = "1"\nc = "1"\nrand = { version = "0.8" }\n'
        '# about serde\nserde = "1"\ntokio = { path = "t" }\n',
    ),
    (
        "a new text in a sorted map goes to its place, in any case",
        '[needs]\nA = "1"\nb = "1"\nD = "1"\ne = "1"\n',
        ("set", "needs.c", "2"),
        '[needs]\nA = "1"\nb = "1"\nc = "2"\nD = "1"\ne = "1"\n',
    ),
    (
        "a new key in a table that is no map goes to its end, though it is sorted",
        '[server]\nhost = "a"\nname = "n"\nport = 1\nuser = "u"\n',
        ("set", "server.database", "d"),
        '[server]\nhost = "a"\nname = "n"\nport = 1\nuser = "u"\ndatabase = "d"\n',
    ),
    # -- renamed ---------------------------------------------------------------------------
    (
        "a table is renamed in all of its headers",
        "[a]\nx = 1\n\n[b]\n\n[a.c] # c\n[[a.d]]\n",
        ("rename", "a", "z z"),
        '["z z"]\nx = 1\n\n[b]\n\n["z z".c] # c\n[["z z".d]]\n',
    ),
    (
        "a dotted table is renamed in all of its lines",
        "[t]\na.b.c = 1\na . 'b'.d = 2 # two\n",
        ("rename", "t.a.b", "z"),
        "[t]\na.z.c = 1\na . z.d = 2 # two\n",
    ),
    (
        "an entry of an inline table is renamed",
        "a = { b.c = 1, b.d = 2 }\n",
        ("rename", "a.b", "z"),
        "a = { z.c = 1, z.d = 2 }\n",
    ),
    (
        "a key below renamed headers is left alone",
        "[a.b]\nb = 1\n",
        ("rename", "a", "z"),
        "[z.b]\nb = 1\n",
    ),
]


def edited(text, edit):
    name, *arguments = edit
    options = arguments.pop() if isinstance(arguments[-1], dict) and len(arguments) > 2 else {}
    return getattr(Document.parse(text), name)(*arguments, **options).text


@together(("text", "edit", "after"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_new_text(text, edit, after):
    assert edited(text, edit) == after


LAYOUTS = {
    "the line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "a byte order mark": lambda text: f"\ufeff{text}",
    "no line end at the end": lambda text: text.removesuffix("\n"),
}


@together("layout", LAYOUTS)
@together(
    ("text", "edit", "after"),
    [
        case[1:]
        for case in CASES
        # What has one of these layouts, or a string of several lines, already.
        if case[1] and not any(sign in case[1] + case[3] for sign in ("\r", "\ufeff", '"""', "'''"))
    ],
)
def test_new_text_is_the_same_in_every_layout(layout, text, edit, after):
    laid_out = LAYOUTS[layout]
    if laid_out(text) != text and not text.endswith("\n\n"):
        assert edited(laid_out(text), edit) == laid_out(after)
