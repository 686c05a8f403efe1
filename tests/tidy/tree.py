"""The files that git tracks below a folder, as the rules see them."""
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from functions import cxx_functions, python_functions, shell_functions


@dataclass
class File:
    path: str  # from the root, with slashes
    mode: str  # git's: 100644, 100755, 120000 (a link), 160000 (another repository)
    size: int
    data: bytes

    @cached_property
    def text(self):
        """None for files that are not text."""
        if b'\0' in self.data[:8000]:
            return None
        try:
            return self.data.decode('utf-8')
        except UnicodeDecodeError:
            return None

    @property
    def lines(self):
        return self.text.splitlines()

    @property
    def name(self):
        return PurePosixPath(self.path).name

    @cached_property
    def language(self):
        """'cxx', 'python', 'shell' or None: the languages that budgets hold for."""
        if self.text is None:
            return None
        if self.name.endswith(('.h', '.cc', '.cpp', '.hpp')):
            return 'cxx'
        first = self.text.split('\n', 1)[0]
        if self.name.endswith('.py') or re.match(r'#!.*python', first):
            return 'python'
        if self.name.endswith('.sh') or re.match(r'#!.*\b(ba)?sh\b', first):
            return 'shell'
        return None

    @cached_property
    def functions(self):
        readers = {'cxx': cxx_functions, 'python': python_functions, 'shell': shell_functions}
        return readers[self.language](self.text)

    @property
    def room(self):
        parts = self.path.split('/')
        return parts[1] if len(parts) > 2 and parts[0] == 'crossfade' else None


class Tree:
    def __init__(self, root):
        self.root = Path(root)
        listing = subprocess.run(['git', 'ls-files', '-s', '-z'], cwd=self.root, check=True,
                                 capture_output=True).stdout.decode()
        self.files = [self._file(entry) for entry in listing.split('\0') if entry]

    def _file(self, entry):
        meta, path = entry.split('\t', 1)
        full, mode = self.root / path, meta.split()[0]
        data = full.read_bytes() if mode.startswith('100') and full.is_file() else b''
        return File(path, mode, len(data), data)

    @cached_property
    def code(self):
        return [file for file in self.files if file.language]

    @cached_property
    def cxx(self):
        return [file for file in self.files if file.language == 'cxx']

    @cached_property
    def text(self):
        return [file for file in self.files if file.text is not None]

    @cached_property
    def paths(self):
        return {file.path for file in self.files}

    def find(self, path):
        return next((file for file in self.files if file.path == path), None)
