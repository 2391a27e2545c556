"""The addresses of signing in and of people; of allauth only what is needed, each opened by a rule."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as single
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView

from programs import views
from programs.access import opened_to
from programs.signing_in import oidc

anyone, own = opened_to("anyone"), opened_to("signed in")
sign_out = anyone(require_POST(login_not_required(account.logout)))
to_factors = own(RedirectView.as_view(pattern_name="mfa_index"))
RESET = "account/password/reset/"

urlpatterns: list[URLPattern] = [
    # signing in and out, each once under our name and once under the one that allauth looks for
    path("sign-in/", anyone(views.sign_in), name="sign-in"),
    path("sign-in/", anyone(views.sign_in), name="account_login"),
    path("sign-in/code/", anyone(factors.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", anyone(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/with/<slug:provider_id>/", anyone(oidc.begin), name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", anyone(oidc.finish), name="openid_connect_callback"),
    path("sign-in/cancelled/", anyone(single.login_cancelled), name="socialaccount_login_cancelled"),
    path("sign-in/failed/", anyone(login_not_required(single.login_error)), name="socialaccount_login_error"),
    path("sign-out/", sign_out, name="sign-out"),
    path("sign-out/", sign_out, name="account_logout"),
    # a password for the first time, or anew
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path(RESET, anyone(account.password_reset), name="account_reset_password"),
    path(f"{RESET}sent/", anyone(account.password_reset_done), name="account_reset_password_done"),
    path(
        f"{RESET}done/",
        anyone(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        rf"^{RESET}(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        anyone(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    # the own account
    path("account/", views.account, name="account"),
    path("account/language/", views.language_set, name="account-language"),
    path("account/confirm/", own(account.reauthenticate), name="account_reauthenticate"),
    path("account/confirm/code/", own(factors.reauthenticate), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/", own(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("account/password/", own(account.password_change), name="account_change_password"),
    path("account/password/first/", own(account.password_set), name="account_set_password"),
    path("account/second-factor/", own(factors.index), name="mfa_index"),
    path("account/second-factor/app/", own(app.activate_totp), name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", own(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/passkeys/", to_factors, name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/add/", own(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/", own(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "account/second-factor/passkeys/<int:pk>/remove/",
        own(passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("account/second-factor/codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/codes/new/",
        own(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/second-factor/codes/file/",
        own(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    # people of a program
    path("programs/<str:code>/people/", views.people, name="people"),
]
