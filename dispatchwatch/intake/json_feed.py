"""REST sources that answer in JSON: polled whole, or for what has changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, JsonValue, SecretStr, model_validator

from dispatchwatch.domain.schedule import Gravity, RowProblem, Snapshot
from dispatchwatch.intake.calendar_window import Window
from dispatchwatch.intake.feed import Feed, FeedConfig
from dispatchwatch.intake.fields import Duration, Interval
from dispatchwatch.intake.json_answers import Answers
from dispatchwatch.intake.json_asking import Covers, Question, Since, filled
from dispatchwatch.intake.json_joins import Joining, Joins, Step
from dispatchwatch.intake.json_lookups import lookup_for
from dispatchwatch.intake.json_pages import Collected, Pages, Source
from dispatchwatch.intake.json_paths import JsonPath
from dispatchwatch.intake.json_records import Record, RecordPaths, Schedule
from dispatchwatch.intake.paging import Paging
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.reading import Reading
from dispatchwatch.intake.ready import profile_for, with_ready
from dispatchwatch.intake.secret import Secrets
from dispatchwatch.intake.synonyms import FIELDS, START_FIELDS
from dispatchwatch.intake.web import MEGABYTE, Limits, Web, shown
from dispatchwatch.intake.web_auth import Auth, NoAuth, auth_flow
from dispatchwatch.intake.web_way import Way

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def usable_paths(paths: Mapping[str, str]) -> Mapping[str, str]:
    for name in paths:
        if name not in FIELDS:
            raise ValueError(f"'{name}' is not a field this program knows; the fields are: {', '.join(FIELDS)}")
    if paths and "ext_id" not in paths:
        raise ValueError("ext_id is missing: the path of what identifies a visit")
    if paths and not any(name in paths for name in START_FIELDS):
        raise ValueError(f"a start is missing: one of {', '.join(START_FIELDS)}")
    return paths


class JsonConfig(FeedConfig):
    """`kind = "json"`.

    `url`, `headers`, `params` (of the query) and `body` may hold placeholders in braces: those of `values`, `secrets`,
    `covers`, `since` and `paging`; what needs a blank one is left out. `records` is the path to the list of records,
    `paths` those of the fields in one (JMESPath); without `paths` the fields are found by name, as in a table. Texts in
    `empty` tell nothing. `error` is where the source says what is wrong.

    `joins` add to the records what another address of the source tells (see `json_joins`).

    With `covers` a whole reading is complete for its days. With `since` only what has changed is asked for, and the
    whole again after `whole_every`. With `ready` everything comes from that ready profile, and what is written beside
    it replaces it. One reading may take as long as `within` (whoever fetches gives up after a minute); what has come by
    then counts as a part.
    """

    kind: str = "json"
    every: Interval = timedelta(minutes=1)
    ready: str | None = None
    values: Mapping[str, str | int] = Field(default_factory=dict)
    secrets: Secrets = Field(default_factory=dict)
    url: str = Field(min_length=1)
    method: Literal["GET", "POST"] = "GET"
    headers: Mapping[str, str] = Field(default_factory=dict)
    params: Mapping[str, str] = Field(default_factory=dict)
    body: JsonValue = None
    auth: Auth = NoAuth()
    paging: Paging = Paging()
    records: JsonPath = "@"
    error: JsonPath | None = None
    paths: Annotated[Mapping[str, JsonPath], AfterValidator(usable_paths)] = Field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    joins: Joins = Field(default_factory=dict)
    since: Since | None = None
    covers: Covers | None = None
    whole_every: Duration = timedelta(hours=1)
    profile: str | None = None
    within: Duration = timedelta(seconds=50)
    max_bytes: int = Field(default=50 * MEGABYTE, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _on_top_of_ready(cls, told: Any) -> Any:
        return with_ready(told) if isinstance(told, Mapping) and told.get("ready") else told

    @model_validator(mode="after")
    def _body_goes_with_post(self) -> Self:
        if self.body is not None and self.method != "POST":
            raise ValueError('a body is sent with method = "POST" only')
        return self

    @model_validator(mode="after")
    def _joins_need_paths(self) -> Self:
        if self.joins and not self.paths:
            raise ValueError("joins need paths, which say what of the things found is taken")
        return self

    def open(self, profile: ProfileConfig, *, office_zone: ZoneInfo, base: Path, way: Way | None = None) -> Feed:  # noqa: ARG002
        if self.ready:
            profile = profile_for(self.ready, self.values, profile)
        return JsonFeed(self, profile, office_zone=office_zone, web=self.web(way))

    def web(self, way: Way | None = None) -> Web:
        """What asks the source."""
        return Web(Limits(bytes=self.max_bytes), auth=auth_flow(self.auth, way), way=way)


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known of the source: its records, and the same with what is joined to them. `content` identifies what
    these say. `whole_at` is when it was last read whole, `since` where the next news begin, `window` what the whole
    reading asked for."""

    schedule: Schedule
    joined: tuple[Record, ...]
    content: str
    reading: Reading
    whole_at: datetime | None
    since: datetime | None
    window: Window | None

    @property
    def digest(self) -> str:
        """A new day is something new to say: other days are covered."""
        days = f"{self.window.first} {self.window.last}" if self.window else ""
        return sha256(f"{self.content} {days}".encode()).hexdigest()


class JsonFeed:
    """Holds every record the source has told of; visits are read anew only when a record says something new."""

    def __init__(
        self,
        config: JsonConfig,
        profile: ProfileConfig,
        *,
        office_zone: ZoneInfo,
        web: Web | None = None,
        steady: Callable[[], float] = monotonic,
    ) -> None:
        self.name = config.name
        self.interval = config.every
        self._config = config
        self._profile = profile
        self._zone = office_zone
        self._paths = RecordPaths(config.paths, config.empty, keep=bool(config.joins))
        self._steady = steady
        web = web or config.web()
        source = _source(config, self._paths, office_zone)
        self._pages = Pages(source, web, steady)
        self._lookups = {name: lookup_for(join, source, web, steady) for name, join in config.joins.items()}
        steps = [(Step(name, join, config.empty), self._lookups[name]) for name, join in config.joins.items()]
        self._joining = Joining(steps, self._paths)
        self._anew_at = LONG_AGO
        self._held: _Held | None = None

    def fetch(self, now: datetime) -> Snapshot:
        """See `Feed.fetch`."""
        left = self._time_left()
        covers = self._config.covers
        window = Window.around(now, covers.days_back, covers.days_ahead, self._zone) if covers else None
        whole = self._whole_is_due(window, now)
        anew = now - self._anew_at >= self._config.whole_every
        words = self._words(window if whole else None, whole=whole)
        got = self._pages.read(words, now, within=left(), anew=anew)
        if anew and not got.lacking:
            self._anew_at = now
        self._tell_lookups(window, now)
        held = self._held = self._taken(got, window, now, left, whole=whole and not got.lacking)
        complete = bool(whole and window and self._profile.complete and not got.lacking)
        return Snapshot(
            feed=self.name,
            read_at=now,
            visits=held.reading.visits,
            digest=held.digest,
            complete=complete,
            covered=window.days if complete and window else frozenset(),
            source_at=max((visit.modified_at for visit in held.reading.visits if visit.modified_at), default=None),
            sources=(shown(got.url),),
            problems=(*held.reading.problems, *self._not_looked_up(shown(got.url))),
            lacking=got.lacking,
            clock_ahead=got.clock_ahead,
            repeated=held.reading.repeated,
        )

    def _time_left(self) -> Callable[[], timedelta]:
        began, within = self._steady(), self._config.within
        return lambda: max(within - timedelta(seconds=self._steady() - began), timedelta())

    def _tell_lookups(self, window: Window | None, now: datetime) -> None:
        """What the lists that are joined are asked with: the same days, whatever the feed itself was asked with."""
        words = {**self._words(window, whole=True), "filter": ""} if self._lookups else {}
        for lookup in self._lookups.values():
            lookup.at, lookup.words = now, words

    def _whole_is_due(self, window: Window | None, now: datetime) -> bool:
        held = self._held
        if held is None or held.whole_at is None or held.since is None or held.window != window:
            return True
        return not held.whole_at <= now < held.whole_at + self._config.whole_every

    def _words(self, window: Window | None, *, whole: bool) -> Mapping[str, Any]:
        """What the placeholders stand for in this reading; those of the other kind of reading are blank."""
        config, words = self._config, self._given()
        words |= {"from": "", "to": "", "since": "", "filter": ""}
        if whole and config.covers and window:
            words |= {"from": config.covers.begin_written(window.begins), "to": config.covers.end_written(window.ends)}
            words["filter"] = filled(config.covers.filter, words)
        elif not whole and config.since and self._held and self._held.since:
            words["since"] = config.since.written(self._held.since)
            words["filter"] = filled(config.since.filter, words)
        return words

    def _given(self) -> dict[str, Any]:
        secrets = {name: secret.get_secret_value() for name, secret in self._config.secrets.items()}
        return {**self._config.values, **secrets}

    def _taken(
        self, got: Collected, window: Window | None, now: datetime, left: Callable[[], timedelta], *, whole: bool
    ) -> _Held:
        before, where = self._held, shown(got.url)
        records = got.records if whole or before is None else before.schedule.with_news(got.records)
        whole_at = now if whole else before.whole_at if before else None
        window = window if whole or before is None else before.window
        since = before.since if before and got.lacking else self._since(got, now)
        if before is not None and records == before.schedule.records:
            schedule = before.schedule
        else:
            schedule = self._schedule(records, where)
        joined = self._joining.made(schedule.records, left)
        if before is not None and joined is before.joined:
            return replace(before, schedule=schedule, whole_at=whole_at, since=since, window=window)
        full = schedule if joined is schedule.records else self._schedule(joined, where)
        content = full.digest() + "".join(f" {name}" for name, _ in self._joining.problems)
        if before is not None and content == before.content:
            reading = before.reading
        else:
            reading = full.read(self._profile, feed=self.name, office_zone=self._zone, source=where)
        return _Held(schedule, joined, content, reading, whole_at, since, window)

    def _schedule(self, records: tuple[Record, ...], where: str) -> Schedule:
        return Schedule.of(records, self._paths, self._profile.columns, where)

    def _not_looked_up(self, source: str) -> Iterator[RowProblem]:
        """One problem for each join that lacks something, whatever the number of records it costs."""
        for name, problem in self._joining.problems:
            text = f"not everything could be looked up: {problem.rstrip('.')}. Until then ids or blanks stand there"
            yield RowProblem(source, 1, f"joins.{name}", text, Gravity.DOUBTFUL)

    def _since(self, got: Collected, now: datetime) -> datetime | None:
        """Where the next news begin: by the slower of the two clocks, lest a change fall between them."""
        if self._config.since is None:
            return None
        behind = min(got.clock_ahead or timedelta(), timedelta())
        return now + behind - self._config.since.overlap


def _source(config: JsonConfig, paths: RecordPaths, zone: ZoneInfo) -> Source:
    auth = [value.get_secret_value() for _, value in config.auth if isinstance(value, SecretStr)]
    secrets = tuple(text for text in (*auth, *(one.get_secret_value() for one in config.secrets.values())) if text)
    question = Question(
        url=config.url,
        method=config.method,
        headers=config.headers,
        params=config.params,
        body=config.body,
        secret=bool(secrets),
    )
    answers = Answers(config.records, config.error, zone, secrets)
    return Source(question, config.paging, answers, paths)
