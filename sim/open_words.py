"""Open words: settings whose choices code from outside the package may add to.

A setting stands below the policies that it names, so neither can ask the other: here both meet.
"""

from collections.abc import Sequence

_added: dict[str, list[str]] = {}


class OpenWords(Sequence[str]):
    """The words of one setting: its own, then those that were added.

    Examples
    --------
    >>> words = OpenWords("tea.sort", "green", "black")
    >>> add_word("tea.sort", "red")
    >>> list(words), "red" in words
    (['green', 'black', 'red'], True)
    >>> remove_word("tea.sort", "red")
    >>> len(words)
    2
    """

    def __init__(self, setting: str, *own: str) -> None:
        self.setting = setting
        self.own = own

    def _all(self) -> tuple[str, ...]:
        return (*self.own, *_added.get(self.setting, ()))

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        return self._all()[place]

    def __len__(self) -> int:
        return len(self._all())


def add_word(setting: str, word: str) -> None:
    """From now on a scenario may say `word` there."""
    words = _added.setdefault(setting, [])
    if word not in words:
        words.append(word)


def remove_word(setting: str, word: str) -> None:
    """Take back what `add_word` has added."""
    _added[setting].remove(word)
