"""allauth's forms with our words, and with every failure written down."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
)
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from programs.models import SignIn, User
from programs.signing_in.log import log_failure

LOGIN = {"autocomplete": "username", "autofocus": True, "autocapitalize": "none", "maxlength": 254}
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


def rules() -> str:
    """What a password has to be like, in sentences."""
    return " ".join(map(str, password_validation.password_validators_help_texts()))


def plain(form: forms.BaseForm, **labels: Any) -> None:
    """Labels instead of placeholders, and no help that allauth brings."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
        field.label = labels.get(name, field.label)


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """User name or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, login=_("Username or e-mail"), password=_("Password"))
        self.fields["login"].widget.attrs |= LOGIN
        self.fields["login"].max_length = 254


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(
            self,
            oldpassword=_("Current password"),
            password1=_("New password"),
            password2=_("New password once more"),
        )
        self.fields["password1"].help_text = rules()


class FirstPasswordForm(SetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """A password for who had none, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, password1=_("New password"), password2=_("New password once more"))
        self.fields["password1"].help_text = rules()


class OwnPasswordForm(ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, password=_("Password"))
        self.fields["password"].widget.attrs["autofocus"] = True


class OwnCodeForm(ReauthenticateCodeForm):  # type: ignore[misc]  # allauth has no types
    """A code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code=_("Code"))
        self.fields["code"].widget.attrs |= CODE


class AddressForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Where the link is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, email=_("E-mail"))


class ResetForm(ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """The new password twice, after the link of an e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, password1=_("New password"), password2=_("New password once more"))
        self.fields["password1"].help_text = rules()


class InvitedForm(forms.Form):
    """The first password, twice."""

    password1 = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("New password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = rules()

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> None:
        one, other = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if one and other and one != other:
            self.add_error("password2", str(_("The two passwords differ.")))


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code of the authenticator app, or a recovery code, to sign in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code=_("Code"))
        self.fields["code"].widget.attrs |= CODE

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except forms.ValidationError:
            log_failure(self.user, SignIn.How.PASSWORD, SignIn.Factor.TOTP)
            raise
        return code


class AppForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code=_("Code that the app shows"))
        self.fields["code"].widget.attrs |= CODE


class PasskeyCodeForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey as the second step."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except forms.ValidationError:
            log_failure(self.user, SignIn.How.PASSWORD, SignIn.Factor.WEBAUTHN)
            raise


class PasskeySignInForm(LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey alone; who it should have been is not known when it fails."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except forms.ValidationError:
            log_failure(None, SignIn.How.PASSKEY)
            raise


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new passkey with a name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, name=_("Name"), passwordless=_("Sign in with it alone, without a password"))
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = 60
        self.fields["name"].help_text = _("To tell it from others: “Laptop”, “Key on the ring”.")
        self.initial["passwordless"] = True


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, name=_("Name"))
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = 60
