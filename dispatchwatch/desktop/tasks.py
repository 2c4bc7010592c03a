"""The coroutines the window has going: kept by a strong reference, their problems never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Tasks:
    """`on_problem` hears of every exception that nobody else caught."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_problem: Callable[[BaseException], None]) -> None:
        self._loop = loop
        self._on_problem = on_problem
        self._going: set[asyncio.Task[Any]] = set()
        self._is_over = False

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """The task, for whoever may want to cancel it; nobody has to keep it. After the end none begins any more."""
        task = self._loop.create_task(coroutine)
        if self._is_over:
            task.cancel()
        self._going.add(task)
        task.add_done_callback(self._ended)
        return task

    async def end(self) -> None:
        """Cancels what is still going and waits until it is gone."""
        self._is_over = True
        going = list(self._going)
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._going.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            self._on_problem(problem)


async def aside(function: Callable[..., T], *arguments: Any) -> T:
    """Runs something slow in a thread of its own, which never holds up the end of the program."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, problem: BaseException | None) -> None:
        if answer.done():
            return
        if problem is not None:
            answer.set_exception(problem)
        else:
            answer.set_result(result)  # type: ignore[arg-type]

    def work() -> None:
        result: T | None = None
        problem: BaseException | None = None
        try:
            result = function(*arguments)
        except BaseException as raised:  # noqa: BLE001 - whatever it is, it belongs to whoever waits
            problem = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, problem)

    Thread(target=work, name=f"aside: {getattr(function, '__name__', 'work')}", daemon=True).start()
    return await answer
