from programs.models.assignment import Assignment
from programs.models.links import ProgramLead, ProgramPartner, ProgramPlace
from programs.models.organization import Organization
from programs.models.place import Place
from programs.models.program import Program
from programs.models.site import Site
from programs.models.user import User

__all__ = [
    "Assignment",
    "Organization",
    "Place",
    "Program",
    "ProgramLead",
    "ProgramPartner",
    "ProgramPlace",
    "Site",
    "User",
]
