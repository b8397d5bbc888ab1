"""Screens in the terminal over the services: ``sessionctl ui``.

How to add a screen about one session file:

1. A class in a module of its own, ``sessionctl/tui/NAME/NAME_screen.py``::

       class DiffScreen(BaseScreen):
           title_words = "Diff"
           BINDINGS: ClassVar[list[BindingType]] = [Binding("s", "toggle", "Text or keys")]

           def compose_body(self) -> ComposeResult: ...   # what is between title and key line
           def begin(self) -> None: ...                   # after the first paint: read here

   ``self.file`` is the path of the session file, ``self.context`` the ``UiContext`` (machine,
   store, the user's editor, characters of the terminal).
2. Its line in ``SCREENS`` of ``sessionctl/tui/frame/screen_registry.py``: name, key, words, module,
   class. By that alone its key works on the list of sessions and on the other screens of a session,
   and the palette and the help page list it. It is imported when it is first opened; a module that
   is not there is not offered.

What a screen gets from ``BaseScreen`` (``sessionctl/tui/frame/base_screen.py``):

- ``in_background(work, then)`` runs ``work`` in a thread and hands its result to ``then``; an
  error of ours is said, with its hints;
- ``say(text, role, hints)`` shows one line above the keys;
- ``open_screen(name, file)`` goes to another screen, ``app.push_screen`` shows a question above;
- ``?`` lists its bindings, ``^P`` finds them by words, ``q`` and Escape go back: every action is a
  binding with a description, and ``action_NAME`` does it.

Rules: whatever is shown of a file goes through ``shown`` of
``sessionctl/tui/widgets/shown_text.py``, which escapes control characters and covers what looks
like a secret, and reaches a widget as a ``Text`` (a plain ``str`` would be read as markup). Colour
never stands alone: a word or a sign says the same. Roles (``error``, ``warning``, ``added``, ...)
have their colours in one table there. ``sessionctl/tui/widgets`` knows no service: the widgets of
host applications share it.
"""
