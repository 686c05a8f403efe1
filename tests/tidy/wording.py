"""Rules about words: names, opening sentences, traces of a machine, the changelog, links, modes."""
import re
from pathlib import PurePosixPath

# Marks of unfinished work; in pieces, so that this file keeps its own rules.
LEFT_OVERS = re.compile(r'\b(' + '|'.join(['TO' + 'DO', 'FIX' + 'ME', 'X' * 3]) + r')\b')
# Absolute paths below the folders that people and build machines work in, and settings that name
# one site's package index. Public indexes (pypi.org) may be linked to.
MACHINE = re.compile(
    r'(?<![\w.:/-])/(?:home|root|work|users|workspace|builds?|mnt)/[\w.-]'
    r'|\b(?:extra-)?index[-_]url\b|\bregistry\s*=\s*\S'
    r'|https?://[\w.-]*(?:artifact|mirror|proxy|index|packages)[\w.-]*[:/]', re.I)
EMPTY_NAMES = re.compile(r'(^|[_-])(utils?|helpers?|commons?|managers?)([_.-]|$)', re.I)
EMPTY_CLASSES = re.compile(r'\b(?:class|struct)\s+(\w*(?:Utils?|Helpers?|Common|Managers?))\b')
CHANGES = {'Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'}


def names_say_what_a_thing_is(tree):
    for file in tree.files:
        for part in PurePosixPath(file.path).parts:
            if EMPTY_NAMES.search(part):
                yield f'{file.path}: "{part}" says nothing; name what it holds'
        for found in EMPTY_CLASSES.finditer(file.text or '') if file.language == 'cxx' else ():
            yield f'{file.path}: the class {found.group(1)} says nothing; name what it is'


def opening_comment(file):
    """The comment at the head of a source file, as one line of text."""
    lines = file.lines
    if lines and lines[0].startswith('#!'):
        lines = lines[1:]
    while lines and not lines[0].strip():
        lines = lines[1:]
    text = '\n'.join(lines)
    if file.language == 'python' and re.match(r'("""|\'\'\')', text):
        return text[3:].split(text[:3], 1)[0].replace('\n', ' ')
    mark = '//' if file.language == 'cxx' else '#'
    comment = []
    for line in lines:
        if not line.startswith(mark):
            break
        comment.append(line[len(mark):].strip())
    return ' '.join(comment)


def files_open_with_a_sentence(tree):
    for file in tree.code:
        comment = opening_comment(file)
        if len(comment.split()) < 3 or not re.search(r'[.:;]', comment):
            yield f'{file.path}: does not open with a comment that says what it is'


def nothing_is_left_over(tree):
    for file in tree.text:
        for number, line in enumerate(file.lines, 1):
            if LEFT_OVERS.search(line):
                yield f'{file.path}:{number}: "{LEFT_OVERS.search(line).group()}": do it or drop it'


def no_machine_shows(tree):
    for file in tree.text:
        for number, line in enumerate(file.lines, 1):
            if MACHINE.search(line):
                yield f'{file.path}:{number}: "{MACHINE.search(line).group()}" is of one machine'


def changelog_is_kept(tree):
    file = tree.find('CHANGELOG.md')
    if file is None:
        yield 'CHANGELOG.md: is missing'
        return
    lines = file.lines
    if not lines or lines[0] != '# Changelog':
        yield 'CHANGELOG.md: opens with "# Changelog"'
    if '## [Unreleased]' not in lines:
        yield 'CHANGELOG.md: has no "## [Unreleased]"'
    for number, line in enumerate(lines, 1):
        if line.startswith('### ') and line[4:] not in CHANGES:
            yield f'CHANGELOG.md:{number}: "{line}" is none of {sorted(CHANGES)}'
        elif re.match(r'## ', line) and not re.fullmatch(
                r'## \[Unreleased\]|## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d', line):
            yield f'CHANGELOG.md:{number}: "{line}" is not "## [1.2.3] - 2026-01-31"'


def links_resolve(tree):
    folders = {str(parent) for path in tree.paths for parent in PurePosixPath(path).parents}
    for file in tree.text:
        if not file.name.endswith('.md'):
            continue
        prose = re.sub(r'```.*?```|`[^`\n]*`', '', file.text, flags=re.S)
        for target in re.findall(r'\]\(([^)\s]+)\)', prose):
            if re.match(r'(https?:|mailto:|#)', target):
                continue
            parts = list(PurePosixPath(file.path).parent.parts)
            for part in PurePosixPath(target.split('#')[0]).parts:
                parts = parts[:-1] if part == '..' else parts + [part]
            path = '/'.join(part for part in parts if part != '.') or '.'
            if path not in tree.paths and path not in folders:
                yield f'{file.path}: the link to {target} leads nowhere'


def modes_are_right(tree):
    for file in tree.files:
        if file.mode not in ('100644', '100755'):
            yield f'{file.path}: is a link or another repository (mode {file.mode})'
            continue
        script = file.data.startswith(b'#!')
        if script != (file.mode == '100755'):
            wanted = 'executable' if script else 'not executable'
            yield f'{file.path}: has to be {wanted} (git update-index --chmod)'


RULES = [names_say_what_a_thing_is, files_open_with_a_sentence, nothing_is_left_over,
         no_machine_shows, changelog_is_kept, links_resolve, modes_are_right]
