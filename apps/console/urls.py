from django.urls import path, register_converter

from apps.console.records import KINDS, KindConverter
from apps.console.views import (
    catalog,
    decisions,
    design,
    drafts,
    figures,
    grants,
    home,
    lakes,
    records,
    requests,
    settings,
    trail,
)

app_name = "console"

register_converter(KindConverter, "kind")

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
    path("lakes/", lakes.Lakes.as_view(), name="lakes"),
    path("lakes/new/", lakes.Connect.as_view(), name="lake-new"),
    path("lakes/<uuid:lake_id>/", lakes.Lake.as_view(), name="lake"),
    path("lakes/<uuid:lake_id>/change/", lakes.Change.as_view(), name="lake-change"),
    path("lakes/<uuid:lake_id>/test/", lakes.Test.as_view(), name="lake-test"),
    path("trail/", trail.Trail.as_view(), name="trail"),
    path("trail/<uuid:event_id>/", trail.Entry.as_view(), name="trail-entry"),
    path("settings/", settings.Settings.as_view(), name="settings"),
    *(
        path(f"records/{slug}/", records.Records.as_view(), {"kind": kind}, name=slug)
        for slug, kind in KINDS.items()
    ),
    path("records/<kind:kind>/new/", drafts.Write.as_view(), name="record-new"),
    path("records/<kind:kind>/<uuid:record_id>/", records.Record.as_view(), name="record"),
    path("records/<kind:kind>/<uuid:record_id>/edit/", drafts.Edit.as_view(), name="record-edit"),
    path("records/<kind:kind>/<uuid:record_id>/submit/", drafts.Submit.as_view(), name="record-submit"),
    path("records/<kind:kind>/<uuid:record_id>/review/", drafts.Review.as_view(), name="record-review"),
    path("records/<kind:kind>/<uuid:record_id>/changes/", records.Changes.as_view(), name="record-changes"),
    path("records/<kind:kind>/<uuid:record_id>/<slug:act>/", records.Perform.as_view(), name="record-act"),
    path("design/", design.Design.as_view(), name="design"),
]
