from collections import Counter
from threading import Lock


class Count:
    def __init__(self, *options):
        self.options = list(options)
        self._lock = Lock()
        self._chosen = Counter()

    def add(self, option):
        with self._lock:
            self._chosen[option] += 1

    @property
    def votes(self):
        return {option: self._chosen[option] for option in self.options}
