"""One run as a diary: what a planner would read about it, day by day.

2016-07-25 06:00  Convoy west-north 1 left for North after waiting 2 days, escorted by First
                  company.
2016-07-25 07:00  Convoy west-north 1 was struck on West road (north-west/01): 1 killed, 3
                  wounded, 1 contractor; halted for 5 hours.
"""

import textwrap
from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.roads import RoadNetwork
from sim.world.events import Cause, Kind
from sim.world.record import RunRecord
from sim.world.scenario import Scenario

LINE_WIDTH = 100
_INDENT = " " * 18

WHY_WAITING: Mapping[Cause, str] = {
    Cause.NO_TRUCKS: "not enough trucks are at the hub",
    Cause.NO_ESCORT: "no escort is free",
    Cause.NO_STOCK: "the hub has too little stock",
    Cause.NOT_SWEPT: "its route has not been swept",
    Cause.NOT_FULL: "too few loads are ready to fill a convoy",
}
WHO_WAS_HIT: Mapping[Cause, str] = {
    Cause.CIVILIAN: "civilians",
    Cause.ARMY: "the national army",
    Cause.OTHER_FORCE: "another force",
}
WHO_MET: Mapping[Cause, str] = {
    Cause.PATROL: "a patrol",
    Cause.CONVOY: "a convoy",
    Cause.SWEEP: "a clearance team",
}
HOW_CAMPS_ARE_ATTACKED: Mapping[Cause, str] = {
    Cause.INDIRECT_FIRE: "came under rocket or mortar fire",
    Cause.SUICIDE_VEHICLE: "was attacked with a suicide vehicle",
    Cause.COMPLEX_ATTACK: "was attacked by several means at once",
}
HOW_CELLS_LOSE: Mapping[Cause, str] = {
    Cause.PATROL: "A patrol met an armed cell at work",
    Cause.RAID: "The mission struck an armed cell on intelligence or a tip",
    Cause.COUNTER_TERROR: "The parallel operation struck an armed cell",
}
WHY_UNTOLD: Mapping[Kind, str] = {
    Kind.PLACED: "nobody of the mission has met it",
    Kind.EXPIRED: "nobody of the mission has met it",
    Kind.DECOY_PLACED: "nobody of the mission has met it",
    Kind.DECOY_EXPIRED: "nobody of the mission has met it",
    Kind.CELL_FLED: "the mission does not see it",
    Kind.CELL_RETURNED: "the mission does not see it",
    Kind.SWEPT: "a month tells the sum",
    Kind.FALSE_ALARM: "a month tells the sum",
    Kind.PASSED: "a month tells the sum",
}
"""Kinds of row that the diary leaves out, and why."""


def diary(
    record: RunRecord, network: RoadNetwork, scenario: Scenario, has_warm_up: bool = False
) -> str:
    """A run in sentences, in the order in which things happened.

    It says why a convoy left late, what it met and how long that held it up; which sweeps found
    something; strikes, gunfire and attacks on camps and whom they harmed; strikes on armed cells;
    units that came, left, rotated and were trained; where a month ends, how long camps were without
    stock; and in the end what all of it adds up to. It is what the mission saw: devices and decoys
    are not in it before somebody meets them. Quiet sweeps and patrols are left to the sums of each
    month, as are false alarms.

    Parameters
    ----------
    record : RunRecord
    network : RoadNetwork
        The one on which the run was made.
    scenario : Scenario
    has_warm_up : bool
        Begin with the first day of the warm-up; by default with the start of the scenario.

    Returns
    -------
    str
        Lines of at most 100 characters.
    """
    return "\n".join(_Diary(record, network, scenario).lines(has_warm_up)) + "\n"


class _Diary:
    def __init__(self, record: RunRecord, network: RoadNetwork, scenario: Scenario) -> None:
        self.record, self.network, self.scenario = record, network, scenario
        events = record.events
        self.columns = {name: column.tolist() for name, column in events.items()}
        self.went_off = set(events["other"][events["kind"] == Kind.ACCIDENT].tolist())
        """Devices that were found and then went off."""
        self.lacked: dict[int, list[Cause]] = {}
        self.halted_h: dict[int, float] = {}
        self.halted_out_h: dict[int, float] = {}
        """Of that, what came before the last camp that the convoy reached."""
        self.tellers: dict[Kind, Callable[[int], str | None]] = {
            Kind.FOUND: self._found,
            Kind.STRUCK: self._struck,
            Kind.STRUCK_OTHERS: self._struck_others,
            Kind.DECOY_FOUND: self._decoy_found,
            Kind.ACCIDENT: self._accident,
            Kind.GUNFIRE: self._gunfire,
            Kind.FOLLOW_ON_FIRE: self._follow_on_fire,
            Kind.CAMP_ATTACKED: self._camp_attacked,
            Kind.CELL_STRUCK: self._cell_struck,
            Kind.WAITED: self._waited,
            Kind.DEPARTED: self._departed,
            Kind.JOINED: self._joined,
            Kind.ARRIVED: self._arrived,
            Kind.RETURNED: self._returned,
            Kind.REROUTED: self._rerouted,
            Kind.UNIT_ARRIVED: lambda row: self._unit(row, "arrived at"),
            Kind.UNIT_LEFT: lambda row: self._unit(row, "left"),
            Kind.CAMP_CLOSED: self._camp_closed,
            Kind.DECIDED: self._decided,
        }
        self.tellers_of_many: dict[Kind, Callable[[list[int]], str]] = {
            Kind.ORDERED: self._ordered,
            Kind.ROTATED: lambda rows: self._companies(rows, "rotated"),
            Kind.TRAINED: lambda rows: self._companies(rows, "ended a course"),
        }

    def lines(self, has_warm_up: bool) -> list[str]:
        """The whole diary."""
        clock, scenario = self.record.clock, self.scenario
        start_h = 0.0 if has_warm_up else scenario.runs.warm_up_days * HOURS_PER_DAY
        title = f" ({scenario.title})" if scenario.title else ""
        lines = [
            f"Diary of run {self.record.run} of {scenario.name}{title}, seed {self.record.seed}",
            f"from {clock.date_at(start_h)} to {clock.last_day}; decision on {clock.decision_day}",
            "",
        ]
        months = iter(enumerate(clock.period_start_h()[1:]))
        period, month_end_h = next(months)
        for row, time_h in enumerate(self.columns["time_h"]):
            while time_h >= month_end_h and period < len(self.record.n_patrols) - 1:
                if month_end_h > start_h:
                    lines += self._month(period, month_end_h)
                period, month_end_h = next(months)
            sentence = self._sentence(row)
            if sentence is not None and time_h >= start_h:
                lines += _paragraph(clock.stamp(time_h), sentence)
        while period < len(self.record.n_patrols) - 1:
            if month_end_h > start_h:
                lines += self._month(period, month_end_h)
            period, month_end_h = next(months)
        lines += self._month(period, month_end_h)
        return lines + self._totals(start_h)

    def _sentence(self, row: int) -> str | None:
        """What a row says; rows of one moment that say the same are told by the first of them."""
        kind = Kind(self.columns["kind"][row])
        if kind in self.tellers_of_many:
            rows = self._same_moment(row)
            return self.tellers_of_many[kind](rows) if rows[0] == row else None
        teller = self.tellers.get(kind)
        return None if teller is None else teller(row)

    def _same_moment(self, row: int) -> list[int]:
        """Rows of this kind and time; of companies, those of this camp."""
        kind, time_h = self.columns["kind"][row], self.columns["time_h"][row]
        times = self.record.events["time_h"]
        first, after = np.searchsorted(times, [time_h, np.nextafter(time_h, np.inf)])
        return [
            other
            for other in range(int(first), int(after))
            if self.columns["kind"][other] == kind
            and (kind == Kind.ORDERED or self.columns["camp"][other] == self.columns["camp"][row])
        ]

    # What a month adds up to.

    def _month(self, period: int, end_h: float) -> list[str]:
        record = self.record
        starts = record.clock.period_start_h()
        times = record.events["time_h"]
        last = period == len(starts) - 2
        within = (times >= starts[period]) & ((times < starts[period + 1]) | last)
        n_sweeps = int(np.count_nonzero(within & (record.events["kind"] == Kind.SWEPT)))
        kilometres = record.vehicle_km[:, period].sum()
        sentences = [
            f"{_number(record.n_patrols[period], 'patrol')} left and "
            f"{_number(n_sweeps, 'piece')} of road were swept; vehicles drove {kilometres:,.0f} km."
        ]
        false_alarms = within & (record.events["kind"] == Kind.FALSE_ALARM)
        if false_alarms.any():
            hours = record.events["hours"][false_alarms].sum()
            sentences.append(f"False alarms cost clearance teams {_duration(hours)} of work.")
        n_died = record.died_of_wounds[period]
        if n_died:
            sentences.append(
                f"{n_died:,.0f} of the killed died of wounds before they were treated."
            )
        dry = record.stockout_person_days[period]
        for camp in np.flatnonzero(dry > 0.0):
            share = dry[camp] / max(record.troop_days[period, camp], 1e-12)
            sentences.append(
                f"{self._camp(int(camp))} was without stock for {dry[camp]:,.0f} person-days "
                f"({share:.0%} of the time)."
            )
        first, ending = (record.clock.date_at(at) for at in (starts[period], end_h - 1.0))
        days = f"{first.day}-{ending.day} {first:%b %Y}"
        return ["", *_paragraph(days, " ".join(sentences)), ""]

    def _totals(self, start_h: float) -> list[str]:
        """What the whole diary adds up to."""
        events, clock = self.record.events, self.record.clock
        is_told = events["time_h"] >= start_h

        def n(kind: Kind) -> int:
            return int(np.count_nonzero(is_told & (events["kind"] == kind)))

        killed, wounded = (int(events[name][is_told].sum()) for name in ("killed", "wounded"))
        n_at_camps, n_gunfire = n(Kind.CAMP_ATTACKED), n(Kind.GUNFIRE)
        at_camps = f"{_number(n_at_camps, 'attack')} on camps, " if n_at_camps else ""
        gunfire = f"{_number(n_gunfire, 'time')} under gunfire alone, " if n_gunfire else ""
        sentence = (
            f"{_number(n(Kind.DEPARTED), 'convoy')} left, {_number(n(Kind.STRUCK), 'strike')}, "
            f"{_number(n(Kind.FOUND), 'find')}, {at_camps}{gunfire}"
            f"{killed:,} killed and {wounded:,} wounded "
            f"from {clock.date_at(start_h)} to {clock.last_day}."
        )
        return _paragraph("In all", sentence)

    # What happened.

    def _ordered(self, rows: list[int]) -> str:
        names = [self._name(self.columns["entity"][row], "a convoy") for row in rows]
        if len(rows) == 1:
            return f"{_capital(names[0])} was ordered."
        return f"Convoys were ordered: {', '.join(n.removeprefix('convoy ') for n in names)}."

    def _companies(self, rows: list[int], did: str) -> str:
        """What companies of one camp did together."""
        if len(rows) == 1:
            return f"{_capital(self._company(self.columns['entity'][rows[0]]))} {did}."
        kinds = Counter(
            self._company(self.columns["entity"][row]).split(" company")[0] for row in rows
        )
        listed = ", ".join(f"{kind} ({kinds[kind]})" for kind in sorted(kinds))
        return f"{len(rows)} companies {did} at {self._camp_of(rows[0])}: {listed}."

    def _waited(self, row: int) -> str:
        cause = Cause(self.columns["cause"][row])
        self.lacked.setdefault(self.columns["entity"][row], []).append(cause)
        return f"{self._who(row)} could not leave: {WHY_WAITING.get(cause, 'it was held back')}."

    def _departed(self, row: int) -> str:
        escort = self.columns["other"][row]
        sentence = f"{self._who(row)} left for {self._camp_of(row)}{self._with_whom(row)}"
        sentence += self._late(row)
        if escort:
            sentence += f", escorted by {self._company(escort)}"
        return sentence + "."

    def _joined(self, row: int) -> str:
        convoy = self._name(self.columns["other"][row], "another convoy")
        to = f"with its load for {self._camp_of(row)}"
        return f"{self._who(row)} left as part of {convoy} {to}{self._late(row)}."

    def _late(self, row: int) -> str:
        """How long a load waited before it left, and why."""
        wait_h = self.columns["hours"][row]
        lacked = dict.fromkeys(self.lacked.pop(self.columns["entity"][row], []))
        if wait_h < 1.0:
            return ""
        reasons = [_past(WHY_WAITING.get(cause, "it was held back")) for cause in lacked]
        return f", {_duration(wait_h)} late" + (f" ({'; '.join(reasons)})" if reasons else "")

    def _arrived(self, row: int) -> str:
        where = f"{self._camp_of(row)}{self._with_whom(row)}"
        return f"{self._who(row)} reached {where} {self._journey(row)}."

    def _returned(self, row: int) -> str:
        return f"{self._who(row)} was back at its hub {self._journey(row)}."

    def _with_whom(self, row: int) -> str:
        is_withdrawal = self.columns["cause"][row] == Cause.WITHDRAWAL
        return " with the people of a closed camp" if is_withdrawal else ""

    def _rerouted(self, row: int) -> str:
        more_h = self.columns["hours"][row]
        longer = f", {_duration(more_h)} longer" if more_h >= 1.0 else ""
        to = f" to {self._camp_of(row)}" if self.columns["camp"][row] >= 0 else ""
        return f"{self._who(row)} took another way{to} from {self._place(row)}{longer}."

    def _journey(self, row: int) -> str:
        key = self.columns["entity"][row]
        halted_h = self.halted_h.get(key, 0.0)
        if self.columns["kind"][row] == Kind.ARRIVED:
            self.halted_out_h[key] = halted_h
        else:
            halted_h -= self.halted_out_h.get(key, 0.0)
        held_up = f", {_duration(halted_h)} of them halted" if halted_h > 0.0 else ""
        return f"after {_duration(self.columns['hours'][row])}{held_up}"

    def _found(self, row: int) -> str:
        cause, place = Cause(self.columns["cause"][row]), self._place(row)
        if cause is Cause.SWEEP:
            team = self._name(self.columns["other"][row], WHO_MET[cause])
            made_safe = "" if self.columns["entity"][row] in self.went_off else " and made it safe"
            return f"{_capital(team)} found a device on {place}{made_safe}."
        return f"{_capital(self._met(row))} found a device on {place}{self._halt(row)}."

    def _decoy_found(self, row: int) -> str:
        cause, place = Cause(self.columns["cause"][row]), self._place(row)
        if cause is Cause.SWEEP:
            team = self._name(self.columns["other"][row], WHO_MET[cause])
            hours = _duration(self.columns["hours"][row])
            return f"{_capital(team)} found a decoy on {place}, which cost {hours}."
        return f"{_capital(self._met(row))} found a decoy on {place}{self._halt(row)}."

    def _struck(self, row: int) -> str:
        return (
            f"STRIKE: {self._met(row)} was struck on {self._place(row)}: "
            f"{self._harm(row)}{self._halt(row)}."
        )

    def _accident(self, row: int) -> str:
        team = self._name(self.columns["entity"][row], WHO_MET[Cause.SWEEP])
        return (
            f"ACCIDENT: a device went off while {team} made it safe on {self._place(row)}: "
            f"{self._harm(row)}."
        )

    def _gunfire(self, row: int) -> str:
        return (
            f"GUNFIRE: {self._met(row)} came under fire on {self._place(row)}: "
            f"{self._harm(row)}{self._halt(row)}."
        )

    def _follow_on_fire(self, row: int) -> str:
        return (
            f"GUNFIRE followed the strike on {self._met(row)}: {self._harm(row)}{self._halt(row)}."
        )

    def _camp_attacked(self, row: int) -> str:
        how = HOW_CAMPS_ARE_ATTACKED[Cause(self.columns["cause"][row])]
        return f"ATTACK: {self._camp_of(row)} {how}: {self._harm(row)}."

    def _cell_struck(self, row: int) -> str:
        cause = Cause(self.columns["cause"][row])
        where = f" on {self._place(row)}" if self.columns["segment"][row] >= 0 else ""
        n_people = self.columns["civilians"][row]
        people = f"; {_number(n_people, 'civilian')} harmed" if n_people else ""
        return f"{HOW_CELLS_LOSE[cause]}{where}{people}."

    def _harm(self, row: int) -> str:
        """Whom an attack killed or wounded."""
        harm = [
            f"{self.columns['killed'][row]} killed" if self.columns["killed"][row] else "",
            f"{self.columns['wounded'][row]} wounded" if self.columns["wounded"][row] else "",
            _number(self.columns["contractors"][row], "contractor") + " killed or wounded"
            if self.columns["contractors"][row]
            else "",
        ]
        return ", ".join(part for part in harm if part) or "nobody was hurt"

    def _struck_others(self, row: int) -> str:
        whom = WHO_WAS_HIT.get(Cause(self.columns["cause"][row]), "others")
        n_people = self.columns["civilians"][row]
        people = f"{n_people} killed or wounded" if n_people else "nobody was hurt"
        return f"A device hit {whom} on {self._place(row)}: {people}."

    def _unit(self, row: int, did: str) -> str:
        strength = self.columns["strength"][row]
        people = f" with {strength:,.0f} people" if strength > 0.0 else ""
        company = _capital(self._company(self.columns["entity"][row]))
        return f"{company} {did} {self._camp_of(row)}{people}."

    def _camp_closed(self, row: int) -> str:
        people = self.columns["strength"][row]
        who = f"; {people:,.0f} people leave" if people > 0.0 else ""
        return f"CLOSED: {self._camp_of(row)} was closed{who}."

    def _decided(self, row: int) -> str:
        return f"DECISION: from now on the settings of {self.scenario.name} hold."

    # Names.

    def _who(self, row: int) -> str:
        return _capital(self._name(self.columns["entity"][row], "a convoy"))

    def _met(self, row: int) -> str:
        """The convoy or patrol of a find or strike; its halt is remembered for the journey."""
        key = self.columns["other"][row]
        self.halted_h[key] = self.halted_h.get(key, 0.0) + self.columns["hours"][row]
        return self._name(key, WHO_MET[Cause(self.columns["cause"][row])])

    def _name(self, key: int, otherwise: str) -> str:
        return self.record.names.get(key, otherwise)

    def _company(self, key: int) -> str:
        """A company as a person says it: `gao/Senegal/infantry/07` is its name in the tables."""
        name = self._name(key, "a company")
        parts = name.split("/")
        if len(parts) != 4:
            return name
        camp, contingent, unit_type, number = parts
        return f"{contingent} {unit_type.replace('_', ' ')} company {number.lstrip('0')} ({camp})"

    def _camp_of(self, row: int) -> str:
        return self._camp(self.columns["camp"][row])

    def _camp(self, number: int) -> str:
        if number < 0:
            return "its camp"
        node = self.record.camp_ids[number]
        if node not in self.network.graph:
            return node
        return str(self.network.graph.nodes[node]["name"]).split(" (")[0]

    def _place(self, row: int) -> str:
        segment = self.columns["segment"][row]
        if segment < 0:
            return "the road"
        segments = self.network.segments
        return f"{segments.road[segment]} ({segments.name[segment]})"

    def _halt(self, row: int) -> str:
        hours = self.columns["hours"][row]
        return f"; halted for {_duration(hours)}" if hours > 0.0 else ""


def _paragraph(stamp: str, sentence: str) -> list[str]:
    return textwrap.wrap(
        f"{stamp:<18}{sentence}",
        width=LINE_WIDTH,
        subsequent_indent=_INDENT,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _past(reason: str) -> str:
    """A reason for waiting, told when it is over.

    >>> _past("no escort is free")
    'no escort was free'
    """
    words = {"is": "was", "are": "were", "has": "had"}
    return " ".join(words.get(word, word) for word in reason.split())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _number(count: float, word: str) -> str:
    """A count with its word.

    >>> _number(1, "patrol"), _number(1200, "patrol")
    ('1 patrol', '1,200 patrols')
    """
    return f"{count:,.0f} {word}" + ("" if count == 1 else "s")


def _duration(hours: float) -> str:
    """Hours as a person says them.

    >>> _duration(0.5), _duration(5.0), _duration(1.0), _duration(47.9), _duration(60.0)
    ('30 minutes', '5 hours', '1 hour', '48 hours', '2.5 days')
    """
    if hours < 0.99:
        return f"{60.0 * hours:.0f} minutes"
    if hours < 48.0:
        return f"{hours:.0f} hour" + ("" if round(hours) == 1 else "s")
    return f"{hours / HOURS_PER_DAY:.1f}".removesuffix(".0") + " days"
