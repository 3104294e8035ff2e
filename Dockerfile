# The site as a container: built once with its content and a warm cache, run as `nobody` with a read-only root.
FROM python:3.13-slim AS build
WORKDIR /site
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# Stops at errors in the content, and leaves in .cache/ everything a server would have to compute: texts and pictures.
RUN /venv/bin/flask freeze --no-search --out /tmp/warm && rm -r /tmp/warm

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PORT=8000 WEB_CONCURRENCY=2
WORKDIR /site
COPY --from=build /venv /venv
COPY --from=build /site /site
USER nobody
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz')"]
CMD ["sh", "-c", "exec granian --interface wsgi --host 0.0.0.0 --port $PORT --workers $WEB_CONCURRENCY --blocking-threads 16 --respawn-failed-workers --workers-kill-timeout 10 app:app"]
