from programs.views.account import account, language_set
from programs.views.invitation import invitation
from programs.views.people import people
from programs.views.sign_in import sign_in

__all__ = ["account", "invitation", "language_set", "people", "sign_in"]
