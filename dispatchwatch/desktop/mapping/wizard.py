"""Connecting a feed, one question a page, with the own data beside it; at the end the proof, and saving."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent

from dispatchwatch.app.mapping import Office, Saved
from dispatchwatch.app.mapping_stages import (
    Answers,
    MappingDraft,
    Reading,
    Stage,
    answered,
    begun,
    changed,
    looked,
    reading,
    stage_of,
)
from dispatchwatch.app.secrets import is_reference
from dispatchwatch.desktop import mapping_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.forms.step import Step
from dispatchwatch.desktop.mapping.added_sheet import AddedSheet
from dispatchwatch.desktop.mapping.answers import answers_to
from dispatchwatch.desktop.mapping.change_sheet import ChangeSheet, Said
from dispatchwatch.desktop.mapping.kind_question import KindQuestion
from dispatchwatch.desktop.mapping.layout import WizardLayout
from dispatchwatch.desktop.mapping.work import Work
from dispatchwatch.desktop.pieces import on_key
from dispatchwatch.desktop.tokens import Tone


class MappingWizard(Step):
    """`finished` carries the name of the feed that was saved, `mapped` the keys of a feed that was changed and those of
    its profile, which whoever opened it saves. `cancelled` when it was left; `draft` is what to begin with next time.
    """

    finished = Signal(str)
    mapped = Signal(object, object)
    cancelled = Signal()

    title = mapping_phrases.WHERE_FROM
    why = mapping_phrases.WHERE_FROM_WHY

    def __init__(
        self, room: DeskRoom, office: Office, *, draft: MappingDraft | None = None, stage: Stage | None = None
    ) -> None:
        """With a `draft` that one is gone on with, with a `stage` a feed of the file is changed."""
        super().__init__()
        self._room, self._office = room, office
        self._surroundings = Surroundings(base=office.base, can_keep=office.can_keep)
        self._draft, self._stage = draft or MappingDraft("", ""), stage
        self._reading: Reading | None = None
        self._changes = stage is not None
        self._trail: list[tuple[Stage, Answers]] = []
        self.saved: Saved | None = None
        self.page = WizardLayout(room, self)
        self._work, self._preview = Work(room.tasks, self), Work(room.tasks, self)
        self._wire()
        if stage is not None:
            self._arrive(stage)
        elif self._draft.kind:
            self._begin(self._draft)
        else:
            self._ask_kind()

    @property
    def draft(self) -> MappingDraft:
        return self._draft

    @property
    def stage(self) -> Stage | None:
        return self._stage

    @property
    def is_complete(self) -> bool:
        return self.saved is not None

    def take_keyboard(self) -> None:
        self.page.take_keyboard()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.take_keyboard()

    def _wire(self) -> None:
        page = self.page
        page.next.clicked.connect(self._next)
        page.back.clicked.connect(self._go_back)
        page.stop.clicked.connect(self._stop)
        page.cancel.clicked.connect(self._leave)
        page.added.clicked.connect(self._show_added)
        page.entered.connect(self._next)
        page.preview.change_wanted.connect(self._change)
        self._work.changed.connect(lambda: page.show_busy(is_busy=self._work.is_going))
        on_key(self, "Alt+Left", self._go_back)

    # the questions

    def _ask_kind(self) -> None:
        question = KindQuestion(self._room, self._office.feeds, self._draft.kind, self._draft.name)
        self.page.show_question(self.title, self.why, question)
        self.page.show_data(None, None)
        self.page.back.hide()

    def _arrive(self, stage: Stage) -> None:
        """What comes next: a look, a question, or the proof."""
        self._stage, self._reading = stage, None
        self.page.show_data(stage, None)
        self.page.back.setVisible(bool(self._trail) or not self._changes)
        if stage.needs_look:
            self._look(stage)
        elif stage.asks is not None:
            self._ask(stage)
        else:
            self._prove(stage)
        if stage.reads_cheaply and stage.asks is not None:
            self._preview.do(lambda: reading(stage, self._room.now()), self._show_reading, lambda _problem: None)
        self.changed.emit()

    def _ask(self, stage: Stage, problem: str = "") -> None:
        if stage.asks is not None:
            question = answers_to(self._room, stage.asks, self._surroundings)
            asked, beside = mapping_phrases.parted(stage.asks.text)
            why = " ".join(part for part in (beside, mapping_phrases.why_asked(stage.asks)) if part)
            self.page.show_question(asked, why, question)
            self.page.say(problem)
            self.page.preview.point_at(stage.asks)

    def _next(self) -> None:
        """Whatever the button says."""
        if self._work.is_going or self.saved is not None:
            return
        question, stage = self.page.question, self._stage
        if isinstance(question, KindQuestion):
            if question.answer:
                self._begin(MappingDraft(question.answer, question.name))
        elif stage is None or stage.needs_look:
            self._arrive(stage) if stage else self._ask_kind()
        elif stage.asks is not None:
            if question is not None and question.answer:
                self._say(stage, ((stage.asks.key, question.answer),))
        elif self._reading is None:
            self._prove(stage)
        else:
            self._save(stage)

    def _begin(self, draft: MappingDraft) -> None:
        self._draft = draft
        self.page.say(mapping_phrases.THINKING, Tone.MUTED)
        self._work.do(lambda: begun(draft, self._office), self._arrive, self._refuse_kind)

    def _refuse_kind(self, problem: str) -> None:
        if not isinstance(self.page.question, KindQuestion):
            self._ask_kind()
        self.page.say(problem)

    def _say(self, stage: Stage, said: Said) -> None:
        """Takes these answers, and goes on."""

        def take() -> Stage:
            found = stage
            for key, choice in said:
                found = answered(found, key, choice)
            return found

        self.page.say(mapping_phrases.THINKING, Tone.MUTED)
        self._work.do(take, partial(self._said, stage, said), self.page.say)

    def _said(self, before: Stage, said: Said, after: Stage) -> None:
        self._trail.append((before, self._draft.answers))
        kept = tuple((key, text) for key, text in said if not before.session.is_secret(key) or is_reference(text))
        self._keep((*self._draft.answers, *kept))
        self._arrive(after)

    def _keep(self, answers: Answers) -> None:
        self._draft = MappingDraft(self._draft.kind, self._draft.name, answers)

    def _go_back(self) -> None:
        if self.page.back.isHidden() or self.saved is not None:
            return
        self._work.call_off()
        self._preview.call_off()
        if self._trail:
            stage, answers = self._trail.pop()
            self._keep(answers)
            self._arrive(stage)
        else:
            self._stage = None
            self._keep(())
            self._ask_kind()

    def _change(self, kind: str, name: str, now: str) -> None:
        stage = self._stage
        if stage is None or self._work.is_going or self.saved is not None:
            return
        sheet = ChangeSheet(self._room, kind, name, now, self.window())
        sheet.said.connect(partial(self._say, stage))
        sheet.open()

    # what takes time

    def _look(self, stage: Stage) -> None:
        self.page.show_waiting(mapping_phrases.LOOKING, mapping_phrases.LOOKING_WHY)
        self._work.do(lambda: looked(stage, self._room.now()), self._arrive, partial(self._not_seen, stage))

    def _not_seen(self, stage: Stage, problem: str) -> None:
        """The way to the source is asked for once more, with the reason."""
        again = stage_of(stage.session.again())
        if again.asks is None:
            self.page.show_waiting(mapping_phrases.COULD_NOT_LOOK, mapping_phrases.LOOKING_WHY, mapping_phrases.AGAIN)
            self.page.say(problem)
            return
        self._stage = again
        self._ask(again, mapping_phrases.once_more(problem))

    def _prove(self, stage: Stage) -> None:
        why = mapping_phrases.CHANGED_WHY if self._changes else mapping_phrases.ALL_ANSWERED_WHY
        self.page.show_waiting(mapping_phrases.ALL_ANSWERED, why)
        self.page.say(mapping_phrases.READING, Tone.MUTED)
        self._work.do(lambda: reading(stage, self._room.now()), self._show_proof, self._not_read)

    def _not_read(self, problem: str) -> None:
        self.page.say(problem)
        self.page.offer(mapping_phrases.AGAIN)

    def _show_reading(self, found: Reading) -> None:
        """Beside a question, as far as it is known."""
        if self._stage is not None:
            self.page.show_data(self._stage, found)

    def _show_proof(self, found: Reading) -> None:
        self._reading = found
        self._show_reading(found)
        has_visits = self._stage is None or self._stage.session.has_visits
        text = mapping_phrases.proof(len(found.visits), found.problems) if has_visits else mapping_phrases.NO_VISITS_YET
        self.page.say(text, Tone.SOON if found.problems or (has_visits and not found.visits) else Tone.OK)
        self.page.preview.choose(mapping_phrases.NOT_READ if found.problems else mapping_phrases.VISITS)
        self.page.offer(mapping_phrases.SAVE, also_added=not self._changes)

    def _save(self, stage: Stage) -> None:
        self.page.say(mapping_phrases.SAVING, Tone.MUTED)
        if self._changes:
            self._work.do(lambda: changed(stage.session), lambda told: self.mapped.emit(*told), self._not_saved)
        else:
            self._work.do(stage.session.save, partial(self._show_saved, stage), self._not_saved)

    def _not_saved(self, problem: str) -> None:
        self.page.say(problem)
        self.page.offer(mapping_phrases.SAVE, also_added=not self._changes)

    def _show_saved(self, stage: Stage, saved: Saved) -> None:
        self.saved = saved
        name = stage.session.name
        where = mapping_phrases.saved_where(saved.path, saved.backup)
        self.page.show_done(mapping_phrases.saved(name), (where, *stage.session.advice()))
        self.changed.emit()
        self.finished.emit(name)

    def _show_added(self) -> None:
        stage = self._stage
        if stage is not None and stage.is_ready:
            self._work.do(stage.session.would_add, self._open_added, self.page.say)

    def _open_added(self, text: str) -> None:
        AddedSheet(self._room, text, self.window()).open()

    def _stop(self) -> None:
        self._work.call_off()
        self.page.say(mapping_phrases.STOPPED, Tone.SOON)
        self.page.offer(mapping_phrases.AGAIN)

    def _leave(self) -> None:
        self._work.call_off()
        self._preview.call_off()
        self.cancelled.emit()
