"""The tidy test's own test: every rule finds what was planted for it, and nothing else."""
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from functions import cxx_functions, python_functions, shell_functions  # noqa: E402
from tidy_test import findings  # noqa: E402
from tree import Tree  # noqa: E402

OPENING = '// Adds numbers: the whole of this room.\n'
CLEAN = {
    'CHANGELOG.md': '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Adding.\n',
    'README.md': 'See [the base](crossfade/base/README.md) and [more](https://example.org).\n',
    'crossfade/base/CMakeLists.txt': 'crossfade_room(base SOURCES add.cc)\n',
    'crossfade/base/README.md': '# base\n',
    'crossfade/base/add.h': OPENING + 'int add(int a, int b);\n',
    'crossfade/base/add.cc': OPENING + '#include "crossfade/base/add.h"\n\n'
                             'int add(int a, int b) {\n  return a + b;\n}\n',
    'crossfade/data/CMakeLists.txt': 'crossfade_room(data SOURCES sum.cc)\n',
    'crossfade/data/README.md': '# data\n',
    'crossfade/data/sum.cc': OPENING + '#include "crossfade/base/add.h"\n',
}
LONG_BODY = '  use();\n' * 69

# rule: (files that are added or changed, words of the finding)
PLANTED = {
    'files_are_short': ({'run.py': '"""Runs it: all of it."""\n' + 'x = 1\n' * 600}, '601 lines'),
    'functions_are_short': (
        {'crossfade/data/sum.cc': OPENING + 'void Sum::run() {\n' + LONG_BODY + '}\n'},
        'Sum::run has 71 lines'),
    'parameters_are_few': (
        {'crossfade/base/add.h': OPENING + 'int add(int a, int b, int c, int d, int e, int f,\n'
                                           '        std::map<int, int> g);\n'}, 'takes 7'),
    'lines_fit': ({'crossfade/data/sum.cc': OPENING + '//' + 'x' * 99 + '\n'}, '101 columns'),
    'documents_are_short': ({'crossfade/data/README.md': 'x\n' * 151}, '151 lines'),
    'blobs_are_small': ({'big.txt': 'x' * 500001}, '500001 bytes'),
    'includes_point_up': (
        {'crossfade/base/add.cc': OPENING + '#include "crossfade/base/add.h"\n'
                                            '#include "crossfade/data/sum.h"\n',
         'crossfade/data/sum.h': OPENING}, 'data does not stand above base'),
    'outside_headers_stay_behind_one_file': (
        {'crossfade/data/sum.cc': OPENING + '#include <arrow/api.h>\n'}, 'arrow/api.h'),
    'headers_name_no_outside_library': (
        {'crossfade/base/json.h': OPENING + '#include <openssl/evp.h>\n',
         'crossfade/data/sum.cc': OPENING + '#include "crossfade/base/json.h"\n'},
        'header of ours'),
    'includes_are_written_from_the_root': (
        {'crossfade/base/add.cc': OPENING + '#include "add.h"\n'}, 'write "crossfade/base/add.h"'),
    'every_file_is_used': ({'crossfade/data/dead.cc': OPENING}, 'no CMakeLists.txt lists it'),
    'every_room_has_a_readme': (
        {'crossfade/io/CMakeLists.txt': 'crossfade_room(io)\n'}, 'has no README.md'),
    'names_say_what_a_thing_is': ({'docs/string_utils.txt': 'x\n'}, 'string_utils'),
    'files_open_with_a_sentence': ({'crossfade/data/sum.cc': 'int x;\n'}, 'does not open'),
    'nothing_is_left_over': ({'notes.txt': 'TO' + 'DO: later\n'}, 'do it or drop it'),
    'no_machine_shows': ({'notes.txt': 'lies in /ro' + 'ot/x\n'}, 'of one machine'),
    'changelog_is_kept': (
        {'CHANGELOG.md': '# Changelog\n\n## [Unreleased]\n\n### News\n'}, '### News'),
    'links_resolve': ({'README.md': '[gone](docs/gone.md)\n'}, 'docs/gone.md leads nowhere'),
    'modes_are_right': ({'run': '#!/bin/sh\n# Runs it: all of it.\n'}, 'executable'),
}


def tree_of(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    subprocess.run(['git', 'init', '-q'], cwd=folder, check=True)
    subprocess.run(['git', 'add', '-A'], cwd=folder, check=True)
    return Tree(folder)


def test_a_clean_tree_has_no_findings(tmp_path):
    assert findings(tree_of(tmp_path, CLEAN)) == []


@pytest.mark.parametrize('rule', PLANTED)
def test_planted_violation_is_found(tmp_path, rule):
    files, words = PLANTED[rule]
    found = findings(tree_of(tmp_path, CLEAN | files))
    assert any(name == rule and words in sentence for name, sentence in found), found


def test_a_header_that_nobody_includes_is_dead(tmp_path):
    found = findings(tree_of(tmp_path, CLEAN | {'crossfade/data/dead.h': OPENING}))
    assert found == [('every_file_is_used', 'crossfade/data/dead.h: no file includes it')]


def test_only_some_rooms_may_include_io(tmp_path):
    extra = {'crossfade/models/CMakeLists.txt': 'crossfade_room(models SOURCES m.cc)\n',
             'crossfade/models/README.md': '# models\n', 'crossfade/io/README.md': '# io\n',
             'crossfade/io/read.h': OPENING,
             'crossfade/models/m.cc': OPENING + '#include "crossfade/io/read.h"\n'}
    found = findings(tree_of(tmp_path, CLEAN | extra))
    assert [rule for rule, _ in found] == ['includes_point_up'] and 'only' in found[0][1]


def test_a_link_in_git_is_found(tmp_path):
    (tmp_path / 'link').symlink_to('README.md')
    found = findings(tree_of(tmp_path, CLEAN))
    assert [rule for rule, _ in found] == ['modes_are_right']


HARD_CXX = r'''
HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
template <class V, class W = std::vector<std::vector<V>>>
HWY_INLINE float finish(V even, const std::map<int, int>& odd) {
  const char* brace = "} // {";  // }
  return even['}'] + R"x(}})x";
}
#define OPEN {
struct Point final : Base<int> {
  Point(int a, int b = f({1, 2})) : Base{a}, b_{b} {
    auto lambda = [&](int one, int two) { return one + two; };
    if (a) {
    }
  }
  bool operator()(int x) const noexcept { return x; }
  virtual void draw(int x, int y, int z) = 0;
  int count_{0};
};
enum class Colour { kRed };
constexpr std::array<int, 2> kPair{1, 2};
}
CROSSFADE_MODELS(DECLARE)
std::vector<std::string> names() {
  return {"a"};
}
TEST(Suite, Name) {
  run();
}
'''


def test_cxx_functions_are_told_from_everything_else():
    found = {f.name: (f.lines, f.parameters) for f in cxx_functions(HARD_CXX) if f.lines}
    assert found == {'finish': (4, 2), 'Point': (5, 2), 'operator()': (1, 1), 'names': (3, 0),
                     'TEST': (3, 2)}
    declared = {f.name: f.parameters for f in cxx_functions(HARD_CXX) if not f.lines}
    assert declared['draw'] == 3


def test_python_and_shell_functions():
    python = python_functions('class A:\n  def f(self, a, *, b):\n    pass\n')
    assert [(f.name, f.line, f.lines, f.parameters) for f in python] == [('f', 2, 2, 2)]
    shell = shell_functions('say() { echo; }\nrun() {\n  say\n}\n')
    assert [(f.name, f.line, f.lines) for f in shell] == [('run', 2, 3)]
