from django.urls import path

from apps.console.views import (
    assets,
    catalog,
    classification,
    decisions,
    design,
    grants,
    home,
    requests,
    versions,
)

app_name = "console"

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("catalog/", catalog.Catalog.as_view(), name="catalog"),
    path("register/", assets.RegisterAsset.as_view(), name="register-asset"),
    path("catalog/<uuid:asset_id>/", assets.Asset.as_view(), name="asset"),
    path("catalog/<uuid:asset_id>/edit/", assets.EditAsset.as_view(), name="edit-asset"),
    path("catalog/<uuid:asset_id>/publish/", assets.PublishAsset.as_view(), name="publish-asset"),
    path("catalog/<uuid:asset_id>/retire/", assets.RetireAsset.as_view(), name="retire-asset"),
    path(
        "catalog/<uuid:asset_id>/versions/new/",
        versions.RegisterVersion.as_view(),
        name="register-version",
    ),
    path(
        "catalog/<uuid:asset_id>/locations/new/",
        versions.RegisterLocation.as_view(),
        name="register-location",
    ),
    path("classify/", classification.Queue.as_view(), name="classification"),
    path("classify/<uuid:version_id>/", classification.Workbench.as_view(), name="classify"),
    path(
        "classify/<uuid:version_id>/lowering/",
        classification.DecideLowering.as_view(),
        name="decide-lowering",
    ),
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
    path("design/", design.Design.as_view(), name="design"),
]
