from django.urls import path

from apps.console.views import catalog, decisions, design, figures, grants, home, requests, settings

app_name = "console"

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("catalog/", catalog.Catalog.as_view(), name="catalog"),
    path("catalog/<uuid:asset_id>/", catalog.Asset.as_view(), name="asset"),
    path("catalog/<uuid:asset_id>/lineage/", figures.Lineage.as_view(), name="lineage"),
    path("catalog/<uuid:asset_id>/request/", requests.Ask.as_view(), name="ask"),
    path("requests/", requests.Requests.as_view(), name="requests"),
    path("requests/<uuid:request_id>/", requests.Request.as_view(), name="request"),
    path("requests/<uuid:request_id>/change/", requests.AskAgain.as_view(), name="ask-again"),
    path("requests/<uuid:request_id>/withdraw/", requests.Withdraw.as_view(), name="withdraw"),
    path("inbox/", decisions.Inbox.as_view(), name="inbox"),
    path("inbox/<uuid:request_id>/", decisions.Decide.as_view(), name="decide"),
    path("my-access/", grants.Grants.as_view(), name="grants"),
    path("my-access/<uuid:grant_id>/", grants.Grant.as_view(), name="grant"),
    path("my-access/<uuid:grant_id>/key/", grants.TakeKey.as_view(), name="take-key"),
    path("my-access/<uuid:grant_id>/revoke/", grants.Revoke.as_view(), name="revoke"),
    path("my-access/<uuid:grant_id>/give-back/", grants.GiveBack.as_view(), name="give-back"),
    path("my-access/keys/<uuid:lease_id>/revoke/", grants.CutKey.as_view(), name="cut-key"),
    path("overview/", figures.Overview.as_view(), name="overview"),
    path("settings/", settings.Settings.as_view(), name="settings"),
    path("design/", design.Design.as_view(), name="design"),
]
