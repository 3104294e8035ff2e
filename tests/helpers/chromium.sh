#!/bin/sh
# Makes sure that the browser tests find a Chromium: one that is here, Playwright's own, or Debian's as root.
set -u
cd "$(dirname "$0")/../.." || exit 1
find_chromium() { .venv/bin/python -m tests.helpers.chromium >/dev/null 2>&1; }

find_chromium && exit 0
echo "No Chromium found: installing one for the browser tests." >&2
.venv/bin/playwright install chromium >/dev/null 2>&1 && find_chromium && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq >/dev/null 2>&1
  apt-get install -y -qq chromium >/dev/null 2>&1
  find_chromium && exit 0
fi
echo "No Chromium could be installed: the browser tests are skipped. Install Chromium or Chrome to run them." >&2
[ "${CI:-}" = true ] && exit 1
exit 0
