"""Rules about the house: which room includes what, which files are alive, what each room owes."""
import re
from pathlib import PurePosixPath

# A room includes only rooms that stand before it.
ROOMS = ['base', 'kernels', 'report', 'data', 'io', 'synth', 'retrieval', 'evaluation', 'models',
         'neural', 'features', 'ranking', 'bundle', 'events', 'experiments', 'serving', 'service',
         'simulation', 'pipeline', 'cli', 'python']

# Rooms that only some may include, although they stand above others.
RESERVED = {'io': {'io', 'pipeline', 'cli', 'python'},
            'synth': {'synth', 'pipeline', 'cli', 'python'},
            'service': {'service'}}

# Outside headers, and the only files that may include them (folders end with a slash).
OUTSIDE = [
    (r'(arrow|parquet)/', ['crossfade/io/']),
    (r'hwy/', ['crossfade/kernels/']),
    (r'boost/(asio|beast)', ['crossfade/service/http_server.cc', 'crossfade/service/http_client.cc',
                             'crossfade/simulation/http_client.cc']),
    (r'boost/math', ['crossfade/base/statistics.cc']),
    (r'CLI/', ['crossfade/cli/arguments.cc']),
    (r'nlohmann/', ['crossfade/base/json.cc']),
    (r'toml\+\+/', ['crossfade/base/toml.cc']),
    (r'openssl/', ['crossfade/base/hash.cc']),
    (r'(cblas|lapacke?|openblas)', ['crossfade/models/dense.cc']),
    (r'(torch|ATen|c10)/', ['crossfade/neural/']),
]

_INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def includes(file):
    for number, line in enumerate(file.lines, 1):
        found = _INCLUDE.match(line)
        if found:
            yield number, found.group(1)


def includes_point_up(tree):
    for file in tree.cxx:
        if file.room is None:
            continue
        if file.room not in ROOMS:
            yield f'{file.path}: the room {file.room} is not in the table of rooms'
            continue
        for number, path in includes(file):
            parts = path.split('/')
            if parts[0] != 'crossfade' or len(parts) < 3:
                continue
            where = f'{file.path}:{number}: includes {path}'
            if parts[1] not in ROOMS or ROOMS.index(parts[1]) > ROOMS.index(file.room):
                yield f'{where}, and {parts[1]} does not stand above {file.room}'
            elif file.room not in RESERVED.get(parts[1], {file.room}):
                yield f'{where}, and only {sorted(RESERVED[parts[1]])} may include {parts[1]}'


def outside_headers_stay_behind_one_file(tree):
    for file in tree.cxx:
        for number, path in includes(file):
            for pattern, places in OUTSIDE:
                if re.match(pattern, path) and file.room and not any(
                        file.path == place or (place.endswith('/') and file.path.startswith(place))
                        for place in places):
                    yield f'{file.path}:{number}: includes {path}, which only {places} may'


def headers_name_no_outside_library(tree):
    apart = ('(arrow', 'hwy', '(torch')  # a room of their own
    libraries = [pattern for pattern, _ in OUTSIDE if not pattern.startswith(apart)]
    for file in tree.cxx:
        if file.room and file.name.endswith('.h'):
            for number, path in includes(file):
                if any(re.match(pattern, path) for pattern in libraries):
                    yield f'{file.path}:{number}: a header of ours includes {path}'


def includes_are_written_from_the_root(tree):
    for file in tree.cxx:
        for number, path in includes(file):
            quoted = f'"{path}"' in file.lines[number - 1]
            if file.room and quoted and not path.startswith(('crossfade/', 'hwy/')):
                yield f'{file.path}:{number}: write "crossfade/{file.room}/{path}"'


def every_file_is_used(tree):
    builds = {str(PurePosixPath(file.path).parent): file.text for file in tree.text
              if file.name == 'CMakeLists.txt'}
    included = {path for file in tree.cxx for _, path in includes(file)}
    for file in tree.cxx:
        if file.name.endswith('.h'):
            if file.path not in included and not any(
                    file.path.endswith('/' + path) for path in included):
                yield f'{file.path}: no file includes it'
            continue
        listed = False
        for folder in PurePosixPath(file.path).parents:
            if str(folder) in builds:
                relative = str(PurePosixPath(file.path).relative_to(folder))
                listed |= bool(re.search(rf'(?<![\w/.]){re.escape(relative)}(?![\w.])',
                                         builds[str(folder)]))
        if not listed:
            yield f'{file.path}: no CMakeLists.txt lists it'


def every_room_has_a_readme(tree):
    for room in sorted({file.room for file in tree.files if file.room}):
        if f'crossfade/{room}/README.md' not in tree.paths:
            yield f'crossfade/{room}: has no README.md'


RULES = [includes_point_up, outside_headers_stay_behind_one_file, headers_name_no_outside_library,
         includes_are_written_from_the_root, every_file_is_used, every_room_has_a_readme]
