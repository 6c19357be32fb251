"""Make the demo, or leave it as it is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from apps.accounts.models import Organization
from portal import env
from portal.demo import lake
from portal.demo.catalog import register_assets
from portal.demo.labels import label_photographs
from portal.demo.people import CODE, found_company
from portal.demo.records import keep_labeling_policy, keep_records
from portal.demo.requests import ask
from portal.demo.reviews import review
from portal.demo.rules import draft_rules, publish_rules
from portal.demo.systems import keep_systems


class Command(BaseCommand):
    help = "Make the demo company, its records, assets and requests; nothing, where they are there."

    def handle(self, *args: Any, **options: Any) -> None:
        lake.fill_lake()
        if Organization.objects.filter(code=CODE).exists():
            lake.follow_address()
            return
        with transaction.atomic():
            company = found_company(env.demo_password())
            connection = lake.connect(company)
            assets = register_assets(company, connection)
            purposes = keep_records(company, assets)
            photographs = assets["Core photographs"]
            policy = keep_labeling_policy(company, purposes["rock"], photographs)
            model = label_photographs(company, connection, photographs, policy)
            keep_systems(company, assets, purposes, model)
            publish_rules(company)
            ask(company, assets, purposes)
            review(company)
            draft_rules(company)
