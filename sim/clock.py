"""Time: hours since the simulation began, and the calendar that they stand for."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

HOURS_PER_DAY = 24.0
DAYS_PER_MONTH = 365.25 / 12.0
"""The mean month, by which rates a month become rates a day."""


@dataclass(frozen=True)
class Clock:
    """Calendar of one run: hour 0 is midnight of `first_day`.

    A *period* is a calendar month, cut also at the decision date, so that what is counted from the
    decision on never shares a bin with what came before.
    """

    first_day: date
    decision_day: date
    last_day: date
    """The first day that is no longer simulated."""

    @property
    def decision_h(self) -> float:
        """Hour at which scenarios begin to differ and counting begins."""
        return self.hour_of(self.decision_day)

    @property
    def end_h(self) -> float:
        """Hour at which the run ends."""
        return self.hour_of(self.last_day)

    def hour_of(self, day: date) -> float:
        """Hours from the beginning to midnight of `day`; negative before the first day."""
        return (day - self.first_day).days * HOURS_PER_DAY

    def date_at(self, time_h: float) -> date:
        """The calendar day that holds `time_h`."""
        return self.first_day + timedelta(days=math.floor(time_h / HOURS_PER_DAY))

    def stamp(self, time_h: float) -> str:
        """`time_h` as a person writes it.

        >>> Clock(date(2016, 7, 1), date(2016, 7, 1), date(2016, 8, 1)).stamp(30.5)
        '2016-07-02 06:30'
        """
        minutes = math.floor((time_h % HOURS_PER_DAY) * 60.0)
        return f"{self.date_at(time_h)} {minutes // 60:02d}:{minutes % 60:02d}"

    def period_days(self) -> list[date]:
        """First days of all periods, and the end: one more than there are periods."""
        days = [self.first_day]
        while days[-1] < self.last_day:
            this = days[-1]
            following = date(this.year + this.month // 12, this.month % 12 + 1, 1)
            if this < self.decision_day < following:
                following = self.decision_day
            days.append(min(following, self.last_day))
        return days

    def period_start_h(self) -> list[float]:
        """`period_days` in hours: float[n_periods + 1]."""
        return [self.hour_of(day) for day in self.period_days()]
