from programs.models.assignment import Assignment
from programs.models.invitation import Invitation
from programs.models.links import ProgramLead, ProgramPartner, ProgramPlace
from programs.models.organization import Organization
from programs.models.place import Place
from programs.models.program import Program
from programs.models.second_factor import SecondFactor, has_second_factor, lacks_second_factor
from programs.models.sign_in import SignIn
from programs.models.site import Site
from programs.models.user import User

__all__ = [
    "Assignment",
    "Invitation",
    "Organization",
    "Place",
    "Program",
    "ProgramLead",
    "ProgramPartner",
    "ProgramPlace",
    "SecondFactor",
    "SignIn",
    "Site",
    "User",
    "has_second_factor",
    "lacks_second_factor",
]
