"""The pages in a real browser: Debian's Chromium, led by Playwright.

None of these tests asks for pytest-django's `db`, so `-m django_db` leaves all of them out: they run once.
"""
