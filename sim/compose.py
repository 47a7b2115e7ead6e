"""Config files and overrides become a scenario: the one edge where words turn into checked values.

A scenario is put together in layers: the defaults of the dataclasses, the file chosen for each
group, the scenario file (after those that it extends), the overrides. A choice for a whole group
replaces what lower layers set in it. Hydra decides which files those are and in which order; here
every value is checked against the declaration of its parameter while it is still known who set it,
and the result is converted once to a frozen `Scenario`.
"""

import dataclasses
import difflib
import functools
import hashlib
import re
import types
import typing
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.config_folder import config_folder
from sim.errors import RoadError, ScenarioError, ScenarioWarning
from sim.world.parameter import Parameter, check_ranges, declared, levers_of
from sim.world.scenario import GROUPS, LEVERS, Scenario, check_camps

DEFAULT_SCENARIO = "baseline_2016"
CARD = ("title", "baseline")
"""What a scenario file says about itself under `scenario:`."""
REPLACED_WHOLE = {("politics", "path")}
"""Mappings that mean something only as a whole; all others are merged entry by entry."""

Overrides = Sequence[str] | Mapping[str, Any]


def load_scenario(
    name_or_path: str | Path = DEFAULT_SCENARIO,
    overrides: Overrides = (),
    *,
    origin: str = "by the caller",
) -> Scenario:
    """The scenario of a shipped name or of the user's own YAML file, with overrides.

    Parameters
    ----------
    name_or_path : str or Path
        A name that `convoy-risk scenarios` lists, or the path of a file of the same form.
    overrides : sequence of str, or mapping
        `["force.strength=14500", "routing=least_risk"]`, or `{"force.strength": 14500}`. An
        override of a lever holds from the decision on; any other changes the past as well.
    origin : str
        Who named the scenario and set the overrides, for error messages.

    Raises
    ------
    ScenarioError
        Names what is wrong, where it was set and what is allowed.

    Warns
    -----
    ScenarioWarning
        For a file that sets nothing, and for reinforcements that come too late or too early.

    Examples
    --------
    >>> load_scenario("baseline_2016", {"force.strength": 14500}).force.strength
    14500.0
    """
    return _loaded(name_or_path, overrides, origin, {})


def load_scenarios(
    words: Sequence[str | Path], overrides: Overrides = (), *, origin: str = "by the caller"
) -> list[Scenario]:
    """Several scenarios with the same overrides; each must have a name of its own."""
    pasts: dict[Path, _Draft] = {}
    scenarios = [_loaded(word, overrides, origin, pasts) for word in words]
    seen: dict[str, str | Path] = {}
    for word, scenario in zip(words, scenarios, strict=True):
        if scenario.name in seen:
            raise ScenarioError(
                f"scenario {scenario.name!r} is named twice, as {str(seen[scenario.name])!r} and "
                f"{str(word)!r}. Allowed: each name once; a file is named after itself, so rename "
                "one of two files that share a name."
            )
        seen[scenario.name] = word
    return scenarios


def _loaded(
    word: str | Path, overrides: Overrides, origin: str, pasts: "dict[Path, _Draft]"
) -> Scenario:
    """One scenario; `pasts` are baselines that were put together with the same overrides."""
    steps = list(_parsed(overrides, origin))
    scenario_file = _scenario_file(word, origin)
    draft = _draft(scenario_file, steps)
    baseline_file = _baseline_file(draft, scenario_file)
    scenario = draft.scenario(scenario_file.name, baseline_file.name)
    draft.check_camps(scenario)
    scenario = dataclasses.replace(scenario, before=_before(scenario, baseline_file, steps, pasts))
    for oddity in _oddities(scenario, scenario_file):
        warnings.warn(oddity, ScenarioWarning, stacklevel=3)
    return scenario


def choices(group: str) -> list[str]:
    """Names of the files that a group, or `scenario`, can be set to."""
    return sorted(path.stem for path in (config_folder() / group).glob("*.yaml"))


def scenario_titles() -> dict[str, str]:
    """Title of every shipped scenario by name, without loading what it sets."""
    titles = {}
    for name in choices("scenario"):
        tree = _read_yaml(config_folder() / "scenario" / f"{name}.yaml").value
        titles[name] = str((tree.get("scenario") or {}).get("title", ""))
    return titles


def keys() -> list[str]:
    """Every parameter as `group.name`, group by group."""
    return [
        f"{group}.{item.name}"
        for group, kind in GROUPS.items()
        for item in dataclasses.fields(kind)
    ]


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """` Did you mean 'x'?`, or nothing where no option is close.

    >>> did_you_mean("strenght", ["strength", "rotation_days"])
    " Did you mean 'strength'?"
    """
    options = list(options)
    close = [option for option in options if option.rpartition(".")[2] == word]
    close = close or difflib.get_close_matches(word, options, n=1, cutoff=0.6)
    if not close and "." in word:
        leaf = word.rpartition(".")[2]
        close = [option for option in options if option.rpartition(".")[2] == leaf]
    return f" Did you mean {' or '.join(repr(option) for option in close[:3])}?" if close else ""


# --- the past ------------------------------------------------------------------------------------


def _before(
    scenario: Scenario, baseline_file: "_File", steps: "list[_Step]", pasts: "dict[Path, _Draft]"
) -> Scenario | None:
    """The scenario with the baseline's levers; None where the decision changes nothing."""
    has_past = scenario.runs.warm_up_days > 0 or scenario.runs.start != scenario.runs.decision_date
    if scenario.baseline == scenario.name and not has_past:
        return None
    if baseline_file.path not in pasts:
        of_past = [step for step in steps if not _is_of_lever(step)]
        pasts[baseline_file.path] = _draft(baseline_file, of_past)
    baseline_draft = pasts[baseline_file.path]
    past = {}
    for group in LEVERS:
        present = getattr(scenario, group)
        then = baseline_draft.group(group)
        past[group] = dataclasses.replace(
            present, **{name: getattr(then, name) for name in levers_of(present)}
        )
    if all(getattr(scenario, group) == value for group, value in past.items()):
        return None
    return dataclasses.replace(
        scenario, name=baseline_file.name, title=baseline_draft.card.get("title", ""), **past
    )


def _is_of_lever(step: "_Step") -> bool:
    """Whether an override sets a lever, or chooses a file for a group that has levers."""
    group, *name = step.key
    if group not in LEVERS:
        return False
    return not name or name[0] in levers_of(GROUPS[group])


def _baseline_file(draft: "_Draft", scenario_file: "_File") -> "_File":
    word = draft.card.get("baseline", DEFAULT_SCENARIO)
    if word == scenario_file.name:
        return scenario_file
    origin = draft.origins.get("scenario.baseline", "by default")
    return _scenario_file(word, f"as scenario.baseline {origin}", scenario_file.path.parent)


def _oddities(scenario: Scenario, file: "_File") -> Iterator[str]:
    """What is allowed and probably not meant, a sentence each."""
    if not _read_yaml(file.path).value:
        yield f"{_shown(file.path)} sets nothing: {scenario.name} has the defaults throughout."
    runs, past = scenario.runs, scenario.before
    for name, unit in scenario.force.reinforcements.items():
        key = f"force.reinforcements.{name}.arrival is {unit.arrival}"
        if unit.arrival == "never":
            continue
        if unit.arrival >= runs.end:
            yield f"{key}: after the end of the run ({runs.end}), so it never comes."
        elif (
            past is not None
            and unit.arrival < runs.decision_date
            and past.force.reinforcements.get(name) != unit
        ):
            yield (
                f"{key}: before the decision date ({runs.decision_date}), so it is there from that "
                "date on."
            )


# --- which files ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _File:
    """A scenario file: what it is called, and where it lies."""

    name: str
    path: Path


def _scenario_file(word: str | Path, origin: str, beside: Path | None = None) -> _File:
    """The file that a word means: a shipped name, a path, or a name beside another file."""
    text = str(word)
    is_path = isinstance(word, Path) or text.endswith((".yaml", ".yml")) or "/" in text
    if not is_path:
        for folder in (beside, config_folder() / "scenario"):
            if folder is not None and (folder / f"{text}.yaml").is_file():
                return _File(text, folder / f"{text}.yaml")
        known = choices("scenario")
        raise ScenarioError(
            f"scenario {text!r}: there is no such scenario.{did_you_mean(text, known)} "
            f"It was set {origin}. Allowed: {', '.join(known)}; or the path of your own .yaml file "
            "(`convoy-risk new my_plan.yaml` writes one to start from)."
        )
    path = Path(text).expanduser()
    if beside is not None and not path.is_absolute():
        path = beside / path
    if not path.is_file():
        raise ScenarioError(
            f"scenario {text!r}: there is no such file.{_near_file(path)} "
            f"It was set {origin}. Allowed: the path of a .yaml file, or a name that "
            "`convoy-risk scenarios` lists."
        )
    return _File(path.stem, path)


def _near_file(path: Path) -> str:
    """` Did you mean 'x.yaml'?`, where a file beside it or a shipped scenario has such a name."""
    beside = {other.stem: str(other) for other in path.parent.glob("[!.]*.y*ml")}
    known = {name: name for name in choices("scenario")} | beside
    close = difflib.get_close_matches(path.stem, known, n=1, cutoff=0.7)
    return f" Did you mean {known[close[0]]!r}?" if close else ""


def _chosen_files(scenario_file: _File, group_choices: Mapping[str, str]) -> list[Path]:
    """Every config file of a scenario in the order in which they are laid over each other."""
    from hydra.errors import HydraException

    registry: dict[str, Path] = {}
    scenario_choice = _register(scenario_file.path, registry, ())
    words = [f"scenario={scenario_choice}"]
    words += [f"{group}={choice}" for group, choice in group_choices.items()]
    root = config_folder()
    # What is shipped stays as it is while a program runs; a user's own files may change.
    layers_of = _layers.__wrapped__ if registry else _layers
    try:
        layers = layers_of(str(root), tuple(words))
    except (HydraException, RecursionError) as error:
        raise ScenarioError(
            f"the files of scenario {scenario_file.name!r} cannot be put together: "
            f"{' '.join(str(error).split())}. It was set in {_shown(scenario_file.path)}. "
            "Allowed: a defaults list as in configs/scenario/all_of_it.yaml."
        ) from error
    return [
        registry.get(layer.partition("/")[2]) or root / f"{layer}.yaml"
        for layer in layers
        if not layer.startswith(("hydra", "config"))
    ]


@functools.lru_cache(maxsize=256)
def _layers(root: str, words: tuple[str, ...]) -> list[str]:
    """Paths of config files below a folder, in the order in which Hydra lays them."""
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.types import RunMode

    with initialize_config_dir(root, job_name="convoy_risk", version_base="1.3"):
        loader = GlobalHydra.instance().config_loader()
        layers = loader.compute_defaults_list("config", list(words), RunMode.RUN).defaults
    return [layer.config_path for layer in layers if layer.config_path is not None]


def _register(path: Path, registry: dict[str, Path], extending: tuple[Path, ...]) -> str:
    """Make a scenario file known to Hydra, with those that it extends; the name it is known by."""
    path = path.resolve()
    if path in extending:
        raise ScenarioError(
            f"scenario file {_shown(path)} extends itself: "
            f"{' -> '.join(_shown(step) for step in (*extending, path))}. "
            "Allowed: a defaults list that leads back to no file in this row."
        )
    shipped = (config_folder() / "scenario").resolve()
    defaults = [
        entry
        if isinstance(entry, Mapping) or entry == "_self_"
        else _register(
            _scenario_file(
                entry, f"in {_shown(path)}{_line_of_default(path, n)}", path.parent
            ).path,
            registry,
            (*extending, path),
        )
        for n, entry in enumerate(_defaults_list(path))
    ]
    if path.parent == shipped:
        return path.stem
    from hydra.core.config_store import ConfigStore

    digest = hashlib.blake2s(str(path).encode(), digest_size=6).hexdigest()
    name = f"own_{digest}"
    registry[name] = path
    ConfigStore.instance().store(
        group="scenario", name=name, node={"defaults": defaults}, package="_global_"
    )
    return name


def _line_of_default(path: Path, number: int) -> str:
    return _read_yaml(path).line_of(("defaults", str(number)))


def _defaults_list(path: Path) -> list[Any]:
    """The checked defaults list of a scenario file: what it extends and which groups it sets."""
    document = _read_yaml(path)
    entries = document.value.get("defaults") or []
    where = f"It was set in {_shown(path)}{document.line_of(('defaults',))}. "
    way_out = (
        "Allowed: `- override /GROUP: CHOICE`, the name of a scenario to extend, or `- _self_`."
    )
    if not isinstance(entries, list):
        raise ScenarioError(f"defaults is {entries!r}: not a list. {where}{way_out}")
    has_override = False
    for n, entry in enumerate(entries):
        where = f"It was set in {_shown(path)}{_line_of_default(path, n)}. "
        if isinstance(entry, str):
            if has_override and entry != "_self_":
                raise ScenarioError(
                    f"defaults names {entry!r} after an override. {where}"
                    "Allowed: scenarios to extend first, then the overrides."
                )
            continue
        has_override = True
        if not isinstance(entry, dict) or len(entry) != 1:
            raise ScenarioError(f"defaults has {entry!r}: no such form. {where}{way_out}")
        (key, choice), *_ = entry.items()
        matched = re.fullmatch(r"override\s+/(\w+)", str(key))
        if not matched:
            raise ScenarioError(f"defaults has '{key}: {choice}': no such form. {where}{way_out}")
        _check_choice(matched[1], choice, f"in {_shown(path)}{_line_of_default(path, n)}")
    return entries


def _check_choice(group: str, choice: Any, origin: str) -> None:
    if group not in GROUPS:
        raise ScenarioError(
            f"{group}={choice}: there is no group {group!r}.{did_you_mean(group, GROUPS)} "
            f"It was set {origin}. Allowed: {', '.join(GROUPS)}."
        )
    known = choices(group)
    if choice not in known:
        leaf = f" A single value is set as {group}.KEY=VALUE; `convoy-risk explain {group}` lists "
        raise ScenarioError(
            f"{group} is {choice!r}: there is no such choice.{did_you_mean(str(choice), known)} "
            f"It was set {origin}. Allowed: {', '.join(known)}.{leaf}the keys."
        )


# --- reading -------------------------------------------------------------------------------------


class _PlainLoader(yaml.SafeLoader):
    """YAML where a date stays text and `1e6` is a number."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+"),
    list("-+.0123456789"),
)


@dataclass(frozen=True)
class _Document:
    """A YAML file as nested mappings, and the line of every key."""

    value: dict[str, Any]
    lines: dict[tuple[str, ...], int]

    def line_of(self, key: tuple[str, ...]) -> str:
        """`, line 3`, or nothing where the key has no line."""
        return f", line {self.lines[key]}" if key in self.lines else ""


def _read_yaml(path: Path) -> _Document:
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise _unreadable(path, error) from error
    return _read_yaml_once(path, changed)


def _unreadable(path: Path, error: Exception) -> ScenarioError:
    return ScenarioError(
        f"{_shown(path)} cannot be read: {getattr(error, 'strerror', None) or error}. "
        "Allowed: a YAML file in UTF-8 that you may read."
    )


@cache
def _read_yaml_once(path: Path, changed: int) -> _Document:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    lines: dict[tuple[str, ...], int] = {}
    loader = _PlainLoader(text)
    try:
        node = loader.get_single_node()
        _note_lines(node, (), lines, path)
        value = None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        shown = text.splitlines()[mark.line : mark.line + 1] if mark else []
        line = f": {shown[0].strip()!r}" if shown else ""
        raise ScenarioError(
            f"{_shown(path)}{where} is not YAML: {problem}{line}. "
            "Allowed: `key: value` lines, indented by spaces, as in configs/scenario/res2295.yaml."
        ) from error
    finally:
        loader.dispose()
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise ScenarioError(
            f"{_shown(path)} holds a {type(value).__name__}, not settings. "
            "Allowed: `key: value` lines, as in configs/scenario/res2295.yaml."
        )
    return _Document(value, lines)


def _note_lines(
    node: yaml.Node | None, key: tuple[str, ...], lines: dict[tuple[str, ...], int], path: Path
) -> None:
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            lines[*key, str(number)] = item.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        return
    for key_node, value_node in node.value:
        child = (*key, str(key_node.value))
        line = key_node.start_mark.line + 1
        if child in lines:
            raise ScenarioError(
                f"{'.'.join(child)} is set twice, in lines {lines[child]} and {line}. "
                f"It was set in {_shown(path)}. Allowed: once."
            )
        lines[child] = line
        _note_lines(value_node, child, lines, path)


def _shown(path: Path) -> str:
    """A path as a person would type it."""
    path = path.resolve()
    for root in (Path.cwd(), config_folder().resolve().parent):
        if path.is_relative_to(root):
            return str(path.relative_to(root))
    return str(path)


# --- overrides -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """One thing that an override sets: a group's choice (key of one word) or a value."""

    key: tuple[str, ...]
    value: Any
    origin: str

    @property
    def is_choice(self) -> bool:
        return len(self.key) == 1 and isinstance(self.value, str)


def _parsed(overrides: Overrides, origin: str) -> Iterator[_Step]:
    if isinstance(overrides, str):
        raise ScenarioError(
            f"overrides is {overrides!r}: a single text. "
            f"Allowed: a list, as in [{overrides!r}], or a mapping."
        )
    if isinstance(overrides, Mapping):
        for name, value in overrides.items():
            yield _step(str(name), value, origin)
        return
    for text in overrides:
        name, equals, value_text = str(text).partition("=")
        if name.startswith("~"):
            raise ScenarioError(
                f"{text!r} would delete a key. It was set {origin}. "
                f"Allowed: {name[1:]}=null, to take an entry of a mapping away."
            )
        if not equals or not name:
            raise ScenarioError(
                f"{text!r} sets nothing. It was set {origin}. Allowed: KEY=VALUE, "
                "as in force.strength=14500."
            )
        where = f"{origin} as `{text}`"
        yield _step(name, _value_of(value_text, where), where)


def _step(name: str, value: Any, origin: str) -> _Step:
    if name.startswith("+"):
        plain = name.lstrip("+")
        is_known = plain in GROUPS or plain in keys()
        hint = f" Did you mean {plain}={value}?" if is_known else did_you_mean(plain, keys())
        raise ScenarioError(
            f"{name}={value} would add a key: there is nothing to add to a scenario.{hint} "
            f"It was set {origin}. "
            f"Allowed: KEY=VALUE for the keys that `convoy-risk explain` lists."
        )
    key = tuple(name.split("."))
    if key[0] == "scenario" or name == "scenario":
        raise ScenarioError(
            f"{name}={value} cannot be set by an override. "
            f"It was set {origin}. Allowed: the scenario's "
            f"name as a word of its own, as in `convoy-risk compare {DEFAULT_SCENARIO} {value}`."
        )
    step = _Step(key, value, origin)
    if step.is_choice:
        _check_choice_or_key(name, value, origin)
    return step


def _check_choice_or_key(name: str, value: str, origin: str) -> None:
    """A word without a dot is a group; a parameter's bare name gets a better hint than a group."""
    if name not in GROUPS:
        hint = did_you_mean(name, [*keys(), *GROUPS])
        raise ScenarioError(
            f"{name}={value}: there is no key {name!r}.{hint} It was set {origin}. "
            f"Allowed: GROUP=CHOICE or GROUP.KEY=VALUE with one of the groups {', '.join(GROUPS)}."
        )
    _check_choice(name, value, origin)


def _value_of(text: str, origin: str) -> Any:
    """A value as Hydra writes it: numbers, words, quoted text, lists and {key: value}."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import QuotedString
    from hydra.errors import HydraException

    try:
        parsed = OverridesParser.create().parse_override(f"value={text}")
    except HydraException as error:
        raise ScenarioError(
            f"{text!r} cannot be read as a value. It was set {origin}. Allowed: a number, a word, "
            "'quoted text', or {key: value}; in a shell, quote what has spaces or braces."
        ) from error
    if parsed.is_sweep_override():
        raise ScenarioError(
            f"{text!r} holds several values. It was set {origin}. Allowed: one value; "
            "name one scenario file for each variant to compare them."
        )

    def plain(value: Any) -> Any:
        if isinstance(value, QuotedString):
            return value.text
        if isinstance(value, dict):
            return {str(plain(key)): plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return value

    return plain(parsed.value())


# --- laying one thing over another ---------------------------------------------------------------


@dataclass
class _Draft:
    """A scenario while it is being put together, with where each value was set."""

    values: dict[str, dict[str, Any]] = field(default_factory=lambda: {g: {} for g in GROUPS})
    origins: dict[str, str] = field(default_factory=dict)
    card: dict[str, str] = field(default_factory=dict)

    def lay(self, key: tuple[str, ...], value: Any, origin: str) -> None:
        """Set `key` to `value`: a whole tree, a group, a field, or an entry of a mapping."""
        if len(key) < 2:
            self._lay_tree(key, value, origin)
            return
        group, name = key[:2]
        hints = _hints(group) if group in GROUPS else {}
        if name not in hints:
            raise self._unknown_key(key, origin)
        hint = hints[name]
        if typing.get_origin(hint) is not dict:
            if len(key) > 2:
                raise self._unknown_key(key, origin)
            self._note(key, _converted(key, hint, value, origin), origin)
        elif len(key) == 2:
            self._lay_mapping(key, value, origin)
        else:
            self._lay_entry(key, typing.get_args(hint)[1], value, origin)

    def _lay_tree(self, key: tuple[str, ...], value: Any, origin: str) -> None:
        if key and key[0] not in GROUPS:
            raise self._unknown_key(key, origin)
        for name, item in _items(key, value, origin):
            self.lay((*key, name), item, origin)

    def _lay_mapping(self, key: tuple[str, ...], value: Any, origin: str) -> None:
        entries = list(_items(key, value, origin))
        if key in REPLACED_WHOLE:
            self.values[key[0]][key[1]] = {}
        for name, item in entries:
            self.lay((*key, name), item, origin)
        self.origins[".".join(key)] = origin

    def _lay_entry(self, key: tuple[str, ...], hint: Any, value: Any, origin: str) -> None:
        group, name, entry, *rest = key
        entries = self.values[group].setdefault(name, _default(group, name))
        if rest:
            self.origins.setdefault(".".join(key[:3]), origin)
        else:
            self.origins[".".join(key[:3])] = origin
        if not rest and value is None:
            entries.pop(entry, None)
        elif not dataclasses.is_dataclass(hint):
            if rest:
                raise self._unknown_key(key, origin)
            number = _converted(key, hint, value, origin)
            self._check(group, {name: {entry: number}}, origin)
            entries[entry] = number
        else:
            parts = typing.get_type_hints(hint)
            items = [(rest[0], value)] if rest else list(_items(key, value, origin))
            for part, item in items:
                full_key = (*key[:3], part)
                if part not in parts or len(rest) > 1:
                    raise ScenarioError(
                        f"{'.'.join(full_key)}: there is no such key."
                        f"{did_you_mean(part, parts)} "
                        f"It was set {origin}. Allowed: {', '.join(parts)}."
                    )
                converted = _converted(full_key, parts[part], item, origin)
                entries.setdefault(entry, {})[part] = converted
                self.origins[".".join(full_key)] = origin

    def _note(self, key: tuple[str, ...], value: Any, origin: str) -> None:
        self._check(key[0], {key[1]: value}, origin)
        self.values[key[0]][key[1]] = value
        self.origins[".".join(key)] = origin

    def _check(self, group: str, values: dict[str, Any], origin: str) -> None:
        """Ranges and choices, while it is known who set the value."""
        try:
            check_ranges(group, dataclasses.replace(GROUPS[group](), **values))
        except ScenarioError as error:
            hint = ""
            (name, value), *_ = values.items()
            known = _declaration(group, name).choices
            if isinstance(value, str) and known:
                hint = did_you_mean(value, known)
            raise ScenarioError(_with_origin(f"{error}", origin, hint)) from error

    def _unknown_key(self, key: tuple[str, ...], origin: str) -> ScenarioError:
        name = ".".join(key)
        if key[0] in GROUPS:
            hint = did_you_mean(name, keys())
            allowed = f"{', '.join(_hints(key[0]))} in the group {key[0]!r}"
        else:
            hint = did_you_mean(name, [*keys(), *GROUPS])
            allowed = f"keys of the groups {', '.join(GROUPS)}"
        return ScenarioError(
            f"{name}: there is no such key.{hint} It was set {origin}. Allowed: {allowed}."
        )

    def group(self, name: str) -> Any:
        """One group of the scenario, frozen."""
        values = dict(self.values[name])
        for item, hint in _hints(name).items():
            if item not in values or typing.get_origin(hint) is not dict:
                continue
            kind = typing.get_args(hint)[1]
            if dataclasses.is_dataclass(kind):
                values[item] = {
                    entry: self._entry(f"{name}.{item}.{entry}", typing.cast(type, kind), parts)
                    for entry, parts in values[item].items()
                }
        return GROUPS[name](**values)

    def _entry(self, key: str, kind: type, parts: Any) -> Any:
        if isinstance(parts, kind):
            return parts
        for part in dataclasses.fields(kind):
            if part.default is dataclasses.MISSING and part.name not in parts:
                raise ScenarioError(
                    f"{key} has no {part.name}. It was set {self.origins.get(key, 'by default')}. "
                    f"Allowed: an entry with at least "
                    f"{', '.join(p.name for p in dataclasses.fields(kind) if _is_required(p))}."
                )
        return kind(**parts)

    def scenario(self, name: str, baseline: str) -> Scenario:
        """The frozen scenario, checked as a whole."""
        groups = {group: self.group(group) for group in GROUPS}
        with self._origins_added():
            return Scenario(
                name=name, title=self.card.get("title", ""), baseline=baseline, **groups
            )

    def check_camps(self, scenario: Scenario) -> None:
        """Check camps while it is known who named them; of wrong road tables others complain."""
        if not scenario.force.reinforcements:
            return
        from sim.roads.tables import read_theatre

        try:
            camps = {row.node_id for row in read_theatre(scenario.roads.name).camps}
        except RoadError:
            return
        with self._origins_added():
            check_camps(scenario, camps)

    @contextmanager
    def _origins_added(self) -> Iterator[None]:
        """Tell who set the keys that an error about several values names."""
        try:
            yield
        except ScenarioError as error:
            named = dict.fromkeys(re.findall(r"\b[a-z]+\.[a-z][\w.-]*\w", str(error)))
            wheres = []
            for key in named:
                parts = key.split(".")
                if parts[0] not in GROUPS or ".".join(parts[:2]) not in keys():
                    continue
                prefixes = [".".join(parts[:n]) for n in range(len(parts), 1, -1)]
                found = next((self.origins[p] for p in prefixes if p in self.origins), "by default")
                wheres.append(f"{key} {found}")
            raise ScenarioError(_with_origin(f"{error}", "; ".join(wheres))) from error


def _draft(scenario_file: _File, steps: list[_Step]) -> _Draft:
    """All layers of a scenario, the first at the bottom."""
    draft = _Draft()
    group_choices = {step.key[0]: step.value for step in steps if step.is_choice}
    paths = _chosen_files(scenario_file, group_choices)
    chosen_later = set(group_choices)
    hidden: dict[Path, set[str]] = {}
    for path in reversed(paths):
        hidden[path] = set(chosen_later)
        if not _is_group_file(path):
            chosen_later |= _chosen_groups(path)
    for path in paths:
        _lay_file(draft, path, hidden[path])
    for step in steps:
        if not step.is_choice:
            draft.lay(step.key, step.value, step.origin)
    return draft


def _is_group_file(path: Path) -> bool:
    return path.parent.parent.resolve() == config_folder().resolve() and path.parent.name in GROUPS


def _chosen_groups(path: Path) -> set[str]:
    """Groups that a scenario file sets as a whole, in its defaults list."""
    return {
        str(key).rpartition("/")[2]
        for entry in _defaults_list(path)
        if isinstance(entry, dict)
        for key in entry
    }


def _lay_file(draft: _Draft, path: Path, hidden: set[str]) -> None:
    """Lay a file over a draft; values of a scenario file in `hidden` groups are passed over."""
    document = _read_yaml(path)
    prefix: tuple[str, ...] = (path.parent.name,) if _is_group_file(path) else ()

    def walk(key: tuple[str, ...], value: Any) -> None:
        full_key = (*prefix, *key)
        origin = f"in {_shown(path)}{document.line_of(key)}"
        if isinstance(value, dict) and (len(full_key) < 2 or _is_mapping(full_key)):
            if len(full_key) > 1:
                draft.lay(full_key, {}, origin)
            for name, item in value.items():
                if not prefix and not key and (name == "defaults" or name in hidden):
                    continue
                if not prefix and not key and name == "scenario":
                    _lay_card(draft, item, document, path)
                    continue
                walk((*key, str(name)), item)
        else:
            draft.lay(full_key, value, origin)

    walk((), document.value)


def _is_mapping(key: tuple[str, ...]) -> bool:
    """Whether a key of two words or more takes keys with values, so that each has its own line."""
    if len(key) > 3 or key[0] not in GROUPS:
        return False
    hint = _hints(key[0]).get(key[1])
    if typing.get_origin(hint) is not dict:
        return False
    return len(key) == 2 or dataclasses.is_dataclass(typing.get_args(hint)[1])


def _lay_card(draft: _Draft, card: Any, document: _Document, path: Path) -> None:
    origin = f"in {_shown(path)}{document.line_of(('scenario',))}"
    for name, value in _items(("scenario",), card, origin):
        line = f"in {_shown(path)}{document.line_of(('scenario', name))}"
        if name not in CARD:
            raise ScenarioError(
                f"scenario.{name}: there is no such key.{did_you_mean(name, CARD)} "
                f"It was set {line}. "
                f"Allowed: {', '.join(CARD)}."
            )
        draft.card[name] = _converted(("scenario", name), str, value, line)
        draft.origins[f"scenario.{name}"] = line


def _items(key: tuple[str, ...], value: Any, origin: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield str(name), item
        return
    name = ".".join(key) or "the scenario"
    way_out = f"`- override /{name}: CHOICE` in the defaults list, or " if name in GROUPS else ""
    raise ScenarioError(
        f"{name} is {value!r}: a value where keys with values belong. It was set {origin}. "
        f"Allowed: {way_out}a mapping, as in {{key: value}}."
    )


def _converted(key: tuple[str, ...], hint: Any, value: Any, origin: str) -> Any:
    """`value` as the type that the dataclass declares; nothing is guessed."""
    allowed = [hint]
    if isinstance(hint, types.UnionType):
        allowed = list(typing.get_args(hint))
    for kind in allowed:
        if kind is type(None) and value is None:
            return None
        if kind is bool and isinstance(value, bool):
            return value
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if kind is float and is_number:
            return float(value)
        if kind is int and isinstance(value, int) and not isinstance(value, bool):
            return value
        if kind is str and isinstance(value, str | Path):
            return str(value)
    words = {float: "a number", int: "a whole number", bool: "true or false", str: "text"}
    words[type(None)] = "null"
    kinds = " or ".join(words.get(kind, str(kind)) for kind in allowed)
    extra = ""
    group, _, name = ".".join(key[:2]).partition(".")
    if group in GROUPS:
        declaration = _declaration(group, name)
        if declaration.allowed != "see its meaning":
            extra = f": {declaration.allowed}"
    raise ScenarioError(
        f"{'.'.join(key)} is {value!r}: not {kinds}. It was set {origin}. Allowed: {kinds}{extra}."
    )


def _with_origin(message: str, origin: str, hint: str = "") -> str:
    """`message` with where the value was set, before what is allowed."""
    where = f"{hint} It was set {origin}." if origin else hint
    if " Allowed:" in message:
        return message.replace(" Allowed:", f"{where} Allowed:", 1)
    return f"{message}{where}"


def _declaration(group: str, name: str) -> Parameter:
    return {item: declaration for item, declaration, _ in declared(GROUPS[group])}[name]


@cache
def _hints(group: str) -> dict[str, Any]:
    return typing.get_type_hints(GROUPS[group])


def _default(group: str, name: str) -> dict[str, Any]:
    value = getattr(GROUPS[group](), name)
    return dict(value)


def _is_required(part: "dataclasses.Field[Any]") -> bool:
    return part.default is dataclasses.MISSING


__all__ = [
    "DEFAULT_SCENARIO",
    "choices",
    "did_you_mean",
    "keys",
    "load_scenario",
    "load_scenarios",
    "scenario_titles",
]
