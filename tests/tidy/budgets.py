"""Rules about size: files, functions, parameters, lines, documents, blobs."""
import math

FILE_P90, FILE_MAX = 350, 600
FUNCTION_LINES, PARAMETERS, LINE_COLUMNS = 70, 6, 100
ROOM_README_LINES, DOCUMENT_LINES = 150, 500
BLOB_BYTES = 500_000


def percentile(values, share):
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0


def files_are_short(tree):
    sizes = {file.path: len(file.lines) for file in tree.code}
    for path, lines in sizes.items():
        if lines > FILE_MAX:
            yield f'{path}: {lines} lines; no file has more than {FILE_MAX}: cut it in two'
    p90 = percentile(sizes.values(), 0.9)
    if p90 > FILE_P90:
        long = sorted(sizes, key=sizes.get)[-3:]
        yield f'nine files of ten have at most {FILE_P90} lines, not {p90}; longest: {long}'


def functions_are_short(tree):
    for file in tree.code:
        for function in file.functions:
            if function.lines > FUNCTION_LINES:
                yield (f'{file.path}:{function.line}: {function.name} has {function.lines} lines; '
                       f'at most {FUNCTION_LINES}')


def parameters_are_few(tree):
    for file in tree.code:
        for function in file.functions:
            if function.parameters > PARAMETERS:
                yield (f'{file.path}:{function.line}: {function.name} takes {function.parameters} '
                       f'parameters; at most {PARAMETERS}: give what belongs together a name')


def lines_fit(tree):
    for file in tree.code:
        for number, line in enumerate(file.lines, 1):
            if len(line) > LINE_COLUMNS:
                yield f'{file.path}:{number}: {len(line)} columns; at most {LINE_COLUMNS}'


def documents_are_short(tree):
    for file in tree.text:
        if not file.name.endswith('.md') or file.name == 'CHANGELOG.md':
            continue
        limit = ROOM_README_LINES if file.room else DOCUMENT_LINES
        if len(file.lines) > limit:
            yield f'{file.path}: {len(file.lines)} lines; a document like this has at most {limit}'


def blobs_are_small(tree):
    for file in tree.files:
        if file.size > BLOB_BYTES:
            yield f'{file.path}: {file.size} bytes; tracked files have at most {BLOB_BYTES}'


RULES = [files_are_short, functions_are_short, parameters_are_few, lines_fit, documents_are_short,
         blobs_are_small]
