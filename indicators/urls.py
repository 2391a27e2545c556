from django.urls import path

from indicators import views

urlpatterns = [
    path("my-work/", views.my_work, name="my-work"),
    path("reports/", views.report_list, name="report-list"),
    path("reports/<int:pk>/", views.report_entry, name="report-entry"),
    path("reports/<int:pk>/save/", views.report_save, name="report-save"),
    path("reports/<int:pk>/check/", views.report_check, name="report-check"),
    path("reports/<int:pk>/submit/", views.report_submit, name="report-submit"),
    path("reports/<int:pk>/review/", views.report_review, name="report-review"),
    path("reports/<int:pk>/send-back/", views.report_send_back, name="report-send-back"),
    path("reports/<int:pk>/approve/", views.report_approve, name="report-approve"),
    path("reports/<int:pk>/reopen/", views.report_reopen, name="report-reopen"),
    path("evidence/<int:evidence>/", views.evidence, name="evidence"),
    path("programs/<str:code>/targets/<int:year>/", views.targets, name="targets"),
    path("programs/<str:code>/plan/", views.plan_set, name="plan-set"),
]
