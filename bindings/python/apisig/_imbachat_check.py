"""The check of ImbaChat's login, for every framework."""

from __future__ import annotations

from typing import Callable, NoReturn

from ._errors import without_frames
from ._incoming import Check
from ._native import Presented, String
from ._settings import Settings
from .checked import OnChecked, Outcome
from .imbachat import ImbaChat


class Login(Check):
    """The check of ImbaChat's login."""

    vendor, header = "imbachat", "Authorization"
    not_authorized = ImbaChat.unauthorized()

    @without_frames
    def __init__(self, login: String, password: String, on_checked: OnChecked) -> None:
        """Raise InvalidArgument if login or password is empty."""
        super().__init__(on_checked)
        ImbaChat.verify_authorization(login, password, None)
        self._login, self._password = login, password

    def __reduce__(self) -> NoReturn:
        raise TypeError("ImbaChat's login is not pickled")

    def _secret(self, body: bytes, value: Presented) -> int:
        if not ImbaChat.verify_authorization(self._login, self._password, value):
            self.refuse(Outcome.MISMATCH)
        return 0


@without_frames
def configured_login(login: String, password: String) -> Callable[[OnChecked], Login]:
    """Return what makes the check. Raises InvalidArgument if login or password is empty."""
    Login(login, password, None)
    return lambda on_checked: Login(login, password, on_checked)


@without_frames
def login_check(
    settings: Callable[[], Settings], login: String | None, password: String | None, on_checked: OnChecked
) -> Callable[[], Login]:
    """Return what returns the check of a login and a password; if both are None, of those in the settings."""
    if login is None and password is None:
        return lambda: settings().made(Login.vendor, configured_login)(on_checked)
    check = Login(login or "", password or "", on_checked)
    return lambda: check
