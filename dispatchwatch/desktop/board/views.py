"""The views of the board: what each shows, in which order and groups, and the list of them that a person keeps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dispatchwatch.desktop.board.columns import USUAL, Placed
from dispatchwatch.desktop.board.filter import EVERYTHING, BoardFilter, Facet
from dispatchwatch.desktop.board.grouping import Grouping
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.board.sorting import MOST_URGENT_FIRST, Sort
from dispatchwatch.domain.standing import Standing

Columns = tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How the board looks. `columns` is None where they are those that all such views share."""

    filter: BoardFilter = EVERYTHING
    grouping: Grouping = Grouping.NONE
    sort: Sort = MOST_URGENT_FIRST
    columns: Columns | None = None


@dataclass(frozen=True, slots=True)
class SavedView:
    name: str
    arrangement: Arrangement = Arrangement()


FIRST_VIEWS: tuple[SavedView, ...] = (
    SavedView("Today"),
    SavedView("Needs action", Arrangement(BoardFilter(Chip.NEEDS_ACTION))),
    SavedView("Unassigned", Arrangement(BoardFilter(values=frozenset({(Facet.STATE, Standing.UNASSIGNED.value)})))),
    SavedView("Late", Arrangement(BoardFilter(Chip.LATE))),
    SavedView("Mine", Arrangement(BoardFilter(mine=True))),
    SavedView("Done", Arrangement(BoardFilter(Chip.DONE))),
)


@dataclass(frozen=True, slots=True)
class BoardMemory:
    """Everything about the board that is remembered.

    `opened` names the view that the `present` state began with, `at_start` the one to open with; where that is empty,
    the board opens as it was left. `usual` are the columns of all views that have none of their own. `folded` holds the
    names of the folded groups of each grouping.
    """

    views: tuple[SavedView, ...] = FIRST_VIEWS
    opened: str = FIRST_VIEWS[0].name
    present: Arrangement = Arrangement()
    at_start: str = ""
    usual: Columns = USUAL
    folded: dict[Grouping, frozenset[str]] = field(default_factory=dict)

    def view(self, name: str) -> SavedView | None:
        return next((one for one in self.views if one.name == name), None)

    @property
    def shown_name(self) -> str:
        """The view that looks like the present state; where none does, the one it began with."""
        alike = [one.name for one in self.views if one.arrangement == self.present]
        return self.opened if self.opened in alike or not alike else alike[0]

    @property
    def changed(self) -> bool:
        """Whether what is seen is saved under no name."""
        return all(one.arrangement != self.present for one in self.views)

    @property
    def columns(self) -> Columns:
        return self.usual if self.present.columns is None else self.present.columns

    def opening(self, name: str) -> BoardMemory:
        view = self.view(name)
        return replace(self, opened=view.name, present=view.arrangement) if view else self

    def begun(self) -> BoardMemory:
        """As the window opens."""
        return self.opening(self.at_start)

    def with_columns(self, columns: Columns, *, own: bool) -> BoardMemory:
        """`own`: for this view alone."""
        if own:
            return replace(self, present=replace(self.present, columns=columns))
        return replace(self, usual=columns, present=replace(self.present, columns=None))

    def saved(self) -> BoardMemory:
        """The present state under the name of the view it began with."""
        return self._with_views(
            tuple(replace(one, arrangement=self.present) if one.name == self.opened else one for one in self.views)
        )

    def saved_as(self, name: str) -> BoardMemory:
        return replace(self, views=(*self.views, SavedView(name, self.present)), opened=name)

    def renamed(self, before: str, after: str) -> BoardMemory:
        views = tuple(replace(one, name=after) if one.name == before else one for one in self.views)
        opened = after if self.opened == before else self.opened
        at_start = after if self.at_start == before else self.at_start
        return replace(self, views=views, opened=opened, at_start=at_start)

    def deleted(self, name: str) -> BoardMemory:
        """The last view stays: there is always one to go back to."""
        views = tuple(one for one in self.views if one.name != name)
        return self._with_views(views) if views else self

    def moved(self, name: str, steps: int) -> BoardMemory:
        views = list(self.views)
        number = next((number for number, one in enumerate(views) if one.name == name), None)
        if number is None:
            return self
        view = views.pop(number)
        views.insert(min(max(number + steps, 0), len(views)), view)
        return replace(self, views=tuple(views))

    def starting_with(self, name: str) -> BoardMemory:
        return replace(self, at_start=name)

    def restored(self) -> BoardMemory:
        """The first views as they were made, and behind them those a person has added."""
        first = {one.name for one in FIRST_VIEWS}
        return self._with_views((*FIRST_VIEWS, *(one for one in self.views if one.name not in first)))

    def folding(self, names: frozenset[str]) -> BoardMemory:
        return replace(self, folded=self.folded | {self.present.grouping: names})

    def _with_views(self, views: tuple[SavedView, ...]) -> BoardMemory:
        names = {one.name for one in views}
        opened = self.opened if self.opened in names else views[0].name
        return replace(self, views=views, opened=opened, at_start=self.at_start if self.at_start in names else "")
