"""A report as it is typed: what is shown, kept, refused, and told to two people at once."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.actions import lay_series, save
from indicators.models import Entry, Report, Result, Series, State
from indicators.rows import Typed
from programs.models import Program
from tests import builders as make
from tests.indicators.desk import Desk, make_desk, page_of, signed_in

pytestmark = pytest.mark.django_db
QUIET = {"HX-Request": "true"}


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def said_at(page: str, box: str) -> str:
    """What is said beside a box."""
    found = re.search(rf'<div id="{box}-wrong"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found[1])


def carried(page: str, name: str) -> str:
    """The value of a hidden input."""
    found = re.search(rf'<input\s+type="hidden"\s+id="{name}"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def choice(page: str, box: str, whose: str) -> str:
    """The value of the button that keeps one of two texts."""
    found = re.search(rf'name="keep-{box}" value="({whose} [^"]+)"', page)
    assert found
    return found[1]


# who may -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report-entry", "report-check"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("reporter", 200), ("colleague", 200), ("manager", 200), ("viewer", 403), ("outsider", 404)],
)
def test_who_sees_a_draft(desk: Desk, name: str, who: str, status: int) -> None:
    assert signed_in(getattr(desk, who)).get(desk.url(name)).status_code == status


def test_a_reporter_of_another_site_does_not_know_of_it(desk: Desk) -> None:
    stranger = make.make_user()
    make.assign(stranger, desk.program, "reporter", desk.other_site)
    assert signed_in(stranger).get(desk.url()).status_code == 404
    assert signed_in(stranger).post(desk.url(), desk.full()).status_code == 404


def test_an_administrator_reads_what_others_type(desk: Desk) -> None:
    client = signed_in(make.make_administrator())
    page = page_of(client.get(desk.url()))
    assert "Officers trained" in page
    assert 'form="report"' not in page
    assert client.post(desk.url(), desk.full()).status_code == 403
    assert not Result.objects.exists()


def test_anonymous_is_asked_to_sign_in(desk: Desk) -> None:
    assert "/sign-in/" in Client().get(desk.url())["Location"]
    assert "/sign-in/" in Client().post(desk.url("report-submit"))["Location"]


def test_no_report_has_an_id_of_thirty_digits(desk: Desk) -> None:
    assert signed_in(desk.reporter).get(f"/reports/{10**30}/").status_code == 404


# saving ------------------------------------------------------------------------------------------------


def test_what_was_typed_is_saved_and_shown_again(desk: Desk) -> None:
    client = signed_in(desk.reporter)
    response = client.post(desk.url(), desk.full())
    assert response.status_code == 302
    assert response["Location"] == f"{desk.url()}?saved"
    page = page_of(client.get(response["Location"]))
    assert "3 of 3 filled" in page
    assert "= 75" in page
    assert 'value="12"' in page
    assert "adds up" in page


def test_the_same_form_sent_twice_changes_nothing(desk: Desk) -> None:
    client, form = signed_in(desk.reporter), desk.full()
    client.post(desk.url(), form)
    first = desk.now()
    assert client.post(desk.url(), form).status_code == 302
    assert desk.now().version == first.version == 1
    assert desk.now().saved_at == first.saved_at


def test_typing_goes_on_in_the_box_after_the_last_one_saved(desk: Desk) -> None:
    client = signed_in(desk.reporter)
    page = page_of(client.post(desk.url(), {f"value-{desk.men.pk}": "5", "version": "0"}, follow=True))
    assert re.search(rf'<input id="numerator-{desk.ratio.pk}"[^>]* autofocus', page)
    assert page.count(" autofocus") == 1


def test_texts_come_back_as_they_were_typed(desk: Desk) -> None:
    text = '\nfirst line\r\n  <b>second</b> & "quoted"'
    client = signed_in(desk.reporter)
    client.post(desk.url(), {f"explanation-{desk.counted.pk}": text, "version": "0"})
    assert desk.text(desk.counted, "explanation") == text.replace("\r\n", "\n")
    page = page_of(client.get(desk.url()))
    assert "\n\nfirst line\n  &lt;b&gt;second&lt;/b&gt; &amp; &quot;quoted&quot;</textarea>" in page


def test_what_a_page_does_not_show_is_carried_along(desk: Desk) -> None:
    typed = {desk.women.pk: Typed(value="7", certainty="about", evidence="Register, 2026")}
    save(report_id=desk.report.pk, by=desk.reporter, typed=typed, version=0)
    page = page_of(signed_in(desk.reporter).get(desk.url()))
    assert f'<input type="hidden" name="certainty-{desk.women.pk}" value="about" form="report">' in page
    assert (
        f'<input type="hidden" name="evidence-{desk.women.pk}" value="Register, 2026" form="report">' in page
    )


def test_rows_left_as_they_were_shown_are_not_saved(desk: Desk) -> None:
    client = signed_in(desk.reporter)
    was = carried(page_of(client.get(desk.url())), f"was-{desk.counted.pk}")
    save(report_id=desk.report.pk, by=desk.colleague, typed={desk.counted.pk: Typed(value="9")}, version=0)
    blank = {f"value-{one.pk}": "" for one in (desk.counted, desk.women, desk.men)}
    response = client.post(
        desk.url(),
        {**blank, f"was-{desk.counted.pk}": was, f"value-{desk.milestone.pk}": "no", "version": "1"},
    )
    assert response.status_code == 302
    assert desk.text(desk.counted) == "9"
    assert desk.text(desk.milestone) == "no"


BAD = [
    ("NaN", "This can't be read as a number. Write digits, like 1926.5."),
    ("Infinity", "This can't be read as a number. Write digits, like 1926.5."),
    ("1e999", "This can't be read as a number. Write digits, like 1926.5."),
    ("123456789012345678901234567890", "This number is too long"),
    ("-3", "This is counted, so it can't be negative."),
    ("1.5", "This is counted, so it has to be a whole number."),
    ("1.926", "This can be read in two ways"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_what_is_not_valid_is_kept_and_said_at_its_place(desk: Desk, text: str, message: str) -> None:
    client, box = signed_in(desk.reporter), f"value-{desk.counted.pk}"
    client.post(desk.url(), {box: text, "version": "0"})
    page = page_of(client.get(desk.url()))
    if text != "1.926":  # of a counted thing that is the thousands alone
        assert message in said_at(page, box).replace("&#x27;", "'")
        assert re.search(rf'<input id="{box}"[^>]* aria-invalid="true"', page)
    assert f'value="{text}"' in page
    assert Result.objects.get().value is None
    response = client.post(desk.url("report-submit"), {"version": "1"})
    assert response.status_code == 422
    assert desk.now().state == State.DRAFT


@pytest.mark.parametrize(
    ("box", "typed", "message"),
    [
        (
            "numerator",
            {"numerator": "50", "denominator": "40"},
            "The first part can't be above the second one.",
        ),
        ("denominator", {"numerator": "50"}, "A ratio needs both its parts."),
        ("evidence", {"evidence": "javascript:alert(1)"}, "A link has to start with https:// or http://."),
        ("evidence", {"evidence": "https://me:secret@example.org/"}, "Leave the user name and password out"),
        ("published", {"evidence": "Register", "published": "32 May"}, "Write a day, a month or a year"),
        ("absence", {"numerator": "1", "denominator": "2", "absence": "withheld"}, "not both"),
    ],
)
def test_rows_that_do_not_fit_are_kept_and_said_at_their_place(
    desk: Desk, box: str, typed: dict[str, str], message: str
) -> None:
    client, pk = signed_in(desk.reporter), desk.ratio.pk
    form = {f"{field}-{pk}": text for field, text in typed.items()}
    page = page_of(client.post(desk.url(), {**form, "version": "0"}, follow=True))
    assert message in said_at(page, f"{box}-{pk}").replace("&#x27;", "'")
    assert all(text in page for text in typed.values())
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', page))
    assert client.post(desk.url("report-submit"), {"version": "1"}).status_code == 422
    assert desk.now().state == State.DRAFT


def test_a_breakdown_that_does_not_add_up(desk: Desk) -> None:
    client = signed_in(desk.reporter)
    page = page_of(client.post(desk.url(), desk.full() | {f"value-{desk.men.pk}": "6"}, follow=True))
    assert "the parts add up to 13, the whole is 12." in said_at(page, f"value-{desk.women.pk}")
    assert "= 13 ≠" in page
    assert client.post(desk.url("report-submit"), {"version": "1"}).status_code == 422


# what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["12\x0034", "x" * 1_000_000])
def test_texts_that_cannot_be_kept(desk: Desk, text: str) -> None:
    client, box = signed_in(desk.reporter), f"explanation-{desk.counted.pk}"
    response = client.post(desk.url(), desk.full() | {box: text})
    page = page_of(response)
    assert response.status_code == 422
    assert "be kept" in said_at(page, box)
    assert f'<a href="#{box}">Officers trained</a>' in page
    assert text in page
    assert 'value="12"' in page
    assert not Result.objects.exists()
    assert carried(page, "version") == "0"


def test_a_choice_that_is_not_offered(desk: Desk) -> None:
    box = f"absence-{desk.milestone.pk}"
    response = signed_in(desk.reporter).post(desk.url(), {box: "no_activity", "version": "0"})
    assert response.status_code == 422
    assert "no activity" in said_at(page_of(response), box)
    assert not Result.objects.exists()


def foreign(desk: Desk, kind: str) -> int:
    """The id of a series that belongs elsewhere."""
    if kind == "site":
        return Series.objects.filter(site=desk.other_site).latest("pk").pk
    if kind == "category":
        other = make.make_indicator(desk.program)
        make.break_down(other, make.make_dimension("inside", "outside"))
        lay_series(indicators=[other])
        return (
            Series.objects.filter(indicator=other, site=desk.other_site, category__isnull=False)
            .latest("pk")
            .pk
        )
    return 10**17


@pytest.mark.parametrize("kind", ["site", "category", "nothing"])
def test_rows_of_others_by_their_id(desk: Desk, kind: str) -> None:
    client = signed_in(desk.reporter)
    response = client.post(desk.url(), desk.full() | {f"value-{foreign(desk, kind)}": "3"})
    assert response.status_code == 422
    assert "This report has no such row. Nothing was saved." in page_of(response)
    assert 'value="12"' in page_of(response)
    assert not Result.objects.exists()


def test_rows_of_another_program_by_their_id(desk: Desk) -> None:
    theirs = make.make_series(make.make_indicator(Program.objects.get(code="THEIRS"), reported_by="program"))
    response = signed_in(desk.reporter).post(desk.url(), {f"value-{theirs.pk}": "3", "version": "0"})
    assert response.status_code == 422
    assert not Result.objects.exists()


@pytest.mark.parametrize("name", [f"value-{10**40}", "value-", "value-1-2", "value-x", "typed-3", "was-"])
def test_names_that_mean_nothing(desk: Desk, name: str) -> None:
    response = signed_in(desk.reporter).post(desk.url(), {name: "3", "version": "0"})
    assert response.status_code in (302, 422)
    assert not Result.objects.exists()


def test_a_locked_period(desk: Desk) -> None:
    period = desk.report.period
    period.locked = True
    period.save()
    client = signed_in(desk.reporter)
    assert 'form="report"' not in page_of(client.get(desk.url()))
    response = client.post(desk.url(), desk.full())
    assert response.status_code == 422
    assert "The period 2026 Q3 is locked: its reports can&#x27;t be changed." in page_of(response)
    assert 'value="12"' in page_of(response)
    assert not Result.objects.exists()


def test_a_report_that_is_closed(desk: Desk) -> None:
    desk.submitted()
    response = signed_in(desk.reporter).post(desk.url(), {f"value-{desk.counted.pk}": "13", "version": "1"})
    assert response.status_code == 422
    assert "This report is submitted and can&#x27;t be changed." in page_of(response)
    assert desk.text(desk.counted) == "12"


# two people --------------------------------------------------------------------------------------------


def test_two_people_on_one_draft(desk: Desk) -> None:
    ana, ben, box = signed_in(desk.colleague), signed_in(desk.reporter), f"value-{desk.counted.pk}"
    was = carried(page_of(ben.get(desk.url())), f"was-{desk.counted.pk}")
    ana.post(desk.url(), {box: "398", "version": "0"})
    response = ben.post(desk.url(), {box: "412", f"was-{desk.counted.pk}": was, "version": "0"})
    page = page_of(response)
    assert response.status_code == 409
    said = said_at(page, box)
    assert "Two texts for value: which one stays?" in said
    assert "Keep yours412" in said
    assert re.search(r"Keep theirs \(colleague, .*\)398", said)
    assert 'value="412"' in page
    assert desk.text(desk.counted) == "398"
    again = {
        box: "412",
        f"was-{desk.counted.pk}": carried(page, f"was-{desk.counted.pk}"),
        "version": carried(page, "version"),
    }
    assert ben.post(desk.url(), again).status_code == 409  # nobody chose yet
    assert desk.text(desk.counted) == "398"
    again |= {f"keep-{box}": choice(page, box, "mine")}
    assert ben.post(desk.url(), again).status_code == 302
    assert desk.text(desk.counted) == "412"


def test_without_a_mark_the_second_save_is_refused_as_well(desk: Desk) -> None:
    signed_in(desk.colleague).post(desk.url(), {f"value-{desk.ratio.pk}": "7", "version": "0"})
    response = signed_in(desk.reporter).post(desk.url(), {f"value-{desk.counted.pk}": "9", "version": "0"})
    assert response.status_code == 409
    assert desk.text(desk.counted) == ""


def test_what_others_saved_after_a_conflict_is_told_too(desk: Desk) -> None:
    ana, ben, box = signed_in(desk.colleague), signed_in(desk.reporter), f"value-{desk.counted.pk}"
    was = carried(page_of(ben.get(desk.url())), f"was-{desk.counted.pk}")
    ana.post(desk.url(), {box: "398", "version": "0"})
    page = page_of(ben.post(desk.url(), {box: "412", f"was-{desk.counted.pk}": was, "version": "0"}))
    ana.post(desk.url(), {box: "399", "version": "1"})
    again = {box: "412", f"was-{desk.counted.pk}": carried(page, f"was-{desk.counted.pk}"), "version": "1"}
    response = ben.post(desk.url(), again | {f"keep-{box}": choice(page, box, "mine")})
    assert response.status_code == 409
    assert "399" in said_at(page_of(response), box)
    assert desk.text(desk.counted) == "399"


# row by row --------------------------------------------------------------------------------------------


def test_a_row_is_saved_quietly(desk: Desk) -> None:
    client, pk = signed_in(desk.reporter), desk.counted.pk
    was = carried(page_of(client.get(desk.url())), f"was-{pk}")
    form = {f"value-{pk}": "12", f"value-{desk.women.pk}": "7", f"value-{desk.men.pk}": "", f"was-{pk}": was}
    response = client.post(desk.url("report-save"), form | {"version": "0"}, headers=QUIET)
    page = page_of(response)
    assert response.status_code == 200
    assert desk.text(desk.counted) == "12"
    assert carried(page, "version") == "1"
    assert "1 of 3 filled" in page
    assert "= 7 …" in page
    assert carried(page, f"was-{pk}") != was
    assert f'id="value-{pk}"' not in page  # nobody's typing is disturbed
    assert said_at(page, f"value-{desk.men.pk}") == ""


def test_a_row_says_what_is_wrong_with_it(desk: Desk) -> None:
    box = f"value-{desk.counted.pk}"
    response = signed_in(desk.reporter).post(
        desk.url("report-save"), {box: "-1", "version": "0"}, headers=QUIET
    )
    assert "negative" in said_at(page_of(response), box)
    assert desk.text(desk.counted) == "-1"


def test_a_row_that_is_refused_is_not_saved(desk: Desk) -> None:
    box = f"value-{desk.counted.pk}"
    response = signed_in(desk.reporter).post(
        desk.url("report-save"), {box: "1\x00", "version": "0"}, headers=QUIET
    )
    assert "Not saved" in page_of(response)
    assert "kept" in said_at(page_of(response), box)
    assert not Result.objects.exists()


def test_rows_of_two_people_do_not_disturb_each_other(desk: Desk) -> None:
    ben = signed_in(desk.reporter)
    shown = page_of(ben.get(desk.url()))
    save(report_id=desk.report.pk, by=desk.colleague, typed={desk.milestone.pk: Typed(value="no")}, version=0)
    form = {f"value-{desk.counted.pk}": "12", f"value-{desk.women.pk}": "7", f"value-{desk.men.pk}": "5"}
    form |= {f"was-{desk.counted.pk}": carried(shown, f"was-{desk.counted.pk}"), "version": "0"}
    page = page_of(ben.post(desk.url("report-save"), form, headers=QUIET))
    assert desk.text(desk.counted) == "12"
    assert 'id="version"' not in page  # what the other saved was not shown yet
    form = {f"value-{desk.milestone.pk}": "yes", "version": "0"}
    form |= {f"was-{desk.milestone.pk}": carried(shown, f"was-{desk.milestone.pk}")}
    page = page_of(ben.post(desk.url("report-save"), form, headers=QUIET))
    assert "Keep theirs (colleague" in page
    assert desk.text(desk.milestone) == "no"
    box = f"value-{desk.milestone.pk}"
    form |= {f"keep-{box}": choice(page, box, "mine")}
    ben.post(desk.url("report-save"), form, headers=QUIET)
    assert desk.text(desk.milestone) == "yes"


def test_without_htmx_a_row_is_a_form_like_any_other(desk: Desk) -> None:
    response = signed_in(desk.reporter).post(desk.url("report-save"), desk.full())
    assert response.status_code == 302
    assert desk.text(desk.counted) == "12"


# check and submit --------------------------------------------------------------------------------------


def test_check_lists_all_that_stands_in_the_way(desk: Desk) -> None:
    client = signed_in(desk.reporter)
    response = client.post(desk.url(), {f"value-{desk.counted.pk}": "12", "version": "0", "then": "check"})
    assert response["Location"] == desk.url("report-check")
    page = page_of(client.get(desk.url("report-check")))
    for box in (f"value-{desk.women.pk}", f"numerator-{desk.ratio.pk}", f"value-{desk.milestone.pk}"):
        assert f'href="{desk.url()}?check#{box}"' in page
    assert "Officers trained · women" in page
    loud = page_of(client.get(f"{desk.url()}?check"))
    assert "Give a value" in said_at(loud, f"numerator-{desk.ratio.pk}")
    assert said_at(page_of(client.get(desk.url())), f"numerator-{desk.ratio.pk}") == ""


def test_check_says_when_nothing_does(desk: Desk) -> None:
    client = signed_in(desk.reporter)
    client.post(desk.url(), desk.full())
    assert "Nothing stands in the way" in page_of(client.get(desk.url("report-check")))


def test_submit_saves_and_hands_in(desk: Desk) -> None:
    response = signed_in(desk.reporter).post(desk.url("report-submit"), desk.full(), follow=True)
    assert desk.now().state == State.SUBMITTED
    page = page_of(response)
    assert "The report was submitted." in page
    assert 'form="report"' not in page
    assert desk.text(desk.counted) == "12"
    assert not Entry.objects.exists()


def test_submit_says_everything_that_stands_in_the_way(desk: Desk) -> None:
    response = signed_in(desk.reporter).post(
        desk.url("report-submit"),
        desk.full() | {f"value-{desk.milestone.pk}": "", f"day-{desk.milestone.pk}": ""},
    )
    page = page_of(response)
    assert response.status_code == 422
    assert f'<a href="#value-{desk.milestone.pk}">Plan adopted</a>' in page
    assert "Give a value" in said_at(page, f"value-{desk.milestone.pk}")
    assert desk.text(desk.counted) == "12"  # what is right was saved
    assert desk.now().state == State.DRAFT


def test_submit_of_what_was_not_looked_at(desk: Desk) -> None:
    client = signed_in(desk.reporter)
    client.post(desk.url(), desk.full())
    save(report_id=desk.report.pk, by=desk.colleague, typed={desk.counted.pk: Typed(value="13")}, version=1)
    response = client.post(desk.url("report-submit"), {"version": "1"})
    assert response.status_code == 409
    assert "Look at it again before you submit." in page_of(response)
    assert desk.now().state == State.DRAFT


def test_submit_before_the_period_ends() -> None:
    desk = make_desk()
    report = make.make_report(desk.program, desk.site, make.make_period("2031 Q1"))
    client = signed_in(desk.reporter)
    page = page_of(client.get(f"/reports/{report.pk}/check/"))
    assert "The period 2031 Q1 has not ended" in page
    response = client.post(f"/reports/{report.pk}/submit/", {"version": "0"})
    assert response.status_code == 422
    assert "The period 2031 Q1 has not ended" in page_of(response)


def test_a_program_where_nobody_else_can_approve_is_told_so(desk: Desk) -> None:
    text = "Nobody else can approve this report"
    client = signed_in(desk.manager)
    assert text not in page_of(client.get(desk.url()))
    desk.other_manager.assignments.all().delete()
    assert text in page_of(client.get(desk.url()))
    assert text not in page_of(signed_in(desk.reporter).get(desk.url()))


@pytest.mark.parametrize("name", ["report-save", "report-submit"])
def test_only_by_post(desk: Desk, name: str) -> None:
    assert signed_in(desk.reporter).get(desk.url(name)).status_code == 405


def test_the_explanation_that_is_needed_is_asked_for_in_its_row(desk: Desk) -> None:
    from indicators.actions.planning import Plan, set_plans
    from indicators.periods import quarter

    plan = Plan(desk.counted.indicator_id, quarter(2026, 3), Typed(value="20"), site_id=desk.site.pk)
    set_plans(program_id=desk.program.pk, by=desk.manager, plans=[plan], reason="the plan")
    page = page_of(signed_in(desk.reporter).post(desk.url(), desk.full(), follow=True))
    assert "40 % under" in page
    assert "Say why this is behind its target." in said_at(page, f"explanation-{desk.counted.pk}")
    row = page[page.index(f'id="row-{desk.counted.pk}"') : page.index(f'id="row-{desk.ratio.pk}"')]
    assert "<details open>" in row


# how many queries --------------------------------------------------------------------------------------


def grown(indicators: int, sites: int) -> Report:
    """A filled draft of a program of this size, whose reporter is called "one"."""
    program = make.make_program(code=f"G{indicators}x{sites}")
    person, manager = make.make_user(username=f"one{indicators}x{sites}"), make.make_user()
    make.assign(person, program, "reporter")
    make.assign(manager, program, "manager")
    places = [make.make_site(program) for _ in range(sites)]
    objective, dimension = make.make_objective(program), make.make_dimension()
    found = [make.make_indicator(objective=objective) for _ in range(indicators)]
    for indicator in found:
        make.break_down(indicator, dimension)
    lay_series(indicators=found)
    report = make.make_report(program, places[0])
    series = Series.objects.filter(site=places[0])
    values = {one: "4" if one.category_id is None else "2" for one in series}
    return save(report_id=report.pk, by=person, typed=make.typed(values), version=0)


def asked(
    client: Client, url: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url) if form is None else client.post(url, form, headers=headers)
    assert response.status_code in (200, 302)
    return len(queries)


def test_the_number_of_queries_does_not_grow() -> None:
    seen = []
    for report in (grown(5, 1), grown(50, 20)):
        person = report.saved_by
        assert person
        client, url = signed_in(person), f"/reports/{report.pk}/"
        client.get(url)
        one = Series.objects.filter(site=report.site, category=None).earliest("pk")
        page = asked(client, url)
        check = asked(client, f"{url}check/")
        row = asked(client, f"{url}save/", {f"value-{one.pk}": "5", "version": "1"}, headers=QUIET)
        every = {
            f"value-{it.pk}": "4" if it.category_id is None else "2"
            for it in Series.objects.filter(site=report.site)
        }
        whole = asked(client, url, every | {"version": "2"})
        handed_in = asked(client, f"{url}submit/", {"version": "3"})
        assert Report.objects.get(pk=report.pk).state == State.SUBMITTED
        seen.append((page, check, row, whole, handed_in))
    assert seen[0] == seen[1]
    page, check, *changes = seen[0]
    assert page <= 12
    assert check <= 12
    assert max(changes) <= 25
