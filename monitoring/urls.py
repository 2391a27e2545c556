from django.contrib import admin
from django.urls import include, path

from monitoring import views
from programs.views.account import language_switch

handler400 = "monitoring.limits.bad_request"

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("favicon.ico", views.icon, name="icon"),
    path("language/", language_switch, name="set_language"),
    path("admin/", admin.site.urls),
    path("", include("programs.urls")),
    path("", include("indicators.urls")),
    path("portfolio/", views.portfolio, name="portfolio"),
    path("performance/", views.performance_choose, name="performance-choose"),
    path("programs/", views.program_list, name="program-list"),
    path("programs/<str:code>/", views.program, name="program"),
    path("programs/<str:code>/performance/", views.performance, name="performance"),
    path(
        "programs/<str:code>/performance/parts/<str:indicator_code>/",
        views.performance_parts,
        name="performance-parts",
    ),
    path("programs/<str:code>/ledger/<int:number>/", views.entry, name="entry"),
    path("programs/<str:code>/indicators/<str:indicator_code>/", views.indicator, name="indicator"),
    path(
        "programs/<str:code>/indicators/<str:indicator_code>/figures/<str:period>/",
        views.figure,
        name="figure",
    ),
]
