"""What a template may be made of.

The language is a part of Jinja2 in which nothing can run long or grow large, so none of it has to be stopped: no calls,
no arithmetic, no variables of its own, attributes of `facts` and `loop` alone, loops over `facts` alone and none within
another. What is not named here is refused when the template is read; Jinja2's sandbox stands behind that.
"""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dispatchwatch.dispatch.text import one_line

LONGEST_TEMPLATE = 4_000
LONGEST_RESULT = 20_000
MOST_NESTED = 24
"""Filters one after the other are nested too. Jinja2 takes seconds to translate hundreds of them."""

TEXTS = ("headline", "subject", "severity", "kind", "operation", "link", "note", "by", "channel")
TIMES = ("due_at", "due_on", "written_at", "written_on")
NAMES = frozenset({*TEXTS, *TIMES, "facts", "is_reminder"})
FILTERS = frozenset(
    {"upper", "lower", "title", "capitalize", "trim", "truncate", "default", "d", "first", "last", "length", "replace"}
    | {"items"}
)
TESTS = frozenset({"defined", "undefined", "none", "eq", "equalto", "ne", "in", "==", "!="})
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Filter,
    nodes.Test,
    nodes.Keyword,
    nodes.If,
    nodes.For,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
    nodes.Tuple,
)
REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.Call: "nothing can be called in a template",
    nodes.Assign: "a template has no variables of its own",
    nodes.AssignBlock: "a template has no variables of its own",
    nodes.Include: "a template can’t take in another file",
    nodes.Extends: "a template can’t take in another file",
    nodes.Import: "a template can’t take in another file",
    nodes.FromImport: "a template can’t take in another file",
    nodes.BinExpr: "a template does not calculate; texts are joined with ~",
    nodes.UnaryExpr: "a template does not calculate",
}


LOOP = frozenset({"first", "last", "index"})


class TemplateProblem(Exception):
    """A template that can't be used, or that failed. `part` is which of the table; the message is for people."""

    def __init__(self, message: str, part: str = "") -> None:
        super().__init__(message)
        self.part = part


def translated(text: str) -> Template:
    """The template, ready to be told. Raises TemplateProblem with the line where it holds what is not allowed."""
    if len(text) > LONGEST_TEMPLATE:
        raise TemplateProblem(f"it is longer than {LONGEST_TEMPLATE} characters")
    try:
        _check(ENVIRONMENT.parse(text), frozenset())
        return ENVIRONMENT.from_string(text)
    except TemplateSyntaxError as error:
        raise TemplateProblem(f"line {error.lineno}: {one_line(error.message or 'this is not a template')}") from None
    except (TemplateError, RecursionError, MemoryError, SyntaxError, ValueError, OverflowError):
        raise TemplateProblem("this is not a template that could be read; it may be nested too deeply") from None


def _check(node: nodes.Node, own: frozenset[str], depth: int = 0, *, in_loop: bool = False) -> None:
    """Raises TemplateProblem for the first thing that is none of those known to be harmless."""
    problem = "it is nested too deeply" if depth > MOST_NESTED else _problem(node, own, in_loop=in_loop)
    if problem:
        raise TemplateProblem(f"line {node.lineno}: {problem}")
    if isinstance(node, nodes.For):
        own, in_loop = own | _names(node) | {"loop"}, True
    for child in node.iter_child_nodes():
        _check(child, own, depth + 1, in_loop=in_loop)


def _names(loop: nodes.For) -> frozenset[str]:
    """What a loop calls what it goes through."""
    itself = {loop.target.name} if isinstance(loop.target, nodes.Name) else set()
    return frozenset({*itself, *(name.name for name in loop.target.find_all(nodes.Name))})


def _problem(node: nodes.Node, own: frozenset[str], *, in_loop: bool) -> str:
    match node:
        case nodes.Name() if node.name not in NAMES | own:
            return f"there is no “{node.name}”; a template knows {', '.join(sorted(NAMES))}"
        case nodes.Getattr() | nodes.Getitem() if not _may_be_opened(node):
            return "only the facts have parts, such as facts.Technician or facts['Technician']"
        case nodes.Filter() if node.name not in FILTERS or node.node is None:
            return f"there is no filter “{node.name}”; the filters are {', '.join(sorted(FILTERS))}"
        case nodes.Filter() if node.name == "items" and not _is_facts(node.node):
            return "only the facts can be gone through"
        case nodes.Test() if node.name not in TESTS:
            return f"there is no test “{node.name}”; the tests are {', '.join(sorted(TESTS))}"
        case nodes.For() if in_loop or node.recursive or not _is_facts(node.iter):
            return "only the facts can be gone through, and not within another loop"
        case _ if isinstance(node, ALLOWED):
            return ""
    return _refused(node)


def _refused(node: nodes.Node) -> str:
    told = next((text for kind, text in REFUSED.items() if isinstance(node, kind)), "")
    return told or f"“{type(node).__name__.lower()}” is not for templates"


def _is_facts(node: nodes.Node | None) -> bool:
    if isinstance(node, nodes.Filter) and node.name == "items":
        return _is_facts(node.node)
    return isinstance(node, nodes.Name) and node.name == "facts"


def _may_be_opened(node: nodes.Getattr | nodes.Getitem) -> bool:
    """Whether it is one of the facts, the place in a loop, or a stretch of a text."""
    name = node.node.name if isinstance(node.node, nodes.Name) else ""
    if isinstance(node, nodes.Getattr):
        is_fact = name == "facts" and not hasattr(dict, node.attr) and not node.attr.startswith("_")
        return is_fact or (name == "loop" and node.attr in LOOP)
    if isinstance(node.arg, nodes.Slice):
        return bool(name)
    return name == "facts" and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str)


def _replaced(text: object, old: str, new: str) -> str:
    """Like Jinja2's filter, but it never grows a text beyond what a template may say."""
    before = str(text)
    if not old or len(before) + before.count(old) * len(new) > LONGEST_RESULT:
        raise TemplateProblem("“replace” would say far too much")
    return before.replace(old, new)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, cache_size=0)
    environment.filters = {name: one for name, one in environment.filters.items() if name in FILTERS}
    environment.filters["replace"] = _replaced
    environment.tests = {name: one for name, one in environment.tests.items() if name in TESTS}
    environment.globals.clear()
    return environment


ENVIRONMENT = _environment()
