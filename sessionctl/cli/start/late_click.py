"""Click, late: commands are declared as with click, which is imported only where it is needed.

To import click takes as long as to start Python. What a command declares is kept here as
data; ``sessionctl/cli/start/light_start.py`` reads from it what a plain command line means, and for
everything else - help, completion, errors, other options - it becomes the click command that
it says.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import click

__all__ = [
    "ADVISING_GROUP", "LAZY_GROUP", "NUMBER_COMMAND", "PROGRAM_COMMAND", "RENAMED_OPTION",
    "SESSION_ARGUMENT", "VALUE_COMMAND", "LateCommand", "LateParameter", "LateType", "click",
]  # fmt: skip

_PARAMETERS = "__late_parameters__"
_PASSES = "__late_passes__"
# Classes of our own for ``cls``: where they are found, for they are made of click's.
_VALUES = "sessionctl.cli.input.value_command"
ADVISING_GROUP: type[click.Group] = "sessionctl.cli.lazy_group:AdvisingGroup"  # type: ignore[assignment]
LAZY_GROUP: type[click.Group] = "sessionctl.cli.lazy_group:LazyGroup"  # type: ignore[assignment]
NUMBER_COMMAND: type[click.Command] = f"{_VALUES}:NumberCommand"  # type: ignore[assignment]
PROGRAM_COMMAND: type[click.Command] = f"{_VALUES}:ProgramCommand"  # type: ignore[assignment]
RENAMED_OPTION: type[click.Option] = "sessionctl.cli.input.renamed_option:RenamedOption"  # type: ignore[assignment]
_SESSIONS = "sessionctl.cli.arguments.session_argument"
SESSION_ARGUMENT: type[click.Argument] = f"{_SESSIONS}:SessionArgument"  # type: ignore[assignment]
VALUE_COMMAND: type[click.Command] = f"{_VALUES}:ValueCommand"  # type: ignore[assignment]
_TYPES = ("Choice", "IntRange", "Path", "UNPROCESSED")


class LateType:
    """A type of click that is made when it is needed."""

    __slots__ = ("args", "extra", "name")

    def __init__(self, name: str, args: tuple[Any, ...] = (), extra: Any = None) -> None:
        self.name, self.args, self.extra = name, args, extra

    def __call__(self, *args: Any, **extra: Any) -> LateType:
        """Return the type with its arguments."""
        return LateType(self.name, args, extra)

    def made(self) -> Any:
        """Return the type of click."""
        import click

        found = getattr(click, self.name)
        return found if self.extra is None else found(*self.args, **self.extra)


class LateParameter:
    """An option or an argument as it was declared."""

    __slots__ = ("attributes", "kind", "words")

    def __init__(self, kind: str, words: tuple[str, ...], attributes: dict[str, Any]) -> None:
        self.kind, self.words, self.attributes = kind, words, attributes

    def made(self) -> Callable[[Any], Any]:
        """Return the decorator of click."""
        import click

        kept = _with_types(_with_classes(self.attributes))
        decorator: Callable[[Any], Any] = getattr(click, self.kind)(*self.words, **kept)
        return decorator


class LateCommand:
    """A command, or a group of them, as it was declared; click's own for all other questions."""

    def __init__(
        self, kind: str, name: str | None, function: Callable[..., Any], attributes: dict[str, Any]
    ) -> None:
        self.kind = kind
        self.given_name = name
        self.function = function
        self.attributes = attributes
        self.children: list[LateCommand] = []
        self._made: click.Command | None = None

    @property
    def parameters(self) -> list[LateParameter]:
        """What was declared, in the order it is read."""
        return getattr(self.function, _PARAMETERS, [])

    @property
    def passes_object(self) -> bool:
        """Whether the function is given the console."""
        return getattr(self.function, _PASSES, None) == "pass_obj"

    @property
    def is_all_late(self) -> bool:
        """Whether all that was declared is known here, and the function needs no context."""
        has_others = hasattr(self.function, "__click_params__")
        return not has_others and getattr(self.function, _PASSES, None) != "pass_context"

    def child(self, name: str) -> LateCommand | None:
        """Return the command of this group with that name."""
        return next((child for child in self.children if child.given_name == name), None)

    def command(self, name: str | None = None, **attributes: Any) -> Callable[[Any], LateCommand]:
        """Return the decorator that makes a function a command of this group."""

        def decorate(function: Callable[..., Any]) -> LateCommand:
            self.children.append(_declared("command", name, function, attributes))
            return self.children[-1]

        return decorate

    def add_command(self, command: LateCommand) -> None:
        """Take a command into this group."""
        self.children.append(command)

    def made(self) -> click.Command:
        """Return the command of click."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def _make(self) -> click.Command:
        import click

        attributes = _with_classes(self.attributes)
        function = self.function
        passes = getattr(function, _PASSES, None)
        decorated: Any = getattr(click, passes)(function) if passes else function
        for parameter in reversed(self.parameters):
            decorated = parameter.made()(decorated)
        words = [] if self.given_name is None else [self.given_name]
        made: click.Command = getattr(click, self.kind)(*words, **attributes)(decorated)
        if isinstance(made, click.Group):
            for child in self.children:
                made.add_command(child.made())
        return made

    def __getattr__(self, name: str) -> Any:
        # Only called for what is not there: the attributes of click's commands.
        return getattr(self.made(), name)


def click_command(command: LateCommand | click.Command) -> click.Command:
    """Return the command of click that ``command`` is, or declares."""
    return command.made() if isinstance(command, LateCommand) else command


class _LateModule:
    """What stands for the module click while commands are declared."""

    @staticmethod
    def command(name: str | None = None, **attributes: Any) -> Callable[[Any], LateCommand]:
        return lambda function: _declared("command", name, function, attributes)

    @staticmethod
    def group(name: str | None = None, **attributes: Any) -> Callable[[Any], LateCommand]:
        return lambda function: _declared("group", name, function, attributes)

    @staticmethod
    def argument(*words: str, **attributes: Any) -> Callable[[Any], Any]:
        return _noted(LateParameter("argument", words, attributes))

    @staticmethod
    def option(*words: str, **attributes: Any) -> Callable[[Any], Any]:
        return _noted(LateParameter("option", words, attributes))

    @staticmethod
    def pass_obj(function: Any) -> Any:
        setattr(function, _PASSES, "pass_obj")
        return function

    @staticmethod
    def pass_context(function: Any) -> Any:
        setattr(function, _PASSES, "pass_context")
        return function

    @staticmethod
    def prompt(text: str, **attributes: Any) -> Any:
        import click

        return click.prompt(text, **_with_types(attributes))

    def __getattr__(self, name: str) -> Any:
        return LateType(name) if name in _TYPES else getattr(_module("click"), name)


def _module(name: str) -> Any:
    from importlib import import_module

    return import_module(name)


def _with_classes(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes with the class of ours that ``cls`` names."""
    if not isinstance(attributes.get("cls"), str):
        return attributes
    module, _, name = attributes["cls"].partition(":")
    return {**attributes, "cls": getattr(_module(module), name)}


def _with_types(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes with the types of click that they name."""
    return {
        name: value.made() if isinstance(value, LateType) else value
        for name, value in attributes.items()
    }


def _declared(
    kind: str, name: str | None, function: Callable[..., Any], attributes: dict[str, Any]
) -> LateCommand:
    return LateCommand(kind, name, function, attributes)


def _noted(parameter: LateParameter) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        # What is decorated last is read first.
        setattr(function, _PARAMETERS, [parameter, *getattr(function, _PARAMETERS, [])])
        return function

    return decorate


if not TYPE_CHECKING:
    click = _LateModule()
