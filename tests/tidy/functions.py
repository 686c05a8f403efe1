"""Finds the functions of C++, Python and shell files with their lengths and parameters.

C++ is read by matching braces over text from which comments, strings and preprocessor lines are
blanked; it is meant for code as clang-format leaves it. A lambda counts to the function it is in.
"""
import ast
import re
from dataclasses import dataclass


@dataclass
class Function:
    name: str
    line: int  # where its signature begins, from 1
    lines: int  # signature (without template<...>) to closing brace; 0 for a declaration
    parameters: int


_CXX_NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/'  # comments
    r'|R"(?P<tag>[^()\s]*)\(.*?\)(?P=tag)"'  # raw strings
    r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-zA-Z_])\'(?:\\.|[^\'\\\n])+\''  # strings and characters
    r'|^[ \t]*#(?:\\\n|[^\n])*',  # preprocessor lines, with their continuations
    re.S | re.M)


def blank_cxx(text):
    """The text with comments, strings and preprocessor lines as spaces; same length and lines."""
    return _CXX_NOISE.sub(lambda found: re.sub(r'[^\n]', ' ', found.group()), text)


def _matching(text, at):
    """Index of the bracket that closes the one at `at` (or the end of the text)."""
    pairs = {'(': ')', '{': '}', '[': ']', '<': '>'}
    opening, closing, depth = text[at], pairs[text[at]], 0
    for index in range(at, len(text)):
        if text[index] == opening:
            depth += 1
        elif text[index] == closing and not (closing == '>' and text[index - 1] == '-'):
            depth -= 1
            if depth == 0:
                return index
    return len(text) - 1


def _count_parameters(inside):
    """Commas outside all brackets, plus one."""
    depth, count = 0, 1
    for index, char in enumerate(inside):
        if char in '([{<':
            depth += 1
        elif char in ')]}' or (char == '>' and inside[index - 1] != '-'):
            depth -= 1
        elif char == ',' and depth == 0:
            count += 1
    return 0 if inside.strip() in ('', 'void') else count


def _strip_templates(head):
    """The head without template<...>, requires(...) and leading calls of macros."""
    while True:
        head = head.lstrip()
        if re.match(r'template\s*<', head):
            head = head[_matching(head, head.index('<')) + 1:]
        elif re.match(r'(requires|alignas|explicit|__attribute__)\s*\(', head):
            head = head[_matching(head, head.index('(')) + 1:]
        elif re.match(r'\[\[', head):
            head = head[head.index(']]') + 2:]
        elif macro := re.match(r'[A-Z][A-Z0-9_]+\s*\([^()]*\)\s+(?=[\w\[])', head):
            head = head[macro.end():]
        else:
            return head


_NAME = re.compile(
    r'((?:[\w:]|(?<=\w)<[^()]*?>(?=::))*?(?:\boperator\s*(?:\(\)|[^\s(]+)|~?\w+))\s*\(')


def _signature(head):
    """(name, number of parameters) of a function's head, or None if it is none."""
    head = _strip_templates(head)
    if re.match(r'(using|typedef|namespace|enum|static_assert|return|extern\s*$)\b', head):
        return None
    found = _NAME.search(head)
    if not found:
        return None
    before = head[:found.start()]
    if '=' in before:
        return (before.split('=')[0].split()[-1], 0) if '[' in before or '[' in head else None
    opening = found.end() - 1
    return found.group(1), _count_parameters(head[opening + 1:_matching(head, opening)])


def _is_class(head):
    head = _strip_templates(head)
    return bool(re.match(r'(typedef\s+)?(class|struct|union)\b', head)) and '(' not in head


def _is_namespace(head):
    return bool(re.match(r'(inline\s+)?namespace\b|extern\s*$', _strip_templates(head)))


def _is_member_initialiser(head):
    """Whether a brace after this head initialises a member, and is not the function's body."""
    last = re.search(r'(\w+|>)\s*$', head)
    ends = ('const', 'noexcept', 'override', 'final', 'mutable', 'try')
    listed = re.search(r'\)\s*(noexcept\s*)?:[^:]', head)
    return bool(listed and last and last.group(1) not in ends)


class _CxxReader:
    def __init__(self, text):
        self.text = blank_cxx(text)
        self.found = []
        self.head_at = 0  # where the current declaration begins

    def line_of(self, at):
        return self.text.count('\n', 0, at) + 1

    def add(self, head, end):
        signature = _signature(head)
        if signature is None:
            return
        start = self.head_at + len(head) - len(_strip_templates(head))
        line = self.line_of(start)
        lines = self.line_of(end) - line + 1 if end is not None else 0
        self.found.append(Function(signature[0], line, lines, signature[1]))

    def open_brace(self, at):
        """Handles the brace at `at`; returns where reading goes on."""
        head = self.text[self.head_at:at]
        if _is_namespace(head) or _is_class(head):
            self.head_at = at + 1
            return at + 1
        end = _matching(self.text, at)
        if head.count('(') > head.count(')') or _is_member_initialiser(head):
            return end + 1  # the head goes on behind the braces
        self.add(head, end)
        self.head_at = end + 1
        return end + 1

    def read(self):
        at = 0
        while at < len(self.text):
            char = self.text[at]
            if char == '{':
                at = self.open_brace(at)
                continue
            if char == ';':
                self.add(self.text[self.head_at:at], None)
            access = char == ':' and re.search(r'(public|private|protected)\s*$',
                                               self.text[self.head_at:at])
            if char in ';}' or access:
                self.head_at = at + 1
            at += 1
        return self.found


def cxx_functions(text):
    return _CxxReader(text).read()


def python_functions(text):
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            every = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            names = [argument.arg for argument in every if argument.arg not in ('self', 'cls')]
            found.append(Function(node.name, node.lineno, node.end_lineno - node.lineno + 1,
                                  len(names)))
    return found


def shell_functions(text):
    found, start = [], None
    for number, line in enumerate(text.splitlines(), 1):
        opened = re.match(r'(?:function\s+)?([\w-]+)\s*\(\)\s*\{', line)
        if opened and not line.rstrip().endswith('}'):
            start = (opened.group(1), number)
        elif line.startswith('}') and start:
            found.append(Function(start[0], start[1], number - start[1] + 1, 0))
            start = None
    return found
