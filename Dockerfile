# azu, with what it loads: for projects whose migrations are SQL, and for azu db:create and the like.
# A project with migrations in Swift has a program of its own, Migrations, that needs the same libraries.
#
#     docker build -t azu .
#     docker run --rm -e DATABASE_URL -v "$PWD:/project" azu db:data:migrate

FROM swift:6.2-bookworm AS builder
RUN apt-get update \
    && apt-get install -y --no-install-recommends binutils libpq-dev libsqlite3-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN script/package --into /dist \
    && mkdir /azu \
    && tar -xzf /dist/azu-*.tar.gz -C /azu --strip-components 1

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libpq5 libsqlite3-0 libstdc++6 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home azu \
    && mkdir /project \
    && chown azu: /project
COPY --from=builder /azu /usr/local
USER azu
WORKDIR /project
ENTRYPOINT ["azu"]
CMD ["--help"]
