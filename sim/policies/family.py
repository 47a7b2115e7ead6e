"""A family of policies: functions of one kind of view, by the words that a scenario may say.

`POLICIES["mine"] = function` adds a policy from outside the package, and from then on a scenario
may name it. It is shown all that a view holds, and its answers are checked.
"""

from collections import UserDict
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from sim.errors import ScenarioError
from sim.open_words import add_word, remove_word
from sim.policies.answers import refuse, shown

View = TypeVar("View")
Answer = TypeVar("Answer")


class Family(UserDict[str, Callable[[View], Answer]], Generic[View, Answer]):
    """Policies by name; those of the package cannot be replaced.

    Parameters
    ----------
    setting : str
        The setting that names one of them, as `clearance.policy`.
    own : mapping of str to callable
        The policies of the package.
    asks : mapping of str to set of str
        Attributes of the view that take time to work out, by the policy of the package that reads
        them; nobody else of the package does.
    as_answer : callable, (setting, name, view, answer) -> answer
        Raises `PolicyError` where an answer from outside cannot be used.
    """

    def __init__(
        self,
        setting: str,
        own: Mapping[str, Callable[[View], Answer]],
        asks: Mapping[str, frozenset[str]],
        as_answer: Callable[[str, View, Any], Answer],
    ) -> None:
        super().__init__()
        self.data.update(own)
        self.setting = setting
        self.own = frozenset(own)
        self._asks = asks
        self._as_answer = as_answer

    def __setitem__(self, name: str, policy: Callable[[View], Answer]) -> None:
        """Add a policy from outside, or put another one in its place.

        Raises
        ------
        PolicyError
            For what cannot be called.
        ScenarioError
            For the name of a policy of the package.
        """
        self._require_outside(name)
        if not callable(policy):
            refuse(
                f"{self.setting}={name}",
                f"is {shown(policy)}, which cannot be asked",
                "a function that is given one view and returns its answer",
            )
        super().__setitem__(name, policy)
        add_word(self.setting, name)

    def __delitem__(self, name: str) -> None:
        """Take a policy from outside away."""
        self._require_outside(name)
        super().__delitem__(name)
        remove_word(self.setting, name)

    def is_outside(self, name: str) -> bool:
        """Whether a policy was added from outside the package."""
        return name in self.data and name not in self.own

    def asks(self, name: str, what: str) -> bool:
        """Whether a policy may read an attribute of the view that takes time to work out."""
        return name not in self.own or what in self._asks.get(name, ())

    def answer(self, name: str, view: View) -> Answer:
        """What a policy answers.

        Raises
        ------
        PolicyError
            When the answer of a policy from outside cannot be used.
        ScenarioError
            When there is no such policy in this process.
        """
        if name not in self.data:
            raise ScenarioError(
                f"{self.setting} is {name!r}: nobody has added a policy of that name in this "
                f"process. Allowed: {', '.join(self.data)}; the reference engine makes runs in "
                "several processes, so choose engine=batch or one worker."
            )
        answer = self.data[name](view)
        if name in self.own:
            return answer
        return self._as_answer(f"{self.setting}={name}", view, answer)

    def _require_outside(self, name: str) -> None:
        if name in self.own:
            raise ScenarioError(
                f"{self.setting} has a policy {name!r} of its own, which cannot be replaced. "
                "Allowed: any other name."
            )
