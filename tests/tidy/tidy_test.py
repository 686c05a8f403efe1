#!/usr/bin/env python3
"""The tidy test: holds the budgets and directions of the house over every tracked file.

Run it alone or under pytest. It ends with 1 and a sentence per finding if a rule is broken, and
prints, without holding anyone to it, comment share and tests per room.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import budgets  # noqa: E402
import house  # noqa: E402
import wording  # noqa: E402
from tree import Tree  # noqa: E402

RULES = budgets.RULES + house.RULES + wording.RULES
ROOT = Path(__file__).resolve().parents[2]


def findings(tree):
    """(rule, sentence) for everything that breaks a rule."""
    return [(rule.__name__, sentence) for rule in RULES for sentence in rule(tree)]


def room_row(room, files):
    """Files, lines that are not blank, comments among them, test lines per source line."""
    tests = [file for file in files if file.name.endswith('_test.cc')]
    sources = [file for file in files if file not in tests]
    written = [line for file in sources for line in file.lines if line.strip()]
    comments = sum('//' in line for line in written) / max(len(written), 1)
    ratio = sum(len(file.lines) for file in tests) / max(sum(len(f.lines) for f in sources), 1)
    tested = {file.path.replace('_test.cc', '.cc') for file in tests}
    bodies = [file.path for file in sources if file.name.endswith('.cc')]
    bare = sum(path not in tested for path in bodies)
    return (f'{room:<12}{len(files):>6}{len(written):>8}{comments:>10.0%}{ratio:>13.2f}'
            f'{bare:>8} of {len(bodies)}')


def room_report(tree):
    rows = ['room         files   lines  comments  test:source  sources without a test']
    rows += [room_row(room, files) for room in house.ROOMS
             if (files := [file for file in tree.cxx if file.room == room])]
    return '\n'.join(rows)


def test_the_repository_is_tidy():
    found = findings(Tree(ROOT))
    assert not found, '\n'.join(sentence for _, sentence in found)


def main():
    tree = Tree(sys.argv[1] if len(sys.argv) > 1 else ROOT)
    print(room_report(tree))
    sizes = [len(file.lines) for file in tree.code]
    print(f'{len(sizes)} source files, {sum(sizes)} lines; nine of ten have at most '
          f'{budgets.percentile(sizes, 0.9)}, the longest {max(sizes, default=0)}')
    found = findings(tree)
    for rule, sentence in found:
        print(f'{sentence}  [{rule}]')
    print(f'tidy: {len(found)} findings' if found else 'tidy: nothing found')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
