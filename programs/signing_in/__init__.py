"""How people sign in: what of allauth is ours, single sign-on, the rule of the second factor, the log."""
